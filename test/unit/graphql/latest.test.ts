import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { latest } from '../../../src/graphql/event/latest.ts';
import { endable } from '../../../src/graphql/event/endable.ts';

const GAP_MS = 250;

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A source that the test feeds. */
function source() {
  const waiting: PromiseWithResolvers<IteratorResult<number, undefined>>[] = [];
  const ready: Promise<IteratorResult<number, undefined>>[] = [];
  const settle = (outcome: Promise<IteratorResult<number, undefined>>) => {
    outcome.catch(() => undefined);
    const first = waiting.shift();
    if (first) first.resolve(outcome);
    else ready.push(outcome);
  };
  const left = { times: 0 };
  const next = (): Promise<IteratorResult<number, undefined>> => {
    const later = Promise.withResolvers<IteratorResult<number, undefined>>();
    const first = ready.shift();
    if (first) return first;
    waiting.push(later);
    return later.promise;
  };
  return {
    left,
    stream: endable(next, () => {
      left.times += 1;
      settle(Promise.resolve({ done: true, value: undefined }));
    }),
    push: (value: number) => settle(Promise.resolve({ done: false, value })),
    end: () => settle(Promise.resolve({ done: true, value: undefined })),
    fail: (fault: Error) => settle(Promise.reject(fault)),
  };
}

/** What was given so far, and when, in milliseconds from the beginning. */
function follow(stream: AsyncIterable<number>) {
  const began = performance.now();
  const given: (readonly [number, number])[] = [];
  const over = (async () => {
    for await (const item of stream) given.push([item, Math.round(performance.now() - began)]);
  })();
  over.catch(() => undefined);
  return { given, over };
}

const after = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

test('the first comes at once, a burst as its last one after the gap', async () => {
  const { stream, push } = source();
  const { given } = follow(latest(stream, GAP_MS));
  push(1);
  await after(0);
  for (const n of [2, 3, 4]) {
    await after(10);
    push(n);
  }
  await after(1_000);
  expect(given).toEqual([
    [1, 0],
    [4, 250],
  ]);
  push(5);
  await after(0);
  expect(given.at(-1)).toEqual([5, 1_030]);
});

test('a steady stream is given once in a gap, and its last one too', async () => {
  const { stream, push } = source();
  const { given } = follow(latest(stream, GAP_MS));
  for (let n = 1; n <= 100; n++) {
    push(n);
    await after(10);
  }
  await after(GAP_MS);
  expect(given.map(([, at]) => at)).toEqual([0, 250, 500, 750, 1_000]);
  expect(given.at(-1)?.[0]).toBe(100);
});

test('an end tells what is left first, a fault as well', async () => {
  for (const failure of [null, new Error('a fault')]) {
    const { stream, push, end, fail } = source();
    const { given, over } = follow(latest(stream, GAP_MS));
    push(1);
    await after(0);
    push(2);
    if (failure) fail(failure);
    else end();
    await (failure ? expect(over).rejects.toBe(failure) : over);
    expect(given.map(([item]) => item)).toEqual([1, 2]);
  }
});

test('whoever leaves while it waits is let go at once, and the source is left', async () => {
  const { stream, push, left } = source();
  const stopped = latest(stream, GAP_MS);
  push(1);
  expect(await stopped.next()).toEqual({ done: false, value: 1 });
  push(2);
  const waiting = stopped.next();
  await after(10);
  await stopped.return?.();
  expect((await waiting).done).toBe(true);
  expect(left.times).toBe(1);
  expect(vi.getTimerCount()).toBe(0);
});
