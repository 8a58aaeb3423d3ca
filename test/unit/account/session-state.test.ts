import { expect, test } from 'vitest';
import {
  SESSION_IDLE_MS,
  SESSION_LOCK_MS,
  SESSION_MAX_MS,
  sessionState,
} from '../../../src/domain/account/session-state.ts';

const CREATED = new Date('2026-03-01T00:00:00Z');
const after = (ms: number): Date => new Date(CREATED.getTime() + ms);
const state = (hasPin: boolean, activeMs: number, atMs: number) =>
  sessionState({ createdAt: CREATED, activeAt: after(activeMs), hasPin }, after(atMs));

test('the figures are those of the features', () => {
  expect([SESSION_IDLE_MS, SESSION_LOCK_MS, SESSION_MAX_MS]).toEqual([21_600_000, 900_000, 2_592_000_000]);
});

test('without PIN a session is open for six idle hours and over with the last millisecond of them', () => {
  expect(state(false, 1000, SESSION_IDLE_MS + 999)).toEqual({
    state: 'OPEN',
    validUntil: after(SESSION_IDLE_MS + 1000),
  });
  expect(state(false, 1000, SESSION_IDLE_MS + 1000)).toMatchObject({ state: 'OVER' });
});

test('with PIN it is locked after fifteen idle minutes, and over only after thirty days', () => {
  expect(state(true, 1000, SESSION_LOCK_MS + 999)).toEqual({
    state: 'OPEN',
    validUntil: after(SESSION_LOCK_MS + 1000),
  });
  const locked = { state: 'LOCKED', validUntil: after(SESSION_MAX_MS) };
  expect(state(true, 1000, SESSION_LOCK_MS + 1000)).toEqual(locked);
  expect(state(true, 1000, SESSION_MAX_MS - 1)).toEqual(locked);
  expect(state(true, 1000, SESSION_MAX_MS)).toMatchObject({ state: 'OVER' });
});

test.each([true, false])('however active (PIN: %s), it is over after thirty days', (hasPin) => {
  const active = SESSION_MAX_MS - 1000;
  expect(state(hasPin, active, SESSION_MAX_MS - 1)).toEqual({
    state: 'OPEN',
    validUntil: after(SESSION_MAX_MS),
  });
  expect(state(hasPin, active, SESSION_MAX_MS)).toMatchObject({ state: 'OVER' });
});

test('activity that was noted by a clock ahead of this one keeps it open', () => {
  expect(state(false, 5000, 1000)).toMatchObject({ state: 'OPEN' });
});
