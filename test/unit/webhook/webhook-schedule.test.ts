import { expect, test } from 'vitest';
import { webhookDelay } from '../../../src/domain/webhook/webhook-schedule.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

test('the short schedule is the seed’s: 10 s, five times, no more and no less', () => {
  const delays = [1, 2, 3, 4, 5, 6].map((attempts) => webhookDelay('SHORT', 'any', attempts));
  expect(delays).toEqual([10_000, 10_000, 10_000, 10_000, 10_000, null]);
});

test.each([
  [1, 5 * SECOND],
  [2, 5 * MINUTE],
  [3, 30 * MINUTE],
  [4, 2 * HOUR],
  [5, 5 * HOUR],
  [6, 10 * HOUR],
  [7, 10 * HOUR],
])('after attempt %i the long schedule waits %i ms and a fifth at most', (attempts, least) => {
  const delays = Array.from({ length: 200 }, (_, n) => webhookDelay('LONG', `delivery ${n}`, attempts) ?? 0);
  expect(Math.min(...delays)).toBeGreaterThanOrEqual(least);
  expect(Math.max(...delays)).toBeLessThanOrEqual(least * 1.2);
  // What failed together is not repeated together, and always at the same time.
  expect(new Set(delays).size).toBeGreaterThan(100);
  expect(webhookDelay('LONG', 'delivery 7', attempts)).toBe(delays[7]);
});

test('after the eighth attempt there is none', () => {
  expect(webhookDelay('LONG', 'any', 8)).toBeNull();
  expect(webhookDelay('LONG', 'any', 8, 60)).toBeNull();
});

test.each([
  ['longer than the schedule', 120, 120 * SECOND],
  ['shorter', 1, 10 * SECOND],
  ['none', 0, 10 * SECOND],
  ['of the past', -5, 10 * SECOND],
  ['for a day', 86_400, HOUR],
])(
  'what the other side asks for (%s) makes the wait longer only, and an hour at most',
  (_name, asked, expected) => {
    expect(webhookDelay('SHORT', 'any', 1, asked)).toBe(expected);
  },
);
