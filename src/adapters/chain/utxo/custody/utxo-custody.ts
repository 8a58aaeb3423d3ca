import { z } from 'zod';
import type { SpendSight } from '../../../../usecases/ports/chain-spender.ts';
import type { CustodyChain, CustodyPlaces } from '../../../../usecases/ports/custody-chain.ts';
import type { OpenSpend } from '../../../../usecases/ports/spend-store.ts';
import { utxoChainOf } from '../../addresses/utxo-chains.ts';
import { createCoreNodes, type CoreNodesConfig } from '../core-nodes.ts';
import { resultOf, type Call, type CoreRpc } from '../core-rpc.ts';
import { readyTip } from '../node-state.ts';
import { spendPolicyOf } from '../spending/spend-policy.ts';
import { createSpendSight } from '../spending/spend-sight.ts';

export interface UtxoCustodyConfig extends Omit<CoreNodesConfig, 'genesis'> {
  /** The network's coin. */
  readonly asset: string;
}

const unspent = z.object({ value: z.bigint() }).nullable();

/**
 * Reads which of the gateway's coins are unspent. A node tells of its newest block only, so the gateway must have taken
 * that in. Throws RangeError when the network has no such chain.
 */
export function createUtxoCustody({ asset, ...config }: UtxoCustodyConfig): CustodyChain {
  const { network, chain } = config;
  const parameters = utxoChainOf(network, chain);
  if (!parameters) throw new RangeError(`${network} has no chain ${chain}`);
  const nodes = createCoreNodes({ ...config, genesis: parameters.genesis });
  const { searchedBlocks } = spendPolicyOf(network);
  const lookers = Array.from({ length: nodes.count }, () => createSpendSight(searchedBlocks));

  const sightOf = async (
    rpc: CoreRpc,
    node: number,
    { place, transactions }: OpenSpend,
  ): Promise<SpendSight> => {
    const look = lookers[node];
    if (place.family !== 'UTXO' || !look) throw new RangeError('a place of another family');
    const txIds = transactions.map(({ txId }) => txId);
    return (await look(rpc, place.coins, txIds)).sight;
  };

  return {
    network,
    assets: [asset],
    look: (at, { coins }, open) =>
      nodes.using('reading what is held', async (rpc, node) => {
        if ((await readyTip(rpc)).hash !== at.hash) return null;
        const held = await heldIn(rpc, coins);
        const sights: SpendSight[] = [];
        for (const spend of open) sights.push(await sightOf(rpc, node, spend));
        if ((await readyTip(rpc)).hash !== at.hash) return null;
        return { held: new Map([[asset, held]]), sights };
      }),
  };
}

async function heldIn(rpc: CoreRpc, coins: CustodyPlaces['coins']): Promise<bigint> {
  const answers = await rpc.askAll(
    coins.map(({ txId, outputIndex }): Call => ['gettxout', txId, outputIndex, false]),
  );
  return answers.reduce((sum, answer) => sum + (resultOf(unspent, answer, 'gettxout')?.value ?? 0n), 0n);
}
