import type { BlockRef } from '../../usecases/ports/chain-store.ts';
import type { WatchedNetwork } from './watched-network.ts';

/** The chain differs from all that is remembered of it. Nobody can tell which payments still stand: an operator must. */
export class ReorgTooDeep extends Error {
  override readonly name = 'ReorgTooDeep';
}

/**
 * Goes back from `from`, whose block is no longer on the chain, to the highest remembered block that still is, and
 * takes back every unconfirmed payment above it. Gives the ancestor, where the cursor stands then.
 *
 * Repeated from the start after a crash, it does what is left. Throws ReorgTooDeep when no remembered block is left.
 */
export async function followReorg(
  network: WatchedNetwork,
  from: bigint,
  signal: AbortSignal,
): Promise<BlockRef> {
  const { reader, store, orphan, logger, confirmations } = network;
  const ancestor = await commonAncestor(network, from, signal);
  const orphaned = await store.unconfirmedAbove(reader.network, ancestor.height);
  for (const payment of orphaned) {
    signal.throwIfAborted();
    await orphan(payment);
  }
  signal.throwIfAborted();
  await store.rewind(reader.network, ancestor);
  const depth = from - ancestor.height;
  const fields = { network: reader.network, depth, ancestor: ancestor.height, orphaned: orphaned.length };
  logger.warn(fields, 'the chain was reorganised');
  if (depth >= BigInt(confirmations)) {
    logger.error(
      fields,
      'the reorganisation reached confirmed blocks: compare confirmed payments with the chain',
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
    const block = await reader.block(height);
    if (block?.hash === hash) return { height, hash };
  }
}
