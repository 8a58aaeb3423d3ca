import type { SpendCoin, SpendPlaces, SpendSight } from '../../../../usecases/ports/chain-spender.ts';
import { agreed } from '../../node-sights.ts';
import type { CoreNodes } from '../core-nodes.ts';
import type { AccountScripts } from './account-scripts.ts';
import { createAbsentCoins, type AbsentCoins } from './absent-coins.ts';
import type { SpendPolicy } from './spend-policy.ts';
import { createSpendSight, type LookForSpend } from './spend-sight.ts';
import { isUsedElsewhere, type SpendToProve } from './used-elsewhere.ts';

/** What one node says of coins, by what only that node was seen to say before. */
export interface Witness {
  readonly look: LookForSpend;
  readonly absent: AbsentCoins;
}

/** What all nodes say of coins together: one alone may lie, or have lost its way. */
export interface Witnesses {
  /** Throws ChainUnavailable. */
  look(coins: readonly SpendCoin[], txIds: readonly string[]): Promise<SpendSight>;
  /** Whether every node proves that other transactions used them. Throws ChainUnavailable. */
  areUsedElsewhere(spend: SpendToProve): Promise<boolean>;
  /**
   * Those of some coins that the account's key of today can spend and that every node that answers has; those that all
   * nodes miss for good are not offered again. Throws ChainUnavailable.
   */
  present: CoinsOnChain;
}

export type CoinsOnChain = (
  coins: readonly SpendCoin[],
  store: Pick<SpendPlaces, 'coinsGone'>,
) => Promise<readonly SpendCoin[]>;

interface WitnessParts {
  readonly nodes: CoreNodes;
  readonly scripts: AccountScripts;
  readonly policy: Pick<SpendPolicy, 'searchedBlocks' | 'finalBlocks'>;
}

export function createWitnesses({
  nodes,
  scripts,
  policy: { searchedBlocks, finalBlocks },
}: WitnessParts): Witnesses {
  const each = Array.from({ length: nodes.count }, () => ({
    look: createSpendSight(searchedBlocks),
    absent: createAbsentCoins(),
    // A payout's choice of coins and a proof about others must not forget for one another.
    absentOfFree: createAbsentCoins(),
  }));
  const of = (node: number): (typeof each)[number] => {
    const witness = each[node];
    if (!witness) throw new RangeError(`there is no node ${node}`);
    return witness;
  };
  /** An address of a former account key is watched still, but another key spends from it. */
  const isOurs = ({ address, path }: SpendCoin): boolean =>
    address === undefined || address === null || scripts.of(path).address === address;

  return {
    look: async (coins, txIds) =>
      agreed(
        await nodes.answers('looking for a transaction', (rpc, node) => of(node).look(rpc, coins, txIds)),
      ),

    async areUsedElsewhere(spend) {
      const proofs = await nodes.answers('looking who used coins', (rpc, node) =>
        isUsedElsewhere(rpc, of(node), searchedBlocks, spend),
      );
      return proofs.length === nodes.count && proofs.every(Boolean);
    },

    async present(free, store) {
      const coins = free.filter(isOurs);
      const away = await nodes.answers('looking at coins', (rpc, node) => of(node).absentOfFree(rpc, coins));
      const isGone = ({ id }: SpendCoin): boolean =>
        away.length === nodes.count && away.every((depths) => (depths.get(id) ?? 0) >= finalBlocks);
      const gone = coins.filter(isGone);
      if (gone.length > 0) await store.coinsGone(gone);
      return coins.filter(({ id }) => !away.some((depths) => depths.has(id)));
    },
  };
}
