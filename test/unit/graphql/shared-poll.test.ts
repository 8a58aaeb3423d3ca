import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createSharedPoll } from '../../../src/graphql/event/shared-poll.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function polled() {
  const state = { value: 'a', reads: 0, broken: false };
  const lines: string[] = [];
  const note = (_fields: object, message: string) => void lines.push(message);
  const poll = createSharedPoll(
    async () => {
      state.reads += 1;
      if (state.broken) throw new Error('no database');
      return { value: state.value };
    },
    { gapMs: 1_000, log: { info: note, warn: note, error: note } },
  );
  const follow = () => {
    const seen: string[] = [];
    const stream = poll.follow();
    void (async () => {
      for await (const { value } of stream) seen.push(value);
      seen.push('over');
    })();
    return { seen, leave: () => stream.return?.() };
  };
  return { state, follow, lines, poll };
}
const after = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

test('many are told by one read, at once and after a change only', async () => {
  const { state, follow } = polled();
  await after(5_000);
  expect(state.reads).toBe(0);
  const first = follow();
  await after(2_500);
  const second = follow();
  await after(0);
  expect([first.seen, second.seen, state.reads]).toEqual([['a'], ['a'], 3]);
  state.value = 'b';
  await after(1_000);
  expect([first.seen, second.seen, state.reads]).toEqual([['a', 'b'], ['a', 'b'], 4]);
});

test('nobody is polled for once all have left, and who comes later is told anew', async () => {
  const { state, follow } = polled();
  const first = follow();
  await after(0);
  await first.leave();
  await after(10_000);
  expect([first.seen, state.reads, vi.getTimerCount()]).toEqual([['a', 'over'], 1, 0]);
  state.value = 'b';
  const second = follow();
  await after(0);
  expect(second.seen).toEqual(['b']);
});

test('a read that fails is tried again', async () => {
  const { state, follow, lines } = polled();
  state.broken = true;
  const { seen } = follow();
  await after(0);
  state.broken = false;
  await after(1_000);
  expect(seen).toEqual(['a']);
  expect(lines).toHaveLength(1);
});

test('who asks once more after leaving is followed no more', async () => {
  const { state, poll } = polled();
  const stream = poll.follow();
  expect(await stream.next()).toEqual({ done: false, value: { value: 'a' } });
  await stream.return?.();
  expect(await stream.next()).toEqual({ done: true, value: undefined });
  await after(10_000);
  expect([state.reads, vi.getTimerCount()]).toEqual([1, 0]);
});
