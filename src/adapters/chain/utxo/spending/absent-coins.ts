import { z } from 'zod';
import type { BlockRef } from '../../../../usecases/ports/chain-store.ts';
import type { SpendCoin } from '../../../../usecases/ports/chain-spender.ts';
import { resultOf, type Answer, type Call, type CoreRpc } from '../core-rpc.ts';
import { NodeFailure } from '../node-failure.ts';
import { readyTip } from '../node-state.ts';

/**
 * Those of some coins that cannot be spent now, by their id: blocks, its own included, since a tip at which the chain did
 * not have the coin, and it still does not. 0 while that is not so: a transaction that waits in the pool spends it, or
 * makes it again after a reorg. Throws NodeFailure.
 */
export type AbsentCoins = (rpc: CoreRpc, coins: readonly SpendCoin[]) => Promise<ReadonlyMap<string, number>>;

const header = z.object({ height: z.int().nonnegative(), confirmations: z.int() });
/** The chain may move while it is looked at; then once more. */
const MOST_LOOKS = 4;
/** Coins that are remembered. */
const MOST_KEPT = 10_000;

/**
 * Remembers, of one node, at which tip a coin was first missing. As long as that block is one of the chain, whatever took
 * the coin is at least as deep. What is forgotten by a restart is waited for again.
 */
export function createAbsentCoins(): AbsentCoins {
  const firstMissing = new Map<string, BlockRef>();

  const depthOf = async (rpc: CoreRpc, tip: BlockRef, { id }: SpendCoin): Promise<number> => {
    const first = firstMissing.get(id);
    const [answer] = first ? await rpc.askAll([['getblockheader', first.hash]]) : [];
    if (answer && 'result' in answer) {
      const { confirmations } = resultOf(header, answer, 'getblockheader');
      if (confirmations > 0) return confirmations;
    }
    firstMissing.set(id, tip);
    const [oldest] = firstMissing.keys();
    if (firstMissing.size > MOST_KEPT && oldest !== undefined) firstMissing.delete(oldest);
    return 1;
  };

  const lookAt = async (
    rpc: CoreRpc,
    tip: BlockRef,
    coins: readonly SpendCoin[],
  ): Promise<ReadonlyMap<string, number>> => {
    const onChain = await present(rpc, coins, false);
    const unspentInPool = await present(rpc, coins, true);
    const away = coins.filter(({ id }) => !onChain.has(id) || !unspentInPool.has(id));
    const waiting = await rpc.askAll(away.map(({ txId }): Call => ['getmempoolentry', txId]));
    if ((await readyTip(rpc)).hash !== tip.hash) throw MOVED;
    const found = new Map<string, number>();
    for (const [i, coin] of away.entries()) {
      const isMissing = !onChain.has(coin.id) && !isResult(waiting[i]);
      if (!isMissing) firstMissing.delete(coin.id);
      found.set(coin.id, isMissing ? await depthOf(rpc, tip, coin) : 0);
    }
    for (const { id } of coins) if (!found.has(id)) firstMissing.delete(id);
    return found;
  };

  return async (rpc, coins) => {
    for (let look = 0; look < MOST_LOOKS; look += 1) {
      const tip = await readyTip(rpc);
      try {
        return await lookAt(rpc, tip, coins);
      } catch (fault) {
        if (fault !== MOVED) throw fault;
      }
    }
    throw MOVED;
  };
}

/** Answers of two tips do not fit together. */
const MOVED = new NodeFailure('the chain moves while it is looked at');

const isResult = (answer: Answer | undefined): boolean => answer !== undefined && 'result' in answer;

/** The ids of those that the node has as unspent outputs, its pool counted or not. */
async function present(
  rpc: CoreRpc,
  coins: readonly SpendCoin[],
  countsPool: boolean,
): Promise<ReadonlySet<string>> {
  const answers = await rpc.askAll(
    coins.map(({ txId, outputIndex }): Call => ['gettxout', txId, outputIndex, countsPool]),
  );
  const found = answers.map((answer) => resultOf(z.unknown(), answer, 'gettxout') !== null);
  return new Set(coins.filter((_, i) => found[i] === true).map(({ id }) => id));
}
