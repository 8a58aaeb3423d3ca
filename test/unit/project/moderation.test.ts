import { describe, expect, test } from 'vitest';
import {
  identityChange,
  liveBarrier,
  moderationAfter,
  newBarrier,
  type Moderation,
  type ModerationStep,
} from '../../../src/domain/project/moderation.ts';

const STATES: readonly Moderation[] = ['NOT_REQUESTED', 'ON_MODERATION', 'ACTIVE', 'REJECTED', 'BLOCKED'];
const STEPS: readonly ModerationStep[] = ['REQUEST', 'REVIEW_AGAIN', 'APPROVE', 'REJECT', 'BLOCK', 'UNBLOCK'];

/** FEATURES C2 and DESIGN §5, with what takes a block off and what a new site means. */
const ALLOWED: readonly (readonly [Moderation, ModerationStep, Moderation])[] = [
  ['NOT_REQUESTED', 'REQUEST', 'ON_MODERATION'],
  ['REJECTED', 'REQUEST', 'ON_MODERATION'],
  ['ON_MODERATION', 'APPROVE', 'ACTIVE'],
  ['ON_MODERATION', 'REJECT', 'REJECTED'],
  ['ACTIVE', 'BLOCK', 'BLOCKED'],
  ['ACTIVE', 'REVIEW_AGAIN', 'ON_MODERATION'],
  ['BLOCKED', 'UNBLOCK', 'ACTIVE'],
];

test('moderation takes these steps and no others', () => {
  for (const state of STATES) {
    for (const step of STEPS) {
      const row = ALLOWED.find(([from, by]) => from === state && by === step);
      expect(moderationAfter(state, step), `${state} ${step}`).toBe(row?.[2] ?? null);
    }
  }
});

test('only an operator’s approval leads to ACTIVE', () => {
  for (const state of STATES) {
    for (const step of STEPS.filter((s) => s !== 'APPROVE' && s !== 'UNBLOCK')) {
      expect(moderationAfter(state, step)).not.toBe('ACTIVE');
    }
  }
});

test('a name or site that somebody looks at, or that was blocked, is fixed', () => {
  expect(STATES.map(identityChange)).toEqual(['FREE', 'FIXED', 'REVIEW_AGAIN', 'FREE', 'FIXED']);
});

describe('what a project takes', () => {
  test('is live money in one state only', () => {
    expect(STATES.filter((moderation) => liveBarrier({ moderation }) === null)).toEqual(['ACTIVE']);
    expect(liveBarrier({ moderation: 'BLOCKED' })).toMatch(/blocked/);
  });

  test('is nothing new in the archive, in either mode, and tests in every state', () => {
    for (const moderation of STATES) {
      expect(newBarrier({ moderation, archivedAt: null }, 'TEST')).toBeNull();
      for (const mode of ['TEST', 'LIVE'] as const) {
        expect(newBarrier({ moderation, archivedAt: new Date() }, mode)).toMatch(/archived/);
      }
    }
  });
});
