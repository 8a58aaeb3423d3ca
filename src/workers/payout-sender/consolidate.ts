import type { CoinConsolidation, SmallCoins } from '../../usecases/ports/coin-consolidation.ts';
import type { SenderDeps } from './sender-deps.ts';

export interface ConsolidateDeps extends Pick<SenderDeps, 'spender' | 'spends' | 'ids' | 'clock'> {
  readonly coins: SmallCoins;
  readonly chain: CoinConsolidation;
}

/**
 * Joins small coins of a network of the Bitcoin family while fees are low (FEATURES F6), so that a payout in dear times does
 * not pay for many inputs. A round signs for one transaction at most, and `followOpen` sends it; the store takes none while
 * a payout is queued or another one is open.
 */
export const consolidating =
  ({ spender, spends, coins, chain, ids, clock }: ConsolidateDeps): (() => Promise<void>) =>
  async () => {
    const made = await chain.consolidation(coins, spends);
    if (!made) return;
    await spends.signed({
      id: ids.next(),
      transactionId: ids.next(),
      network: spender.network,
      kind: 'SWEEP',
      payout: null,
      ...made,
      events: [],
      at: clock.now(),
    });
  };
