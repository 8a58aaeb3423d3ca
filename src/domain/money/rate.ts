import { currencyOf } from './currencies.ts';
import { divideDown, divideUp } from './money.ts';

/** Digits that a rate keeps after the decimal point, as the database does. */
export const RATE_DIGITS = 18;
export const RATE_SCALE = 10n ** BigInt(RATE_DIGITS);

/** Price of one whole unit of an asset in a currency, with its origin (RULES 6). */
export interface Rate {
  /** Scaled by 10^18: 1.5 is 1_500_000_000_000_000_000n. */
  readonly scaled: bigint;
  readonly source: string;
  readonly at: Date;
}

/** Reads a decimal such as "2500.25" into the scaled form. Throws RangeError when it is no positive decimal. */
export function scaleRate(decimal: string): bigint {
  const match = /^(\d+)(?:\.(\d{1,18}))?$/.exec(decimal);
  const scaled = match ? BigInt((match[1] ?? '') + (match[2] ?? '').padEnd(RATE_DIGITS, '0')) : 0n;
  if (scaled <= 0n) throw new RangeError(`not a positive rate: ${decimal}`);
  return scaled;
}

/** The decimal of a scaled rate, without trailing zeros. */
export function formatRate(scaled: bigint): string {
  const digits = scaled.toString().padStart(RATE_DIGITS + 1, '0');
  const fraction = digits.slice(-RATE_DIGITS).replace(/0+$/, '');
  const whole = digits.slice(0, -RATE_DIGITS);
  return fraction === '' ? whole : `${whole}.${fraction}`;
}

/** People type at most this many digits of an asset; quotes are rounded up to it. */
const QUOTE_DIGITS = 8;

/**
 * What a payer sends for a price: rounded up to eight decimals of the asset, so that the price is always reached.
 * `price` is in minor units of `currency`; the result is in minor units of `asset`.
 */
export function quoteAmount(price: bigint, currency: string, asset: string, rate: bigint): bigint {
  const assetExponent = currencyOf(asset).exponent;
  const dividend = price * 10n ** BigInt(assetExponent) * RATE_SCALE;
  const divisor = rate * 10n ** BigInt(currencyOf(currency).exponent);
  const step = 10n ** BigInt(Math.max(0, assetExponent - QUOTE_DIGITS));
  return divideUp(divideUp(dividend, divisor), step) * step;
}

/**
 * What an amount is worth by a rate, rounded down. `amount` is in minor units of `from`, the result in those of `to`;
 * `rate` is the price of one whole unit of `from` in `to`, scaled by 10^18.
 */
export const convert = (amount: bigint, from: string, to: string, rate: bigint): bigint =>
  divideDown(
    amount * rate * 10n ** BigInt(currencyOf(to).exponent),
    RATE_SCALE * 10n ** BigInt(currencyOf(from).exponent),
  );

/**
 * The least amount of `from` that is worth `value` of `to` by a rate: the inverse of `convert`, rounded up.
 */
export const convertBack = (value: bigint, from: string, to: string, rate: bigint): bigint =>
  divideUp(
    value * RATE_SCALE * 10n ** BigInt(currencyOf(from).exponent),
    rate * 10n ** BigInt(currencyOf(to).exponent),
  );
