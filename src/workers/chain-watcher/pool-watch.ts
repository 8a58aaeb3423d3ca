import type { Transfer } from '../../usecases/ports/chain-reader.ts';
import type { BlockRef } from '../../usecases/ports/chain-store.ts';
import { match } from './match.ts';
import { inOwnersOrder, observe, orphan } from './payment-steps.ts';
import type { WatchedNetwork } from './watched-network.ts';

/** What came of a look at the memory pool: 'other-tip' when the node's highest block is not the cursor. */
export type PoolLook = 'looked' | 'not-ready' | 'other-tip';

export interface PoolWatch {
  /**
   * Takes in the transfers that wait for a block, and takes back payments whose transaction left the memory pool
   * without one: replaced, spent otherwise or dropped. Only a pool that was read at the cursor counts: a transaction
   * that is missing from it is in no block up to the cursor either. A failure is made up for by the next look.
   */
  look(cursor: BlockRef, signal: AbortSignal): Promise<PoolLook>;
}

/** Null where only blocks are read. Everything in the pool is looked at anew. */
export function createPoolWatch(network: WatchedNetwork): PoolWatch | null {
  const { pool } = network.reader;
  if (!pool) return null;
  pool.reset();
  /** The reader gives each transfer once; those of a pool that did not count wait here. */
  let waiting: readonly Transfer[] = [];

  return {
    async look(cursor, signal) {
      try {
        const view = await pool.read();
        if (!view) return 'not-ready';
        waiting = [...waiting, ...view.transfers].filter(({ txId }) => view.txIds.has(txId));
        if (view.tip.height !== cursor.height || view.tip.hash !== cursor.hash) return 'other-tip';
        await takeIn(network, waiting, signal);
        waiting = [];
        await orphanGone(network, view.txIds, signal);
        return 'looked';
      } catch (error) {
        waiting = [];
        pool.reset();
        throw error;
      }
    },
  };
}

/** What only an operator can use is kept when it stands in a block. */
async function takeIn(
  network: WatchedNetwork,
  transfers: readonly Transfer[],
  signal: AbortSignal,
): Promise<void> {
  const at = network.clock.now();
  const { matched } = await match(network.reader.network, network.store, transfers);
  await inOwnersOrder(matched, signal, ({ owner, transfer }) =>
    observe(network, { owner, block: null, at, transfer }),
  );
}

async function orphanGone(
  network: WatchedNetwork,
  txIds: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<void> {
  const pooled = await network.store.pooled(network.reader.network);
  const gone = pooled.filter(({ txId }) => !txIds.has(txId));
  await inOwnersOrder(gone, signal, (payment) => orphan(network, { ...payment, blockHash: null }));
}
