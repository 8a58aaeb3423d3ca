import { RATE_DIGITS } from './rate.ts';

/** A market gives prices of this minute; a reference rate of fiat currencies is set on working days only. */
export type RateSourceKind = 'MARKET' | 'REFERENCE';

/** What a source said of one pair (FEATURES D14). */
export interface RateObservation {
  readonly base: string;
  readonly quote: string;
  /** Of one whole unit of `base` in `quote`, scaled by 10^18. */
  readonly price: bigint;
  /** When the source saw it; where the source does not tell, when it was asked. */
  readonly at: Date;
}

/** What numeric(48,18) holds. */
export const MAX_SCALED_RATE = 10n ** 48n;

/** Longer than any price, and short enough that nobody makes the gateway compute with huge numbers. */
const MAX_TEXT = 80;
const MAX_EXPONENT = 60;

/**
 * Reads a price as sources write it, "67187.3358936566" or "1e-7", exactly; digits behind the eighteenth are cut off.
 * Null when it is no positive price that the database could keep: zero, negative, NaN, absurdly great or small.
 */
export function parsePrice(text: string): bigint | null {
  if (text.length > MAX_TEXT) return null;
  const match = /^(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/.exec(text);
  if (!match) return null;
  const [, whole = '', fraction = '', exponent = '0'] = match;
  if (Math.abs(Number(exponent)) > MAX_EXPONENT) return null;
  const digits = BigInt(whole + fraction);
  const shift = RATE_DIGITS + Number(exponent) - fraction.length;
  const scaled = shift >= 0 ? digits * 10n ** BigInt(shift) : digits / 10n ** BigInt(-shift);
  return scaled > 0n && scaled < MAX_SCALED_RATE ? scaled : null;
}
