import { ChainUnavailable } from '../../usecases/ports/chain-reader.ts';
import type { BlockRef } from '../../usecases/ports/chain-store.ts';
import { processBlock } from './process-block.ts';
import { followReorg } from './reorg.ts';
import { settleUpTo } from './settle.ts';
import type { WatchedNetwork } from './watched-network.ts';

/** How far the reading has come; told after every block. */
export interface Progress {
  readonly height: bigint;
  readonly head: bigint;
}

export interface ChainFollower {
  /**
   * Takes in the chain from the stored cursor up to the head. Throws ChainUnavailable, ReorgTooDeep, and what the
   * store and the use cases throw; doing it again goes on where it stopped.
   */
  catchUp(signal: AbortSignal): Promise<void>;
}

/** @param startHeight where a network begins that was never read; by default as far below the head as reorgs reach */
export function createChainFollower(
  network: WatchedNetwork,
  startHeight: bigint | undefined,
  onProgress: (progress: Progress) => void,
): ChainFollower {
  const { reader, store, clock } = network;
  let checked = false;

  /** The cursor, known to lie on the chain: after a pause the chain may have changed below it. */
  const begin = async (head: bigint, signal: AbortSignal): Promise<BlockRef | null> => {
    const cursor = (await store.cursor(reader.network)) ?? (await firstCursor(network, startHeight, head));
    if (!cursor || (checked && head >= cursor.height)) return cursor;
    const onChain = await backOnChain(network, cursor, head, signal);
    const settled = onChain.height <= head ? await settleUpTo(network, onChain, signal) : onChain;
    checked = true;
    return settled;
  };

  return {
    async catchUp(signal) {
      let head = await reader.head();
      let cursor = await begin(head, signal);
      while (cursor) {
        signal.throwIfAborted();
        onProgress({ height: cursor.height, head });
        if (cursor.height >= head) {
          const askedAt = clock.now();
          head = await reader.head();
          // Payments mined before this moment are known now: invoices whose time was over by then may expire.
          if (cursor.height === head) await store.caughtUp(reader.network, cursor, askedAt);
        }
        if (cursor.height >= head) return;
        cursor = await step(network, cursor, signal);
      }
    },
  };
}

/** One block forward, or back to where the chain still is as it was read; null when the chain became shorter. */
async function step(
  network: WatchedNetwork,
  cursor: BlockRef,
  signal: AbortSignal,
): Promise<BlockRef | null> {
  const block = await network.reader.block(cursor.height + 1n);
  if (!block) return null;
  if (block.parentHash !== cursor.hash) return followReorg(network, cursor.height, signal);
  return processBlock(network, block, signal);
}

/**
 * The first cursor stands below the first block, so that a crash within that block reads it again. Without a given
 * height it is `confirmations` below the head: then the first small reorg finds its ancestor.
 */
async function firstCursor(
  { reader, store, confirmations, rememberedBlocks }: WatchedNetwork,
  startHeight: bigint | undefined,
  head: bigint,
): Promise<BlockRef | null> {
  const below = head - BigInt(confirmations);
  const first = await reader.block(startHeight ?? (below > 0n ? below : 0n));
  if (!first) return null;
  const cursor =
    first.height === 0n
      ? { height: first.height, hash: first.hash }
      : { height: first.height - 1n, hash: first.parentHash };
  await store.advance(reader.network, cursor, rememberedBlocks);
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
  const block = await reader.block(height);
  // A node that is still loading the chain proves nothing.
  if (remembered === null || !block) {
    throw new ChainUnavailable(
      `${reader.network}: the node is at ${head}, far below the cursor at ${cursor.height}`,
    );
  }
  return block.hash === remembered ? cursor : followReorg(network, height, signal);
}
