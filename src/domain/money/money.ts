import { currencyOf } from './currencies.ts';

/** An amount in the currency's smallest unit (cents, satoshi, wei). */
export interface Money {
  readonly minorUnits: bigint;
  readonly currency: string;
}

const DECIMAL = /^(\d+)(?:\.(\d+))?$/;

/**
 * Reads a non-negative decimal such as "12.50" into minor units, exactly.
 * Returns null when it is no plain decimal or has more digits than the currency knows: nothing is rounded silently.
 */
export function parseAmount(decimal: string, currency: string): bigint | null {
  const match = DECIMAL.exec(decimal);
  if (!match) return null;
  const [, whole = '', fraction = ''] = match;
  const { exponent } = currencyOf(currency);
  const significant = fraction.replace(/0+$/, '');
  if (significant.length > exponent) return null;
  const minorUnits = BigInt(whole + significant.padEnd(exponent, '0'));
  return minorUnits < MAX_MINOR_UNITS ? minorUnits : null;
}

/** What numeric(78,0) holds. */
const MAX_MINOR_UNITS = 10n ** 78n;

/** Writes minor units as a decimal with all digits of the currency: 1250n USD is "12.50". */
export function formatAmount({ minorUnits, currency }: Money): string {
  const { exponent } = currencyOf(currency);
  const digits = (minorUnits < 0n ? -minorUnits : minorUnits).toString().padStart(exponent + 1, '0');
  const sign = minorUnits < 0n ? '-' : '';
  if (exponent === 0) return sign + digits;
  return `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}

/** Integer division that rounds up: used where the payer must not fall short. Operands are not negative. */
export const divideUp = (dividend: bigint, divisor: bigint): bigint => (dividend + divisor - 1n) / divisor;

/** Integer division that rounds down: used where a value is granted. Operands are not negative. */
export const divideDown = (dividend: bigint, divisor: bigint): bigint => dividend / divisor;
