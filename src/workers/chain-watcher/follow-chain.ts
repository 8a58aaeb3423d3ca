import { ChainUnavailable, MAX_RANGE, type ChainHead } from '../../usecases/ports/chain-reader.ts';
import type { BlockRef } from '../../usecases/ports/chain-store.ts';
import { createPoolWatch } from './pool-watch.ts';
import { processBlock } from './process-block.ts';
import { followReorg } from './reorg.ts';
import { confirmUpTo, settleUpTo } from './settle.ts';
import type { WatchedNetwork } from './watched-network.ts';

/** How far the reading has come; told after every block. */
export interface Progress {
  readonly height: bigint;
  readonly head: ChainHead;
}

export interface ChainFollower {
  /**
   * Takes in the chain from the stored cursor up to the head, and then what waits for a block. Throws ChainUnavailable,
   * ReorgTooDeep, and what the store and the use cases throw; doing it again goes on where it stopped.
   */
  catchUp(signal: AbortSignal): Promise<void>;
}

/** @param startHeight where a network begins that was never read; by default as far below the head as reorgs reach */
export function createChainFollower(
  network: WatchedNetwork,
  startHeight: bigint | undefined,
  onProgress: (progress: Progress) => Promise<void>,
): ChainFollower {
  const { reader, store, clock } = network;
  const pool = createPoolWatch(network);
  let checked = false;
  let finalized: bigint | null = null;

  /** The cursor, known to lie on the chain: after a pause the chain may have changed below it. */
  const begin = async (head: ChainHead, signal: AbortSignal): Promise<BlockRef | null> => {
    const cursor =
      (await store.cursor(reader.network)) ?? (await firstCursor(network, startHeight, head.height));
    if (!cursor || (checked && head.height >= cursor.height)) return cursor;
    const onChain = await backOnChain(network, cursor, head.height, signal);
    const settled =
      onChain.height <= head.height ? await settleUpTo(network, onChain, head, signal) : onChain;
    checked = true;
    return settled;
  };

  /** At the head: what became final without a new block, and what waits for one. */
  const atHead = async (cursor: BlockRef, head: ChainHead, signal: AbortSignal): Promise<void> => {
    if (head.finalized !== finalized) await confirmUpTo(network, cursor, head, signal);
    finalized = head.finalized;
    // Another block at the same height leaves no other trace until the next one.
    if (pool && (await pool.look(cursor, signal)) === 'other-tip') checked = false;
  };

  return {
    async catchUp(signal) {
      let head = await reader.head();
      let cursor = await begin(head, signal);
      const tell = (at: BlockRef): Promise<void> => onProgress({ height: at.height, head });
      while (cursor) {
        signal.throwIfAborted();
        await tell(cursor);
        if (cursor.height >= head.height) {
          const askedAt = clock.now();
          head = await reader.head();
          // Payments mined before this moment are known now: invoices whose time was over by then may expire.
          if (cursor.height === head.height) await store.caughtUp(reader.network, cursor, askedAt);
        }
        if (cursor.height >= head.height) return atHead(cursor, head, signal);
        cursor = await takeRange(network, cursor, head, tell, signal);
      }
    },
  };
}

/**
 * Some blocks forward, as many as the reader gives at once, or back to where the chain still is as it was read; null
 * when the chain became shorter.
 */
async function takeRange(
  network: WatchedNetwork,
  from: BlockRef,
  head: ChainHead,
  tell: (cursor: BlockRef) => Promise<void>,
  signal: AbortSignal,
): Promise<BlockRef | null> {
  const furthest = from.height + MAX_RANGE;
  const to = furthest < head.height ? furthest : head.height;
  const blocks = await network.reader.blocks(from.height + 1n, to);
  if (blocks.length === 0) return null;
  let cursor = from;
  for (const block of blocks) {
    signal.throwIfAborted();
    if (block.height !== cursor.height + 1n)
      throw new ChainUnavailable(`${network.reader.network}: the node skipped block ${cursor.height + 1n}`);
    if (block.parentHash !== cursor.hash) {
      // Within a range the node is asked again: the chain may have changed while it answered.
      return cursor === from ? followReorg(network, cursor, cursor.height, signal) : cursor;
    }
    const next = await processBlock(network, block, head, signal);
    await tell(next);
    if (next.hash !== block.hash) return next;
    cursor = next;
  }
  return cursor;
}

/**
 * The first cursor stands below the first block, so that a crash within that block reads it again. Without a given
 * height it is `confirmations` below the head: then the first small reorg finds its ancestor.
 */
async function firstCursor(
  { reader, store, confirmations, rememberedBlocks, clock }: WatchedNetwork,
  startHeight: bigint | undefined,
  head: bigint,
): Promise<BlockRef | null> {
  const below = head - BigInt(confirmations);
  const first = await reader.header(startHeight ?? (below > 0n ? below : 0n));
  if (!first) return null;
  const cursor =
    first.height === 0n
      ? { height: first.height, hash: first.hash }
      : { height: first.height - 1n, hash: first.parentHash };
  await store.advance(reader.network, cursor, rememberedBlocks, clock.now());
  return cursor;
}

/** Compares the highest block that both the node and the memory know. */
async function backOnChain(
  network: WatchedNetwork,
  cursor: BlockRef,
  head: bigint,
  signal: AbortSignal,
): Promise<BlockRef> {
  const { reader, store } = network;
  const height = head < cursor.height ? head : cursor.height;
  const remembered = await store.hashAt(reader.network, height);
  const header = await reader.header(height);
  // A node that is still loading the chain proves nothing.
  if (remembered === null || !header) {
    throw new ChainUnavailable(
      `${reader.network}: the node is at ${head}, far below the cursor at ${cursor.height}`,
    );
  }
  return header.hash === remembered ? cursor : followReorg(network, cursor, height, signal);
}
