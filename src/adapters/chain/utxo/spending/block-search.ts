import { z } from 'zod';
import type { BlockRef } from '../../../../usecases/ports/chain-store.ts';
import { resultOf, type Call, type CoreRpc } from '../core-rpc.ts';

/** A transaction's block, found among the newest; null when none of the transactions is in them. Throws NodeFailure. */
export type BlockSearch = (rpc: CoreRpc, tip: BlockRef, txIds: readonly string[]) => Promise<FoundIn | null>;

interface FoundIn {
  readonly txId: string;
  readonly hash: string;
}

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const block = z.object({ tx: z.array(z.string()) });
const header = z.object({ confirmations: z.int() });

/** Ids of a block of Bitcoin are some 200 KB of text. */
const BLOCKS_AT_ONCE = 10;
/** What is remembered of earlier searches. */
const MOST_KEPT = 1_000;

/**
 * For nodes without an index of transactions: newest blocks first, so what was mined lately is found at once. What was
 * found or searched is remembered, as long as its block is one of the chain.
 */
export function createBlockSearch(depth: number): BlockSearch {
  const found = new Map<string, string>();
  /** The newest block of a search that found none of these transactions. */
  const searched = new Map<string, BlockRef>();

  return async (rpc, tip, txIds) => {
    for (const txId of txIds) {
      const known = found.get(txId);
      if (known !== undefined && (await isOfChain(rpc, known))) return { txId, hash: known };
    }
    const key = txIds.join();
    const before = searched.get(key);
    const lowest = before && (await isOfChain(rpc, before.hash)) ? Number(before.height) + 1 : 0;
    const { hit, isWhole } = await searchDown(
      rpc,
      Number(tip.height),
      Math.max(lowest, Number(tip.height) + 1 - depth),
      txIds,
    );
    if (hit) keep(found, hit.txId, hit.hash);
    else if (isWhole) keep(searched, key, tip);
    return hit;
  };
}

/** A node forgets nothing of the blocks that it had; -1 confirmations are those of a block that was given up. */
async function isOfChain(rpc: CoreRpc, known: string): Promise<boolean> {
  const [answer] = await rpc.askAll([['getblockheader', known]]);
  return (
    answer !== undefined && 'result' in answer && resultOf(header, answer, 'getblockheader').confirmations > 0
  );
}

async function searchDown(
  rpc: CoreRpc,
  from: number,
  to: number,
  txIds: readonly string[],
): Promise<{ readonly hit: FoundIn | null; readonly isWhole: boolean }> {
  for (let top = from; top >= to; top -= BLOCKS_AT_ONCE) {
    const heights = Array.from({ length: Math.min(BLOCKS_AT_ONCE, top - to + 1) }, (_, i) => top - i);
    const hashes = (await rpc.askAll(heights.map((height): Call => ['getblockhash', height]))).map((answer) =>
      resultOf(hash, answer, 'getblockhash'),
    );
    const answers = await rpc.askAll(hashes.map((each): Call => ['getblock', each, 1]));
    for (const [i, answer] of answers.entries()) {
      // A pruned node has no older ones either; what it cannot give for another reason is asked for again.
      if ('refusal' in answer) return { hit: null, isWhole: /pruned/.test(answer.refusal.message) };
      const ids = new Set(resultOf(block, answer, 'getblock').tx);
      const txId = txIds.find((each) => ids.has(each));
      const at = hashes[i];
      if (txId !== undefined && at !== undefined) return { hit: { txId, hash: at }, isWhole: true };
    }
  }
  return { hit: null, isWhole: true };
}

/** Bounded: what was kept first is forgotten first. */
function keep<T>(kept: Map<string, T>, key: string, value: T): void {
  kept.set(key, value);
  const [oldest] = kept.keys();
  if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
}
