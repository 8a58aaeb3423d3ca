import { MAX_RANGE, type ChainReader } from '../../../usecases/ports/chain-reader.ts';
import { utxoChainOf } from '../addresses/utxo-chains.ts';
import { createCoreNodes, type CoreNodesConfig } from './core-nodes.ts';
import { readyTip } from './node-state.ts';
import { blocksBetween, headerAt } from './utxo-blocks.ts';
import { createUtxoPool } from './utxo-pool.ts';

export interface UtxoReaderConfig extends Omit<CoreNodesConfig, 'genesis'> {
  /** The network's coin. */
  readonly asset: string;
}

/**
 * Reads a network of the Bitcoin family from Bitcoin Core or Litecoin Core, 0.21 or newer: blocks and the pool of
 * waiting transactions. The node needs neither a wallet nor an index of transactions; it may be pruned, as long as it
 * keeps the blocks that were not read yet.
 *
 * Throws RangeError when the network has no such chain. The reader throws ChainUnavailable when no node answers, is
 * ready or makes sense, and a plain Error when all nodes are of another chain than configured.
 */
export function createUtxoReader({ asset, ...config }: UtxoReaderConfig): ChainReader {
  const { network, chain } = config;
  const parameters = utxoChainOf(network, chain);
  if (!parameters) throw new RangeError(`${network} has no chain ${chain}`);
  const nodes = createCoreNodes({ ...config, genesis: parameters.genesis });
  return {
    network,
    async head() {
      const { height } = await nodes.using('reading the head', readyTip);
      return { height, finalized: null };
    },
    header: (height) => nodes.using(`reading header ${height}`, (rpc) => headerAt(rpc, height)),
    async blocks(from, to) {
      if (to - from >= MAX_RANGE) throw new RangeError(`more than ${MAX_RANGE} blocks at a time`);
      if (to < from) return [];
      return nodes.using(`reading blocks ${from} to ${to}`, (rpc) => blocksBetween(rpc, from, to, asset));
    },
    // An output of a mined transaction is there: nothing can fail.
    carriedOut: async (_block, transfers) => transfers,
    pool: createUtxoPool(nodes, asset),
  };
}
