import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { changeDeposit, type DepositAction } from '../../../src/domain/static-wallet/deposit-change.ts';
import {
  confirmed,
  contextOf,
  depositIn,
  orphaned,
  resolved,
  run,
  seen,
  type Happening,
  type Run,
  type Weather,
} from './deposit-model.ts';

const RUNS = { numRuns: 1000 };

const block = fc.constantFrom(null, '0x1', '0x2');
/** Not more than there is: the amount of a transfer is always the same. */
const actionOf = (amount: bigint): fc.Arbitrary<DepositAction> =>
  fc.oneof(
    { weight: 4, arbitrary: block.map((hash) => seen(hash, amount)) },
    { weight: 4, arbitrary: block.map(confirmed) },
    { weight: 2, arbitrary: block.map(orphaned) },
    { weight: 2, arbitrary: fc.constantFrom('CREDIT' as const, 'REBOUND' as const).map(resolved) },
  );
const weather: fc.Arbitrary<Weather> = fc.record({
  status: fc.constantFrom('ACTIVE' as const, 'BLOCKED' as const),
  settlementCurrency: fc.constantFrom(null, 'EUR', 'USDT'),
  euro: fc.constantFrom(null, '0.9', '1.7'),
  fees: fc.record({
    basisPoints: fc.integer({ min: 0, max: 10_000 }),
    fixed: fc.record({ USDT: fc.bigInt({ min: 0n, max: 2_000_000n }) }),
    network: fc.record({ 'USDT/ETHEREUM': fc.bigInt({ min: 0n, max: 2_000_000n }) }),
  }),
});
const history: fc.Arbitrary<Happening[]> = fc
  .bigInt({ min: 1n, max: 150_000_000n })
  .chain((amount) => fc.array(fc.record({ action: actionOf(amount), weather }), { maxLength: 25 }));

/** Each moment of a history, the last one at the end. */
function moments(happenings: readonly Happening[]): Run[] {
  const runs: Run[] = [];
  for (const one of happenings) runs.push(run([one], runs.at(-1)));
  return runs;
}

describe('whatever happens to a deposit', () => {
  test('every entry sums to zero per asset and is made once', () => {
    fc.assert(
      fc.property(history, (happenings) => {
        const entries = run(happenings).changes.flatMap((change) => change.entries);
        for (const { postings } of entries) {
          const sums = new Map<string, bigint>();
          for (const { account, amount } of postings) {
            expect(amount).not.toBe(0n);
            sums.set(account.asset, (sums.get(account.asset) ?? 0n) + amount);
          }
          for (const sum of sums.values()) expect(sum).toBe(0n);
        }
        const sources = entries.map((entry) => `${entry.sourceId} ${entry.kind}`);
        expect(new Set(sources).size).toBe(sources.length);
      }),
      RUNS,
    );
  });

  test("no merchant's account goes below zero and no debt above it, at any moment", () => {
    fc.assert(
      fc.property(history, (happenings) => {
        for (const { balances } of moments(happenings)) {
          for (const [account, balance] of balances) {
            if (/^(PENDING|AVAILABLE|HELD)/.test(account)) expect(balance).toBeGreaterThanOrEqual(0n);
            if (account.startsWith('OWED')) expect(balance).toBeLessThanOrEqual(0n);
          }
        }
      }),
      RUNS,
    );
  });

  test('the ledger says what the payment says', () => {
    fc.assert(
      fc.property(history, (happenings) => {
        for (const { payment, balances } of moments(happenings)) {
          if (!payment) continue;
          const { amount, credited, held, heldReason, fee, networkFee, settled, settledCurrency } = payment;
          expect(credited + held).toBeLessThanOrEqual(amount);
          expect(fee + networkFee).toBeLessThanOrEqual(credited);
          expect(held > 0n).toBe(heldReason !== null);
          const isWaiting = payment.status === 'DETECTED' || payment.status === 'CONFIRMING';
          // Nothing waits once it is confirmed.
          if (payment.status === 'CONFIRMED' || payment.status === 'CREDITED') {
            expect(credited + held).toBe(amount);
          }
          const of = (account: string) => balances.get(account) ?? 0n;
          expect(of('PENDING USDT')).toBe(isWaiting ? amount : 0n);
          expect(of('INCOMING USDT')).toBe(isWaiting ? -amount : 0n);
          expect(of('HELD USDT')).toBe(held);
          expect(of('CUSTODY USDT')).toBe(-(credited + held));
          expect(of('FEES USDT')).toBe(fee);
          expect(of('NETWORK_FEES USDT')).toBe(networkFee);
          for (const currency of ['USDT', 'EUR']) {
            const mine = settledCurrency === currency ? settled : 0n;
            expect(of(`AVAILABLE ${currency}`) + of(`OWED ${currency}`)).toBe(mine);
          }
        }
      }),
      RUNS,
    );
  });

  test('a repeated action changes nothing', () => {
    fc.assert(
      fc.property(history, (happenings) => {
        const last = happenings.at(-1);
        fc.pre(last !== undefined);
        const after = run(happenings);
        expect(
          changeDeposit(depositIn(after, last.weather), [last.action], contextOf(after, last.weather)),
        ).toBeNull();
      }),
      RUNS,
    );
  });

  test('it is credited to a blocked wallet by a decision only', () => {
    fc.assert(
      fc.property(history, (happenings) => {
        const blocked = happenings.map((one): Happening => ({
          ...one,
          weather: { ...one.weather, status: 'BLOCKED' },
        }));
        const undecided = blocked.filter(({ action }) => action.type !== 'RESOLVE');
        expect(run(undecided).payment?.credited ?? 0n).toBe(0n);
      }),
      RUNS,
    );
  });
});
