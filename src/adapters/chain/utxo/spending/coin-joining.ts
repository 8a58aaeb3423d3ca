import type { CoinConsolidation } from '../../../../usecases/ports/coin-consolidation.ts';
import { sumOf } from './coin-choice.ts';
import type { SignTransfer } from './signing.ts';
import type { SpendPolicy } from './spend-policy.ts';
import { feeOf, INPUT_VIRTUAL_SIZE } from './transaction-size.ts';
import type { CoinsOnChain } from './witnesses.ts';

interface CoinJoining {
  readonly network: string;
  /** The network's coin. */
  readonly asset: string;
  readonly hotAddress: string;
  readonly policy: SpendPolicy;
  /** What a transaction must pay now, for 1,000 virtual bytes. */
  readonly feeRate: () => Promise<bigint>;
  readonly present: CoinsOnChain;
  readonly sign: SignTransfer;
}

/** Joins small coins, by the network's policy. */
export function createCoinJoining({
  network,
  asset,
  hotAddress,
  policy: { consolidation, smallCoin },
  feeRate,
  present,
  sign,
}: CoinJoining): CoinConsolidation['consolidation'] {
  const { rate: highest, fewest, most } = consolidation;
  return async (small, store) => {
    if (highest === 0n) return null;
    const found = await small.below(network, smallCoin, most);
    // Before the node is asked: most rounds find too few.
    if (found.length < fewest) return null;
    const rate = await feeRate();
    if (rate > highest) return null;
    const worthIt = found.filter(({ amount }) => amount > feeOf(rate, INPUT_VIRTUAL_SIZE));
    if (worthIt.length < fewest) return null;
    const coins = await present(worthIt, store);
    if (coins.length < fewest) return null;
    const whole = { asset, to: hotAddress, amount: sumOf(coins) };
    const signed = await sign(whole, coins, { feeRate: rate });
    if (!signed?.change) return null;
    const transfer = { ...whole, amount: signed.change.amount };
    return { transfer, place: { family: 'UTXO', coins }, signed };
  };
}
