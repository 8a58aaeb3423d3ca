import fc from 'fast-check';
import { expect, test } from 'vitest';
import { observedRates, type RateRules } from '../../../src/domain/money/observed-rates.ts';
import { rateBook } from '../../../src/domain/money/rate-book.ts';

const NOW = new Date('2026-11-06T12:00:00Z');
const SCALE = 10n ** 18n;
const RULES: RateRules = {
  method: 'median',
  deviationPercent: 3,
  maxAgeSeconds: { MARKET: 600, REFERENCE: 600 },
};

/** From a hundredth of a thousandth to a billion. */
const price = fc.bigInt({ min: 10n ** 13n, max: 10n ** 27n });
/** Sources that lie around one price, most of them near. */
const prices = fc
  .tuple(price, fc.array(fc.integer({ min: -400, max: 400 }), { minLength: 1, maxLength: 7 }))
  .map(([centre, offsets]) => offsets.map((offset) => (centre * BigInt(10_000 + offset)) / 10_000n));

const book = (source: string, base: string, quote: string, scaled: bigint) =>
  rateBook(source, 'MARKET', [{ base, quote, price: scaled, at: NOW }]);
const rateOf = (books: readonly ReturnType<typeof book>[], asset: string, currency: string) =>
  observedRates(books, RULES, NOW).rateOf(asset, currency);

test('one source is repeated to the last digit', () => {
  fc.assert(
    fc.property(price, (scaled) => {
      expect(rateOf([book('a', 'BTC', 'USD', scaled)], 'BTC', 'USD')?.scaled).toBe(scaled);
    }),
  );
});

test('the inverse is the quotient, rounded down', () => {
  fc.assert(
    fc.property(price, (scaled) => {
      const back = rateOf([book('a', 'BTC', 'USD', scaled)], 'USD', 'BTC')?.scaled ?? 0n;
      expect(back).toBe((SCALE * SCALE) / scaled);
    }),
  );
});

test('a crossing is the exact product, rounded once', () => {
  fc.assert(
    fc.property(price, price, (first, second) => {
      const books = [
        rateBook('a', 'MARKET', [
          { base: 'BTC', quote: 'USD', price: first, at: NOW },
          { base: 'LTC', quote: 'USD', price: second, at: NOW },
        ]),
      ];
      const expected = (first * SCALE) / second;
      expect(rateOf(books, 'BTC', 'LTC')?.scaled ?? 0n).toBe(expected);
    }),
  );
});

test('the order of the sources does not matter to the median', () => {
  fc.assert(
    fc.property(
      prices.chain((all) =>
        fc.tuple(
          fc.constant(all),
          fc.shuffledSubarray(
            all.map((_p, i) => i),
            { minLength: all.length },
          ),
        ),
      ),
      ([all, order]) => {
        const books = all.map((scaled, i) => book(`s${i}`, 'BTC', 'USD', scaled));
        const shuffled = order.flatMap((i) => books[i] ?? []);
        expect(rateOf(shuffled, 'BTC', 'USD')?.scaled).toBe(rateOf(books, 'BTC', 'USD')?.scaled);
      },
    ),
  );
});

test('the median lies among the sources, and most of them are near it', () => {
  fc.assert(
    fc.property(prices, (all) => {
      const rate = rateOf(
        all.map((scaled, i) => book(`s${i}`, 'BTC', 'USD', scaled)),
        'BTC',
        'USD',
      )?.scaled;
      if (rate === undefined) return;
      const sorted = all.toSorted((a, b) => (a < b ? -1 : 1));
      expect(rate >= (sorted[0] ?? 0n) && rate <= (sorted.at(-1) ?? 0n)).toBe(true);
      // One unit more than three per cent, for the rounding of the rate.
      const near = all.filter(
        (one) => (one > rate ? one - rate : rate - one) * 100n <= (rate + 1n) * 3n + 100n,
      );
      expect(near.length * 2).toBeGreaterThan(all.length);
    }),
  );
});

test('a source that says more never makes the rate less', () => {
  fc.assert(
    fc.property(prices, fc.nat(), fc.bigInt({ min: 0n, max: 10n ** 25n }), (all, which, more) => {
      const at = which % all.length;
      const raised = all.map((scaled, i) => (i === at ? scaled + more : scaled));
      const of = (list: readonly bigint[]) =>
        rateOf(
          list.map((scaled, i) => book(`s${i}`, 'BTC', 'USD', scaled)),
          'BTC',
          'USD',
        )?.scaled;
      const [before, after] = [of(all), of(raised)];
      if (before !== undefined && after !== undefined) expect(after >= before).toBe(true);
    }),
  );
});

test('one source of three cannot move the rate out of what the other two say', () => {
  fc.assert(
    fc.property(price, fc.integer({ min: 0, max: 290 }), price, (one, offset, liar) => {
      const other = (one * BigInt(10_000 + offset)) / 10_000n;
      const rate = rateOf(
        [one, liar, other].map((scaled, i) => book(`s${i}`, 'BTC', 'USD', scaled)),
        'BTC',
        'USD',
      )?.scaled;
      expect(rate !== undefined && rate >= one && rate <= other).toBe(true);
    }),
  );
});
