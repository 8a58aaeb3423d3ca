import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  createEndpointPlaces,
  type EndpointPlace,
  type EndpointPlaces,
} from '../../../src/usecases/webhook/endpoint-places.ts';

let places: EndpointPlaces;
beforeEach(() => {
  vi.useFakeTimers();
  places = createEndpointPlaces(Date.now);
});
afterEach(() => void vi.useRealTimers());

const enter = async (endpointId = 'a'): Promise<EndpointPlace> => {
  const place = await places.enter(endpointId);
  if (typeof place === 'number') throw new Error(`put off by ${place} ms`);
  place.begin();
  return place;
};
const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

test('an endpoint has four places; others wait for their turn, in order, and no other endpoint waits', async () => {
  const taken = [await enter(), await enter(), await enter(), await enter()];
  const came: number[] = [];
  const waiting = [1, 2].map(async (n) => {
    const place = await enter();
    came.push(n);
    return place;
  });
  await enter('b');
  await pass(10);
  expect(came).toEqual([]);
  taken[3]?.leave();
  taken[3]?.leave();
  await pass(10);
  expect(came).toEqual([1]);
  taken[0]?.leave();
  await Promise.all(waiting);
  expect(came).toEqual([1, 2]);
});

test('nobody waits longer than a second, nor behind sixteen others', async () => {
  for (let i = 0; i < 4; i += 1) await places.enter('a');
  const waiting = Array.from({ length: 16 }, () => places.enter('a'));
  expect(await places.enter('a')).toBe(1_000);
  await pass(1_000);
  expect(await Promise.all(waiting)).toEqual(Array(16).fill(1_000));
});

test('a slow endpoint has one place for a minute, and one who waits for it', async () => {
  const slow = await enter();
  await pass(999);
  (await enter()).leave();
  await pass(1);
  const waits = places.enter('a');
  expect(await places.enter('a')).toBe(1_000);
  await pass(500);
  slow.leave();
  const next = await waits;
  if (typeof next === 'number') throw new Error('put off');
  const after = places.enter('a');
  expect([await places.enter('a'), await places.enter('a')]).toEqual([2_000, 3_500]);
  next.leave();
  const last = await after;
  if (typeof last !== 'number') last.leave();
  await pass(59_999);
  const one = await enter();
  const other = places.enter('a');
  expect(await places.enter('a')).toEqual(expect.any(Number));
  one.leave();
  await other;
  await pass(1);
  await enter();
  await enter();
});

test.each([
  [500, 1_500],
  [300, 5_000],
  [2_000, 1_200],
])(
  '%i messages to an endpoint that takes %i ms for each go out as fast as it takes them',
  async (count, answers) => {
    const first = await enter();
    await pass(answers);
    first.leave();
    let [sent, asked] = [0, 0];
    const send = async (): Promise<void> => {
      for (;;) {
        asked += 1;
        const place = await places.enter('a');
        if (typeof place !== 'number') {
          place.begin();
          await delay(answers);
          place.leave();
          sent += 1;
          return;
        }
        // Found at the next look for jobs, once a second.
        await delay(Math.ceil(place / 1_000) * 1_000);
      }
    };
    const delay = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
    for (let i = 0; i < count; i += 1) void send();
    const minutes = 10;
    await pass(minutes * 60_000);
    const possible = Math.min(count, (minutes * 60_000) / answers);
    expect(sent).toBeGreaterThan(possible * 0.8);
    // Each asks about once in five minutes.
    expect(asked).toBeLessThan(count * 5);
  },
);

test('what takes long before the request goes out is not the endpoint’s fault', async () => {
  const place = await places.enter('a');
  await pass(5_000);
  if (typeof place !== 'number') place.leave();
  await enter();
  await enter();
});
