import { inverse, times, type Fraction } from './fraction.ts';
import type { RateObservation, RateSourceKind } from './rate-observation.ts';
import { RATE_SCALE } from './rate.ts';

/** The price of a pair and the oldest moment that went into it. */
export interface Sighting {
  readonly value: Fraction;
  readonly at: Date;
}

/** What one source said last. */
export interface RateBook {
  readonly source: string;
  readonly kind: RateSourceKind;
  /** What the source itself says of a pair in either direction, however old; null when it does not name the pair. */
  sighting(base: string, quote: string): Sighting | null;
}

/** Makes the book of a source from what it said. Of two observations of one pair the later one counts. */
export function rateBook(
  source: string,
  kind: RateSourceKind,
  observations: readonly RateObservation[],
): RateBook {
  const byPair = new Map<string, Sighting>();
  for (const { base, quote, price, at } of observations) {
    const pair = `${base}/${quote}`;
    const known = byPair.get(pair);
    if (price <= 0n || (known && known.at > at)) continue;
    byPair.set(pair, { value: { over: price, under: RATE_SCALE }, at });
  }
  return {
    source,
    kind,
    sighting(base, quote) {
      const direct = byPair.get(`${base}/${quote}`);
      if (direct) return direct;
      const reverse = byPair.get(`${quote}/${base}`);
      return reverse ? { value: inverse(reverse.value), at: reverse.at } : null;
    },
  };
}

/** One price after the other: BTC/USD and USD/SEK make BTC/SEK, as old as the older of them. */
export const crossed = (left: Sighting, right: Sighting): Sighting => ({
  value: times(left.value, right.value),
  at: left.at < right.at ? left.at : right.at,
});
