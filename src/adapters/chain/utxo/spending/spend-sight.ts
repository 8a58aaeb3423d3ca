import { z } from 'zod';
import type { BlockRef } from '../../../../usecases/ports/chain-store.ts';
import type { SpendCoin, SpendSight } from '../../../../usecases/ports/chain-spender.ts';
import type { NodeSight } from '../../node-sights.ts';
import { refused, resultOf, type Answer, type Call, type CoreRpc } from '../core-rpc.ts';
import { NodeFailure } from '../node-failure.ts';
import { readyTip } from '../node-state.ts';
import { createBlockSearch } from './block-search.ts';

/**
 * Looks for transactions that spend these coins, of which one at most can be mined. The node needs neither a wallet nor
 * an index of transactions. Throws NodeFailure.
 */
export type LookForSpend = (
  rpc: CoreRpc,
  coins: readonly SpendCoin[],
  txIds: readonly string[],
) => Promise<NodeSight>;

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const unspent = z.object({ confirmations: z.int().nonnegative() }).nullable();
const header = z.object({ height: z.int().nonnegative(), confirmations: z.int() });
const transaction = z.object({
  vin: z.array(z.object({ txid: z.string(), vout: z.int().nonnegative() })),
  vout: z.array(z.object({ value: z.bigint() })),
});

/** RPC_INVALID_ADDRESS_OR_KEY: not in the pool. */
const NOT_THERE = -5;
/** A spend pays its payee and, mostly, its change: outputs 0 and 1. */
const OUTPUTS = [0, 1];
/** The chain may move while it is looked at; then once more. */
const MOST_LOOKS = 4;

/** @param searched blocks that are searched for a transaction whose outputs are all spent again */
export function createSpendSight(searched: number): LookForSpend {
  const search = createBlockSearch(searched);

  /** Null when the chain moved meanwhile. */
  const lookAt = async (
    rpc: CoreRpc,
    tip: BlockRef,
    coins: readonly SpendCoin[],
    txIds: readonly string[],
  ): Promise<SpendSight | null> => {
    const output = await ownOutput(rpc, txIds);
    if (output) {
      const found = await rpc.ask(hash, 'getblockhash', Number(tip.height) + 1 - output.confirmations);
      return await mined(rpc, coins, output.txId, found);
    }
    const inPool = await pooled(rpc, txIds);
    const [waiting] = inPool;
    if (waiting !== undefined) return { kind: 'POOL', txId: waiting };
    if (!(await anySpent(rpc, coins))) return { kind: 'UNSEEN' };
    const place = await search(rpc, tip, txIds);
    return place ? await mined(rpc, coins, place.txId, place.hash) : { kind: 'FOREIGN' };
  };

  return async (rpc, coins, txIds) => {
    for (let look = 0; look < MOST_LOOKS; look += 1) {
      const tip = await readyTip(rpc);
      const sight = await lookAt(rpc, tip, coins, txIds).catch((fault: unknown) => {
        if (fault instanceof NodeFailure) return fault;
        throw fault;
      });
      // Answers of two tips do not fit together: they prove nothing, not even a fault.
      if ((await readyTip(rpc)).hash !== tip.hash) continue;
      if (sight instanceof NodeFailure) throw sight;
      if (sight) return { head: tip.height, sight };
    }
    throw new NodeFailure('the chain moves while it is looked at');
  };
}

/** An unspent output that one of the transactions has in a block. */
async function ownOutput(
  rpc: CoreRpc,
  txIds: readonly string[],
): Promise<{ readonly txId: string; readonly confirmations: number } | null> {
  const places = txIds.flatMap((txId) => OUTPUTS.map((output) => ({ txId, output })));
  const answers = await rpc.askAll(places.map(({ txId, output }): Call => ['gettxout', txId, output, false]));
  for (const [i, { txId }] of places.entries()) {
    const found = resultOf(unspent, answerAt(answers, i), 'gettxout');
    if (found && found.confirmations > 0) return { txId, confirmations: found.confirmations };
  }
  return null;
}

/** Those of the transactions that wait in the pool. */
async function pooled(rpc: CoreRpc, txIds: readonly string[]): Promise<readonly string[]> {
  const answers = await rpc.askAll(txIds.map((txId): Call => ['getmempoolentry', txId]));
  return txIds.filter((_, i) => {
    const answer = answerAt(answers, i);
    if (!('refusal' in answer)) return true;
    if (answer.refusal.code !== NOT_THERE) throw refused('getmempoolentry', answer.refusal);
    return false;
  });
}

/** Whether the chain used one of the coins. One whose own transaction waits in the pool again (a reorg) is not used. */
async function anySpent(rpc: CoreRpc, coins: readonly SpendCoin[]): Promise<boolean> {
  const answers = await rpc.askAll(
    coins.map(({ txId, outputIndex }): Call => ['gettxout', txId, outputIndex, false]),
  );
  const missing = coins.filter((_, i) => !resultOf(unspent, answerAt(answers, i), 'gettxout'));
  const waiting = await pooled(
    rpc,
    missing.map(({ txId }) => txId),
  );
  return missing.some(({ txId }) => !waiting.includes(txId));
}

/** Null when the block is none of the chain any more. */
async function mined(
  rpc: CoreRpc,
  coins: readonly SpendCoin[],
  txId: string,
  block: string,
): Promise<SpendSight | null> {
  const [told, body] = await rpc.askAll([
    ['getblockheader', block],
    ['getrawtransaction', txId, true, block],
  ]);
  const { height, confirmations } = resultOf(header, told ?? NO_ANSWER, 'getblockheader');
  if (confirmations < 1) return null;
  const { vin, vout } = resultOf(transaction, body ?? NO_ANSWER, 'getrawtransaction');
  const known = new Set(coins.map((coin) => `${coin.txId}:${coin.outputIndex}`));
  if (vin.length !== coins.length || !vin.every(({ txid, vout: output }) => known.has(`${txid}:${output}`))) {
    throw new NodeFailure('the node gave a transaction of other coins');
  }
  const paidIn = coins.reduce((sum, { amount }) => sum + amount, 0n);
  const paidOut = vout.reduce((sum, { value }) => sum + value, 0n);
  return {
    kind: 'MINED',
    txId,
    height: BigInt(height),
    hash: block,
    confirmations,
    // A transaction of this family is carried out or not mined.
    succeeded: true,
    feePaid: paidIn - paidOut,
  };
}

const NO_ANSWER: Answer = { refusal: { code: 0, message: 'no answer' } };

const answerAt = (answers: readonly Answer[], index: number): Answer => answers[index] ?? NO_ANSWER;
