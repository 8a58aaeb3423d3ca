import type { BlockRef } from '../../usecases/ports/chain-store.ts';
import { orphanStale } from './process-block.ts';
import type { WatchedNetwork } from './watched-network.ts';

/** The chain differs from all that is remembered of it. Nobody can tell which payments still stand: an operator must. */
export class ReorgTooDeep extends Error {
  override readonly name = 'ReorgTooDeep';
}

/**
 * Goes back from the cursor to the highest remembered block up to `from` that is still on the chain, and takes back
 * every payment above it, confirmed and credited ones as well (FEATURES D12). Gives the ancestor, where the cursor
 * stands then.
 *
 * The cursor moves first: what a crash leaves to be taken back stands above it in no remembered block, and is taken
 * back before the next block is taken in. Throws ReorgTooDeep when no remembered block is left.
 */
export async function followReorg(
  network: WatchedNetwork,
  cursor: BlockRef,
  from: bigint,
  signal: AbortSignal,
): Promise<BlockRef> {
  const { reader, store, logger, clock } = network;
  const ancestor = await commonAncestor(network, from, signal);
  signal.throwIfAborted();
  await store.rewind(reader.network, cursor, ancestor, clock.now());
  const depth = from - ancestor.height;
  logger.warn({ network: reader.network, depth, ancestor: ancestor.height }, 'the chain was reorganised');
  const { orphaned, confirmed } = await orphanStale(network, ancestor, null, signal);
  if (orphaned > 0)
    logger.warn({ network: reader.network, orphaned }, 'payments in replaced blocks were taken back');
  if (confirmed > 0) {
    logger.error(
      { network: reader.network, depth, confirmed },
      'the reorganisation took confirmed payments back: more confirmations may be due',
    );
  }
  return ancestor;
}

async function commonAncestor(
  { reader, store }: WatchedNetwork,
  from: bigint,
  signal: AbortSignal,
): Promise<BlockRef> {
  for (let height = from; ; height -= 1n) {
    signal.throwIfAborted();
    const hash = await store.hashAt(reader.network, height);
    if (hash === null) {
      throw new ReorgTooDeep(
        `${reader.network}: block ${height + 1n}, the lowest remembered, is not on the chain`,
      );
    }
    const header = await reader.header(height);
    if (header?.hash === hash) return { height, hash };
  }
}
