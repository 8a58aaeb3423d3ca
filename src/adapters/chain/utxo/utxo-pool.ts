import { z } from 'zod';
import type { PoolReader, PoolView, Transfer } from '../../../usecases/ports/chain-reader.ts';
import type { CoreNodes } from './core-nodes.ts';
import { BATCH, refused, resultOf, type Answer, type CoreRpc } from './core-rpc.ts';
import { readyTip } from './node-state.ts';
import { coreTransaction, transfersOf } from './utxo-transfers.ts';

const poolInfo = z.object({ loaded: z.boolean().optional() });
const txIds = z.array(z.string());

/** RPC_INVALID_ADDRESS_OR_KEY: `getrawtransaction` says it for a transaction that is not in the pool any more. */
const GONE = -5;

/** Transactions that are looked at in one read; a pool that is new to the gateway takes several. */
const MAX_LOOKS = 5_000;

/**
 * The node's pool. Transactions that were looked at are remembered by their ids until they leave the pool, so the memory
 * is bounded by the node's own bound. What is not looked at yet because there is too much of it comes with later reads.
 */
export function createUtxoPool(nodes: CoreNodes, asset: string): PoolReader {
  let looked: ReadonlySet<string> = new Set();

  const readFrom = async (rpc: CoreRpc): Promise<PoolView | null> => {
    const tip = await readyTip(rpc);
    // Older nodes do not say, and have loaded their pool before they answer.
    if ((await rpc.ask(poolInfo, 'getmempoolinfo')).loaded === false) return null;
    const listed = new Set(await rpc.ask(txIds, 'getrawmempool'));
    const asked = [...listed].filter((id) => !looked.has(id)).slice(0, MAX_LOOKS);
    const transfers: Transfer[] = [];
    // Batch by batch, so that only what matters of the answers is kept.
    for (let from = 0; from < asked.length; from += BATCH) {
      const ids = asked.slice(from, from + BATCH);
      const answers = await rpc.askAll(ids.map((id) => ['getrawtransaction', id, true]));
      for (const [i, id] of ids.entries()) if (isGone(answers[i])) listed.delete(id);
      transfers.push(...answers.flatMap((answer) => transfersIn(answer, asset)));
    }
    if ((await readyTip(rpc)).hash !== tip.hash) return null;
    looked = new Set([...looked, ...asked].filter((id) => listed.has(id)));
    return { tip, txIds: listed, transfers };
  };

  return {
    read: () => nodes.using('reading the pool', readFrom),
    reset() {
      looked = new Set();
    },
  };
}

function isGone(answer: Answer | undefined): boolean {
  if (!answer || !('refusal' in answer)) return false;
  if (answer.refusal.code !== GONE) throw refused('getrawtransaction', answer.refusal);
  return true;
}

const transfersIn = (answer: Answer, asset: string): Transfer[] =>
  'refusal' in answer ? [] : transfersOf(resultOf(coreTransaction, answer, 'getrawtransaction'), asset);
