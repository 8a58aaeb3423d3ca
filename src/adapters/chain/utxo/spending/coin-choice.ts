import {
  HotWalletShort,
  type SpendCoin,
  type SpendPlaces,
} from '../../../../usecases/ports/chain-spender.ts';
import { selectCoins } from './coin-selection.ts';
import type { SpendTerms } from './settle.ts';
import type { SpendPolicy } from './spend-policy.ts';
import type { CoinsOnChain } from './witnesses.ts';

interface CoinChoice {
  readonly network: string;
  /** The network's coin. */
  readonly asset: string;
  readonly policy: SpendPolicy;
  readonly present: CoinsOnChain;
}

/** The largest coins; more are not chosen from. */
const MOST_COINS = 1_000;

/**
 * Chooses free coins that do for the terms and that the chain still has: an operator may have moved money by hand, or a
 * reorg taken a payment back. Throws HotWalletShort when they do not do, ChainUnavailable.
 */
export function createCoinChoice({ network, asset, policy, present }: CoinChoice) {
  const select = (from: readonly SpendCoin[], terms: SpendTerms): readonly SpendCoin[] => {
    const coins = selectCoins(from, { ...terms, smallCoin: policy.smallCoin });
    if (coins) return coins;
    const told = `${from.length} free coins of ${sumOf(from)} do not do for ${terms.arrives}`;
    throw new HotWalletShort(asset, `${network}: ${told}`);
  };

  /** Coins that every node missed may be there again, when their nodes were wrong. Whether there are any. */
  const findAgain = async (store: SpendPlaces): Promise<boolean> => {
    const back = await present(await store.goneCoins(network, MOST_COINS), store);
    if (back.length > 0) await store.coinsFound(back);
    return back.length > 0;
  };

  return async (terms: SpendTerms, store: SpendPlaces): Promise<readonly SpendCoin[]> => {
    try {
      const free = await store.freeCoins(network, MOST_COINS);
      const coins = select(free, terms);
      if ((await present(coins, store)).length === coins.length) return coins;
      return select(await present(free, store), terms);
    } catch (fault) {
      if (!(fault instanceof HotWalletShort) || !(await findAgain(store))) throw fault;
    }
    return select(await present(await store.freeCoins(network, MOST_COINS), store), terms);
  };
}

export const sumOf = (coins: readonly SpendCoin[]): bigint =>
  coins.reduce((sum, { amount }) => sum + amount, 0n);
