import { coinOf } from '../../domain/chain/networks.ts';
import type { CoinCollect } from '../../usecases/ports/coin-collect.ts';

/**
 * Makes what payers sent spendable, for a network of the Bitcoin family: once a round, before anything is signed. The
 * first call looks at all payments, later ones at what is new.
 *
 * @param confirmations blocks, its own included, that a coin must have
 */
export function createCoinCollection(
  coins: CoinCollect,
  network: string,
  confirmations: number,
): () => Promise<void> {
  const source = { network, asset: coinOf(network), confirmations };
  let from = 0n;
  return async () => {
    from = await coins.collect(source, from);
  };
}
