import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { activeHold, HOLD_MS, type WithdrawalHold } from '../../../src/domain/access/withdrawal-hold.ts';
import { withdrawalVerdict, type ListedAddress } from '../../../src/domain/access/withdrawal-rule.ts';

const START = Date.UTC(2026, 0, 1);
const DAY = 24 * 3_600_000;
const reasons = ['PASSWORD_CHANGED', 'API_KEY_CHANGED', 'WHITELIST_DISABLED', 'EMAIL_CHANGED'] as const;

/** Security changes at moments of ten days, in no order. */
const anyHolds = fc.array(
  fc.record({ reason: fc.constantFrom(...reasons), at: fc.integer({ min: START, max: START + 10 * DAY }) }),
  { maxLength: 12 },
);
const anyMoment = fc.integer({ min: START, max: START + 12 * DAY }).map((ms) => new Date(ms));
const holdOf = ({ reason, at }: { reason: (typeof reasons)[number]; at: number }): WithdrawalHold => ({
  reason,
  startedAt: new Date(at),
  endsAt: new Date(at + HOLD_MS),
});
const endOf = (holds: readonly WithdrawalHold[], at: Date): number =>
  activeHold(holds, at)?.endsAt.getTime() ?? at.getTime();

const address = fc.constantFrom('a', 'b', 'c');
const anyListed = fc.array(
  fc.record({
    network: fc.constantFrom('ETHEREUM', 'BITCOIN'),
    address,
    usableAt: anyMoment,
  }) satisfies fc.Arbitrary<ListedAddress>,
  { maxLength: 6 },
);
const RUNS = { numRuns: 1000 };

describe('a hold', () => {
  test('only ever grows, whatever is changed and in whatever order', () => {
    fc.assert(
      fc.property(anyHolds, anyMoment, (changes, at) => {
        let before = at.getTime();
        for (let count = 1; count <= changes.length; count += 1) {
          const end = endOf(changes.slice(0, count).map(holdOf), at);
          expect(end).toBeGreaterThanOrEqual(before);
          before = end;
        }
      }),
      RUNS,
    );
  });

  test('lasts until 24 hours after the last change, and not a millisecond longer', () => {
    fc.assert(
      fc.property(anyHolds, (changes) => {
        fc.pre(changes.length > 0);
        const last = Math.max(...changes.map(({ at }) => at));
        const holds = changes.map(holdOf);
        expect(activeHold(holds, new Date(last + HOLD_MS - 1))?.endsAt.getTime()).toBe(last + HOLD_MS);
        expect(activeHold(holds, new Date(last + HOLD_MS))).toBeNull();
      }),
      RUNS,
    );
  });
});

describe('the verdict', () => {
  test('never lets money leave during a hold, nor with the list on to what is not listed or cools off', () => {
    fc.assert(
      fc.property(anyHolds, anyListed, fc.boolean(), address, anyMoment, (changes, addresses, on, to, at) => {
        const holds = changes.map(holdOf);
        const question = { holds, whitelistOn: on, addresses, network: 'ETHEREUM', address: to, at };
        const verdict = withdrawalVerdict(question);
        const held = holds.some(({ endsAt }) => endsAt > at);
        const listed = addresses.find((row) => row.network === 'ETHEREUM' && row.address === to);
        const usable = listed !== undefined && listed.usableAt <= at;
        expect(verdict.allowed).toBe(!held && (!on || usable));
        if (!verdict.allowed && verdict.until) expect(verdict.until.getTime()).toBeGreaterThan(at.getTime());
      }),
      RUNS,
    );
  });

  test('is the same at the moment told as the end: then the reason is over', () => {
    fc.assert(
      fc.property(anyHolds, anyListed, fc.boolean(), address, anyMoment, (changes, addresses, on, to, at) => {
        const holds = changes.map(holdOf);
        const question = { holds, whitelistOn: on, addresses, network: 'ETHEREUM', address: to, at };
        const verdict = withdrawalVerdict(question);
        if (verdict.allowed || !verdict.until) return;
        const later = withdrawalVerdict({ ...question, at: verdict.until });
        if (!later.allowed) expect(later.reason).not.toBe(verdict.reason);
      }),
      RUNS,
    );
  });
});
