import type { Rate } from '../../domain/money/rate.ts';

/** Exchange rates (FEATURES D14). */
export interface Rates {
  /** Price of one whole unit of the asset in the currency; null when no source has a fresh one. */
  rateOf(asset: string, currency: string): Promise<Rate | null>;
}
