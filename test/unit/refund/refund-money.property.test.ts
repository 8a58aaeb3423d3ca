import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { refundableOf } from '../../../src/domain/refund/refund-limits.ts';
import { debited, givenBack, refundAmounts } from '../../../src/domain/refund/refund-money.ts';
import { convert, RATE_SCALE } from '../../../src/domain/money/rate.ts';

const CURRENCIES = ['USD', 'EUR', 'BTC', 'ETH', 'USDT'] as const;
const amounts = fc.bigInt({ min: 1n, max: 10n ** 24n });
const rates = fc.bigInt({ min: 1n, max: 10n ** 24n });
const currency = fc.constantFrom(...CURRENCIES);
const asset = fc.constantFrom('BTC', 'ETH', 'USDT');

const terms = fc
  .record({ amount: amounts, currency, asset, debitCurrency: currency, rate: rates, debitRate: rates })
  .map((made) => ({
    ...made,
    rate: made.asset === made.currency ? RATE_SCALE : made.rate,
    debitRate: made.asset === made.debitCurrency ? RATE_SCALE : made.debitRate,
    networkFee: 0n,
  }));

const sums = (entry: ReturnType<typeof debited>): Record<string, bigint> => {
  const sum: Record<string, bigint> = {};
  for (const { account, amount } of entry.postings) sum[account.asset] = (sum[account.asset] ?? 0n) + amount;
  return sum;
};

describe('the money of refunds', () => {
  test('entries sum to zero, and what is given back is what was debited', () => {
    fc.assert(
      fc.property(terms, (made) => {
        const refund = { id: 'r', merchantId: 'm', ...made, ...refundAmounts(made) };
        const [taken, back] = [debited(refund), givenBack(refund)];
        for (const entry of [taken, back])
          expect(Object.values(sums(entry)).every((sum) => sum === 0n)).toBe(true);
        expect(back.postings).toEqual(taken.postings.map((p) => ({ ...p, amount: -p.amount })));
      }),
    );
  });

  test('neither the payer gets more than the amount, nor the merchant gives less than what is sent', () => {
    fc.assert(
      fc.property(terms, (made) => {
        const { assetAmount, debitAmount } = refundAmounts(made);
        expect(convert(assetAmount, made.asset, made.currency, made.rate) <= made.amount).toBe(true);
        const sent = convert(assetAmount, made.asset, made.debitCurrency, made.debitRate);
        if (made.debitCurrency !== made.currency) expect(debitAmount >= sent).toBe(true);
        else if (made.asset !== made.currency) expect(debitAmount).toBe(made.amount);
      }),
    );
  });

  test('random refunds and cancellations never come to more than was captured', () => {
    const steps = fc.array(fc.record({ amount: amounts, cancels: fc.boolean() }), { maxLength: 50 });
    fc.assert(
      fc.property(amounts, steps, (captured, asked) => {
        const standing: bigint[] = [];
        const sum = () => standing.reduce((all, one) => all + one, 0n);
        for (const { amount, cancels } of asked) {
          if (cancels) standing.pop();
          else if (amount <= refundableOf(captured, sum())) standing.push(amount);
          expect(sum() <= captured).toBe(true);
        }
        const rest = refundableOf(captured, sum());
        expect(rest + sum()).toBe(captured);
      }),
    );
    expect(refundableOf(5n, 7n)).toBe(0n);
  });
});
