import { expect, test } from 'vitest';
import { failuresAfter, hasFailedTooOften } from '../../../src/domain/payout/auto-withdrawal.ts';

test('only failures in a row end a rule', () => {
  expect(failuresAfter(0, [])).toBe(0);
  expect(failuresAfter(3, ['FAILED'])).toBe(4);
  expect(failuresAfter(4, ['ARRIVED', 'FAILED'])).toBe(1);
  expect(failuresAfter(4, ['FAILED', 'ARRIVED'])).toBe(0);
  expect([4, 5, 6].map(hasFailedTooOften)).toEqual([false, true, true]);
});
