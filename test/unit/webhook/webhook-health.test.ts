import { describe, expect, test } from 'vitest';
import {
  disablesAt,
  FRESH_HEALTH,
  healthAfter,
  pauseAfter,
  type WebhookHealth,
} from '../../../src/domain/webhook/webhook-health.ts';

const HOUR = 3_600_000;
const START = new Date('2026-01-01T00:00:00Z');
const after = (hours: number): Date => new Date(START.getTime() + hours * HOUR);
const fresh: WebhookHealth = { isEnabled: true, ...FRESH_HEALTH };
const failing: WebhookHealth = { ...fresh, failingSince: START };
const warned: WebhookHealth = { ...failing, warnedAt: after(60) };

test('the pause begins with the third silence, doubles, and ends at five minutes', () => {
  const pauses = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 60].map(pauseAfter);
  expect(pauses.map((ms) => ms / 1000)).toEqual([0, 0, 0, 10, 20, 40, 80, 160, 300, 300, 300]);
});

describe('after an attempt', () => {
  test('a success begins a clean record', () => {
    const worst = { ...warned, silences: 9, pausedUntil: after(1) };
    expect(healthAfter(worst, 'SUCCESS', after(200))).toEqual({ health: fresh, tells: null });
    expect(healthAfter({ ...worst, isEnabled: false }, 'SUCCESS', after(200)).health.isEnabled).toBe(false);
  });

  test('any answer ends the silence, and a failure is counted from the first', () => {
    const silent = { ...failing, silences: 5, pausedUntil: after(1) };
    expect(healthAfter(silent, 'FAILURE', after(1))).toEqual({ health: failing, tells: null });
    expect(healthAfter(fresh, 'FAILURE', START).health.failingSince).toEqual(START);
  });

  test('a silence is one more, with its pause', () => {
    expect(healthAfter({ ...failing, silences: 1 }, 'SILENCE', START).health).toEqual({
      ...failing,
      silences: 2,
    });
    expect(healthAfter({ ...failing, silences: 2 }, 'SILENCE', START).health).toEqual({
      ...failing,
      silences: 3,
      pausedUntil: new Date(START.getTime() + 10_000),
    });
  });

  test('410 disables it at once, whatever was before, and once', () => {
    expect(healthAfter(fresh, 'GONE', START)).toMatchObject({
      health: { isEnabled: false },
      tells: 'DISABLED_GONE',
    });
    expect(healthAfter({ ...fresh, isEnabled: false }, 'GONE', START).tells).toBeNull();
  });

  test.each([
    ['before half', failing, 59.99, null, true],
    ['at half', failing, 60, 'FAILING', true],
    ['once only', warned, 61, null, true],
    ['before the end', warned, 119.99, null, true],
    ['at the end', warned, 120, 'DISABLED_FAILING', false],
    ['late, without a warning', failing, 500, 'FAILING', true],
    ['soon after a late warning', { ...failing, warnedAt: after(500) }, 523.99, null, true],
    ['a day after a late warning', { ...failing, warnedAt: after(500) }, 524, 'DISABLED_FAILING', false],
    ['when it is disabled', { ...warned, isEnabled: false }, 120, null, false],
  ])('failing for days, %s', (_name, before, hours, tells, isEnabled) => {
    for (const verdict of ['FAILURE', 'SILENCE'] as const) {
      const found = healthAfter(before, verdict, after(hours));
      expect([found.tells, found.health.isEnabled]).toEqual([tells, isEnabled]);
    }
  });
});

test('the warning says when it will be disabled: never sooner than in a day', () => {
  expect(disablesAt(START, after(60))).toEqual(after(120));
  expect(disablesAt(START, after(500))).toEqual(after(524));
});
