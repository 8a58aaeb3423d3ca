import { currencyOf } from '../domain/money/currencies.ts';
import { parseAmount } from '../domain/money/money.ts';

/** In whole units of any currency. Beyond all trade, and what is computed from it still fits into numeric(78,0). */
const MAX_WHOLE_UNITS = 10n ** 15n;

/** A decimal that somebody typed as minor units; null when it is not positive, not exact or beyond all trade. */
export function positiveAmount(decimal: string, currency: string): bigint | null {
  const amount = parseAmount(decimal, currency);
  if (amount === null || amount === 0n) return null;
  return amount <= MAX_WHOLE_UNITS * 10n ** BigInt(currencyOf(currency).exponent) ? amount : null;
}
