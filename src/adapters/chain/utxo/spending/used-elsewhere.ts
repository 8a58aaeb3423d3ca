import { z } from 'zod';
import type { SpendCoin } from '../../../../usecases/ports/chain-spender.ts';
import { resultOf, type CoreRpc } from '../core-rpc.ts';
import type { Witness } from './witnesses.ts';

const chainInfo = z.object({ blocks: z.int().nonnegative(), pruneheight: z.int().nonnegative().optional() });
const hash = z.string();
const header = z.object({ time: z.int().nonnegative(), confirmations: z.int() });

/** How far a miner's clock may be off (a node takes no block that is more than two hours ahead of its own). */
const CLOCKS_MS = 3 * 60 * 60 * 1_000;

export interface SpendToProve {
  readonly coins: readonly SpendCoin[];
  readonly txIds: readonly string[];
  readonly since: Date;
  readonly confirmations: number;
}

/**
 * Whether one node proves that other transactions used the coins: a coin of them is gone for good, and all blocks since
 * the first of these transactions was signed were searched for them. Throws NodeFailure.
 */
export async function isUsedElsewhere(
  rpc: CoreRpc,
  { look, absent }: Witness,
  searchedBlocks: number,
  { coins, txIds, since, confirmations }: SpendToProve,
): Promise<boolean> {
  const depths = await absent(rpc, coins);
  const gone = coins.filter(({ id }) => (depths.get(id) ?? 0) >= confirmations);
  if (!(await wereThere(rpc, gone))) return false;
  if ((await look(rpc, coins, txIds)).sight.kind !== 'FOREIGN') return false;
  return await reachesBack(rpc, searchedBlocks, since);
}

/**
 * Whether the chain has made one of the coins: then it was used. One that was never there, because a reorg took its
 * payment back, may still come, and with it what was signed for it.
 */
async function wereThere(rpc: CoreRpc, coins: readonly SpendCoin[]): Promise<boolean> {
  for (const { txId, blockHash } of coins) {
    if (!blockHash) continue;
    const answers = await rpc.askAll([
      ['getblockheader', blockHash],
      ['getrawtransaction', txId, false, blockHash],
    ]);
    const [block, made] = answers;
    if (!block || !('result' in block) || !made || !('result' in made)) continue;
    if (resultOf(header, block, 'getblockheader').confirmations > 0) return true;
  }
  return false;
}

/** Whether the newest blocks that are searched, and that a pruned node has, are all since that moment. */
async function reachesBack(rpc: CoreRpc, searched: number, since: Date): Promise<boolean> {
  const { blocks, pruneheight = 0 } = await rpc.ask(chainInfo, 'getblockchaininfo');
  const lowest = Math.max(blocks + 1 - searched, pruneheight);
  if (lowest <= 0) return true;
  const found = await rpc.ask(hash, 'getblockhash', lowest);
  const [answer] = await rpc.askAll([['getblockheader', found]]);
  if (!answer) return false;
  return resultOf(header, answer, 'getblockheader').time * 1_000 < since.getTime() - CLOCKS_MS;
}
