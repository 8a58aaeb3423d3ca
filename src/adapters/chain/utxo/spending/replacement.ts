import type { SignedTransaction } from '../../../../usecases/ports/chain-spender.ts';
import type { FeeRates } from './fee-rates.ts';
import type { SpendTerms } from './settle.ts';
import { feeOf } from './transaction-size.ts';

/** Without an estimate, each replacement pays a quarter more than the one before. */
const quarterMore = (rate: bigint): bigint => rate + (rate + 3n) / 4n;

/**
 * What a replacement pays: a higher rate than the last one, and its fee with the node's increment for every byte on top
 * (BIP-125, rules 3 and 4). Null when the last one pays what the node says is enough, or as much as it may.
 */
export function replacementTerms(
  last: SignedTransaction,
  { rate, isEstimate, increment }: FeeRates,
  most: bigint,
): (Pick<SpendTerms, 'feeRate'> & Required<Pick<SpendTerms, 'leastFee'>>) | null {
  const wanted = isEstimate ? rate : larger(rate, quarterMore(last.feeRate));
  const feeRate = wanted < most ? wanted : most;
  if (feeRate < last.feeRate + increment) return null;
  return { feeRate, leastFee: (size) => last.maxFee + feeOf(increment, size) };
}

const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);
