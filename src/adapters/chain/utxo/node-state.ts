import { z } from 'zod';
import type { BlockRef } from '../../../usecases/ports/chain-store.ts';
import type { CoreRpc } from './core-rpc.ts';
import { NodeFailure } from './node-failure.ts';

const info = z.object({
  chain: z.string(),
  blocks: z.int().nonnegative(),
  headers: z.int().nonnegative(),
  bestblockhash: z.string(),
  initialblockdownload: z.boolean(),
});

export interface ExpectedChain {
  readonly network: string;
  /** As the node calls it: main, test, regtest … */
  readonly chain: string;
  /** Hash of block 0: Bitcoin's and Litecoin's main chains have one name. */
  readonly genesis: string;
}

/**
 * Headers that may be ahead of the blocks: a new header comes a moment before its block. With more the node is catching
 * up, and its newest block is none that invoices could be expired by.
 */
const MAX_HEADERS_AHEAD = 3;

/** Throws NodeFailure, marked as foreign, when the node is of another chain. */
export async function checkChain(rpc: CoreRpc, { network, chain, genesis }: ExpectedChain): Promise<void> {
  const { chain: named } = await rpc.ask(info, 'getblockchaininfo');
  const first = await rpc.ask(z.string(), 'getblockhash', 0);
  if (named !== chain || first !== genesis) {
    const which = named === chain ? `a ${chain} chain of another network` : 'another chain';
    throw new NodeFailure(`the node is of ${which}, not of ${network} ${chain}`, { isForeign: true });
  }
}

/** The node's newest block. Throws NodeFailure while the node is still loading the chain. */
export async function readyTip(rpc: CoreRpc): Promise<BlockRef> {
  const { blocks, headers, bestblockhash, initialblockdownload } = await rpc.ask(info, 'getblockchaininfo');
  if (initialblockdownload || headers > blocks + MAX_HEADERS_AHEAD) {
    throw new NodeFailure(`the node is still loading the chain: block ${blocks} of ${headers}`);
  }
  return { height: BigInt(blocks), hash: bestblockhash };
}
