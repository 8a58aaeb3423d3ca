import fc from 'fast-check';
import { expect, test } from 'vitest';
import { approvalsFor, asksLess, type PayoutPolicy } from '../../../src/domain/payout/payout-policy.ts';

const amounts = fc.dictionary(fc.constantFrom('USDT', 'BTC'), fc.bigInt({ min: 1n, max: 5n }));
const policies: fc.Arbitrary<PayoutPolicy> = fc.record({
  approvalsRequired: fc.integer({ min: 0, max: 3 }),
  approvalAbove: amounts,
  dailyLimit: amounts,
});

/** By every payout of a few units there is: does one need less consent, or may more leave? */
function needsLess(before: PayoutPolicy, after: PayoutPolicy): boolean {
  const payouts = ['USDT', 'BTC', 'ETH'].flatMap((currency) =>
    [1n, 2n, 3n, 4n, 5n, 6n].map((debited) => ({ currency, debited })),
  );
  return payouts.some(({ currency, debited }) => {
    const mayLeave = (policy: PayoutPolicy) => debited <= (policy.dailyLimit[currency] ?? debited);
    return (
      approvalsFor(after, currency, debited) < approvalsFor(before, currency, debited) ||
      (mayLeave(after) && !mayLeave(before))
    );
  });
}

test('a policy asks less exactly when some payout needs less than before', () => {
  fc.assert(
    fc.property(policies, policies, (before, after) => {
      // A threshold of one unit is none: no payout is smaller.
      const isLess = asksLess(oneIsNone(before), oneIsNone(after));
      expect(isLess).toBe(needsLess(before, after));
    }),
  );
});

const oneIsNone = (policy: PayoutPolicy): PayoutPolicy => ({
  ...policy,
  approvalAbove: Object.fromEntries(Object.entries(policy.approvalAbove).filter(([, above]) => above > 1n)),
});
