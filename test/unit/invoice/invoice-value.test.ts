import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { QuoteTerms } from '../../../src/domain/invoice/invoice.ts';
import {
  dueOf,
  NOTHING_COVERED,
  roundingUnit,
  seenValue,
  surplusOf,
} from '../../../src/domain/invoice/invoice-value.ts';
import { CURRENCIES } from '../../../src/domain/money/currencies.ts';
import { quoteAmount } from '../../../src/domain/money/rate.ts';
import { UNSETTLED, type Payment } from '../../../src/domain/payment/payment.ts';
import { PLAIN_RULES } from './engine-steps.ts';
import { openInvoice, QUOTE } from './story.ts';

const paymentOf = (quote: QuoteTerms, amount: bigint, id = 'a'): Payment => ({
  ...UNSETTLED,
  id,
  quoteId: quote.id,
  price: null,
  network: quote.network,
  txId: `0x${id}`,
  outputIndex: 0,
  asset: quote.asset,
  amount,
  status: 'CONFIRMED',
  exception: 'NONE',
  blockHeight: 1n,
  blockHash: '0x1',
  confirmationsRequired: 3,
  sighting: 1,
  orphanedAt: null,
});

const anyQuote = fc
  .record({
    price: fc.bigInt({ min: 1n, max: 10n ** 15n }),
    currency: fc.constantFrom(...CURRENCIES.map((c) => c.code)),
    asset: fc.constantFrom('BTC', 'LTC', 'ETH', 'CRO', 'USDC', 'USDT'),
    rate: fc.bigInt({ min: 10n ** 10n, max: 10n ** 26n }),
  })
  .map(({ price, currency, asset, rate }) => {
    const quote: QuoteTerms = { ...QUOTE, asset, price, amount: quoteAmount(price, currency, asset, rate) };
    return { quote, invoice: openInvoice({ currency, amount: price, quotes: [quote] }) };
  });

describe('what payments are worth', () => {
  test('is exactly the price when it is paid exactly, and less when one unit is missing', () => {
    fc.assert(
      fc.property(anyQuote, ({ quote, invoice }) => {
        const worth = (amount: bigint) => seenValue({ ...invoice, payments: [paymentOf(quote, amount)] });
        expect(worth(quote.amount)).toBe(quote.price);
        expect(worth(quote.amount - 1n)).toBeLessThan(quote.price);
      }),
    );
  });

  test('does not depend on the number of transfers', () => {
    fc.assert(
      fc.property(anyQuote, fc.bigInt({ min: 1n, max: 10n ** 20n }), ({ quote, invoice }, share) => {
        const part = 1n + (share % quote.amount);
        const payments = [paymentOf(quote, part), paymentOf(quote, quote.amount + 1n - part, 'b')];
        const one = paymentOf(quote, quote.amount + 1n);
        expect(seenValue({ ...invoice, payments })).toBe(seenValue({ ...invoice, payments: [one] }));
      }),
    );
  });

  test('beyond the price is what can be left out of them, and not one unit more', () => {
    fc.assert(
      fc.property(anyQuote, fc.bigInt({ min: 0n, max: 10n ** 25n }), ({ quote, invoice }, more) => {
        const payment = paymentOf(quote, quote.amount + more);
        const surplus = surplusOf(invoice, NOTHING_COVERED, payment);
        const without = (left: bigint) =>
          seenValue({ ...invoice, payments: [paymentOf(quote, payment.amount - left)] });
        expect(without(surplus)).toBeGreaterThanOrEqual(quote.price);
        expect(without(surplus + 1n)).toBeLessThan(quote.price);
      }),
    );
  });
});

describe('what an invoice takes', () => {
  const invoice = openInvoice();

  test.each([
    [{}, 10_000n],
    [{ underpaidBasisPoints: 1 }, 9_999n],
    [{ underpaidBasisPoints: 5_000 }, 5_000n],
    [{ underpaidAmount: 100n, underpaidCurrency: 'USD' }, 9_900n],
    [{ underpaidAmount: 100n, underpaidCurrency: 'EUR' }, 10_000n],
    [{ underpaidAmount: 100n, underpaidCurrency: 'USD', underpaidBasisPoints: 200 }, 9_800n],
    [{ underpaidAmount: 10_000n, underpaidCurrency: 'USD' }, 10_000n],
    [{ underpaidAmount: 99_999n, underpaidCurrency: 'USD' }, 10_000n],
  ])('by the rules %o is %s', (rules, due) => {
    expect(dueOf(invoice, { ...PLAIN_RULES, ...rules })).toBe(due);
    expect(dueOf({ ...invoice, accepted: 1n }, { ...PLAIN_RULES, ...rules })).toBe(1n);
  });

  test('is rounded by one minor unit, of coins by the eighth digit', () => {
    expect(roundingUnit('USD')).toBe(1n);
    expect(roundingUnit('JPY')).toBe(1n);
    expect(roundingUnit('BTC')).toBe(1n);
    expect(roundingUnit('ETH')).toBe(10n ** 10n);
  });
});
