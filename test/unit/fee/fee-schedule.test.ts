import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { feesOf, NO_FEES, termsOf, type CreditTerms } from '../../../src/domain/fee/fee-schedule.ts';

const terms = (feeBasisPoints: number, fixedFee: bigint, networkFee: bigint): CreditTerms => ({
  feeBasisPoints,
  fixedFee,
  networkFee,
  settlement: null,
});

describe('fees', () => {
  test.each([
    [10_000n, terms(0, 0n, 0n), true, { fee: 0n, networkFee: 0n, net: 10_000n }],
    [10_000n, terms(150, 5n, 7n), true, { fee: 155n, networkFee: 7n, net: 9_838n }],
    [10_000n, terms(150, 5n, 7n), false, { fee: 150n, networkFee: 0n, net: 9_850n }],
    // The percentage is rounded down.
    [99n, terms(150, 0n, 0n), true, { fee: 1n, networkFee: 0n, net: 98n }],
    // The network fee gives way first, then the fixed one.
    [10n, terms(0, 8n, 5n), true, { fee: 8n, networkFee: 2n, net: 0n }],
    [10n, terms(5_000, 8n, 5n), true, { fee: 10n, networkFee: 0n, net: 0n }],
    [10n, terms(10_000, 8n, 5n), true, { fee: 10n, networkFee: 0n, net: 0n }],
  ])('of %s by %o, first part: %s', (amount, by, isFirstPart, parts) => {
    expect(feesOf(amount, by, isFirstPart)).toEqual(parts);
  });

  test('and what is left sum to the amount, and none is negative', () => {
    const fee = fc.bigInt({ min: 0n, max: 10n ** 20n });
    fc.assert(
      fc.property(
        fee,
        fc.nat({ max: 10_000 }),
        fee,
        fee,
        fc.boolean(),
        (amount, share, fixed, network, first) => {
          const parts = feesOf(amount, terms(share, fixed, network), first);
          expect(parts.fee + parts.networkFee + parts.net).toBe(amount);
          expect(parts.fee >= 0n && parts.networkFee >= 0n && parts.net >= 0n).toBe(true);
        },
      ),
    );
  });

  test('come from the schedule by asset and by way', () => {
    const schedule = { basisPoints: 100, fixed: { USDT: 1n, ETH: 2n }, network: { 'USDT/ETHEREUM': 3n } };
    expect(termsOf(schedule, { asset: 'USDT', network: 'ETHEREUM' }, null)).toEqual(terms(100, 1n, 3n));
    expect(termsOf(schedule, { asset: 'USDT', network: 'CRONOS' }, null)).toEqual(terms(100, 1n, 0n));
    expect(termsOf(NO_FEES, { asset: 'USDT', network: 'ETHEREUM' }, null)).toEqual(terms(0, 0n, 0n));
  });
});
