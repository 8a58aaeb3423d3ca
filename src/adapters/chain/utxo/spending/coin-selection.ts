import type { SpendCoin } from '../../../../usecases/ports/chain-spender.ts';
import { settle, type SpendTerms } from './settle.ts';
import { feeOf, INPUT_VIRTUAL_SIZE } from './transaction-size.ts';

export interface SelectionTerms extends SpendTerms {
  /** Coins below it are used only where larger ones do not do. */
  readonly smallCoin: bigint;
}

/** Inputs of one transaction: a third of what nodes relay (400,000 weight units). */
const MOST_INPUTS = 500;
/** The search for coins that leave no change looks at so many choices, of so many coins. */
const MOST_TRIES = 20_000;
const MOST_EXACT_INPUTS = 12;

/**
 * Coins that do for the terms: those that leave no change when a bounded search finds them (no output for it, and no
 * coin that waits for blocks), else the largest. The same coins give the same choice. A coin that costs more than it
 * brings is not used. Null when they do not do.
 */
export function selectCoins(coins: readonly SpendCoin[], terms: SelectionTerms): readonly SpendCoin[] | null {
  const cost = feeOf(terms.feeRate, INPUT_VIRTUAL_SIZE);
  const useful = coins.filter(({ amount }) => amount > cost).toSorted(largerFirst);
  const large = useful.filter(({ amount }) => amount >= terms.smallCoin);
  return withoutChange(large, terms) ?? largest(useful, terms);
}

const largerFirst = (a: SpendCoin, b: SpendCoin): number => {
  if (a.amount !== b.amount) return a.amount > b.amount ? -1 : 1;
  return a.id < b.id ? -1 : 1;
};

function largest(coins: readonly SpendCoin[], terms: SpendTerms): readonly SpendCoin[] | null {
  let total = 0n;
  for (const [i, { amount }] of coins.slice(0, MOST_INPUTS).entries()) {
    total += amount;
    if (settle(total, i + 1, terms)) return coins.slice(0, i + 1);
  }
  return null;
}

/** Depth first, larger coins first. */
function withoutChange(coins: readonly SpendCoin[], terms: SpendTerms): readonly SpendCoin[] | null {
  const sumsFrom = [0n];
  for (const { amount } of coins.toReversed()) sumsFrom.unshift(amount + (sumsFrom[0] ?? 0n));
  let tries = MOST_TRIES;

  const search = (from: number, chosen: readonly SpendCoin[], total: bigint): readonly SpendCoin[] | null => {
    if (chosen.length === MOST_EXACT_INPUTS) return null;
    for (let at = from; at < coins.length; at += 1) {
      const coin = coins[at];
      // All that is left would not do.
      if (!coin || total + (sumsFrom[at] ?? 0n) < terms.arrives || tries <= 0) return null;
      tries -= 1;
      const next = [...chosen, coin];
      const settled = settle(total + coin.amount, next.length, terms);
      if (settled?.change === null) return next;
      // With change already: more coins would only make it more, a smaller one may not.
      const found = settled ? null : search(at + 1, next, total + coin.amount);
      if (found) return found;
    }
    return null;
  };
  return search(0, [], 0n);
}
