import { formatRate, scaleRate, type Rate } from './rate.ts';

/** Exchange rates as they are known at one moment. */
export interface RateTable {
  /** Price of one whole unit of an asset in a currency; null when no source has a fresh one. */
  rateOf(asset: string, currency: string): Rate | null;
}

const SAME = scaleRate('1');

/** The rate of an asset, which in itself is one and needs no source. */
export const priceOf = (table: RateTable, asset: string, currency: string, at: Date): Rate | null =>
  asset === currency ? { scaled: SAME, source: 'priced in the asset', at } : table.rateOf(asset, currency);

/** Takes a project's spread off a rate: a payer then sends more. Rounded down, and never to nothing. */
export function withSpread(rate: Rate, basisPoints: number): Rate {
  if (basisPoints === 0) return rate;
  const scaled = (rate.scaled * BigInt(10_000 - basisPoints)) / 10_000n;
  if (scaled <= 0n) throw new RangeError(`rate ${formatRate(rate.scaled)} is too small for a spread`);
  return { ...rate, scaled };
}
