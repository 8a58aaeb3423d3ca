import type { Block, ChainHead, Transfer } from '../../usecases/ports/chain-reader.ts';
import type { BlockRef } from '../../usecases/ports/chain-store.ts';
import { match, type Matches } from './match.ts';
import { inOwnersOrder, observe, orphan } from './payment-steps.ts';
import { settleUpTo } from './settle.ts';
import type { WatchedNetwork } from './watched-network.ts';

/**
 * Takes in the block that follows the cursor and gives the cursor after it. The order makes every step safe to repeat
 * after a crash: payments are written before the cursor moves past them, and confirmed only after it has. A failure
 * stops the block: no payment may be skipped.
 */
export async function processBlock(
  network: WatchedNetwork,
  block: Block,
  head: ChainHead,
  signal: AbortSignal,
): Promise<BlockRef> {
  const { reader, store, rememberedBlocks, clock } = network;
  const ref: BlockRef = { height: block.height, hash: block.hash };
  await orphanStale(network, { height: block.height - 1n, hash: block.parentHash }, ref, signal);
  const { matched, unmatched } = await carriedOut(
    network,
    ref,
    await match(reader.network, store, block.transfers),
  );
  await inOwnersOrder(matched, signal, ({ owner, transfer }) =>
    observe(network, { owner, block: ref, at: block.minedAt, transfer }),
  );
  await network.recordUnmatched({ network: reader.network, block: ref, transfers: unmatched });
  signal.throwIfAborted();
  await store.advance(reader.network, ref, rememberedBlocks, clock.now());
  return settleUpTo(network, ref, head, signal);
}

/**
 * A crash between a payment and the cursor, or within a reorg, leaves payments above the cursor that are of no block
 * of the chain any more; no parent hash would show it. They are taken back before the blocks show them again.
 *
 * @param next the block that is about to be taken in; null when it is not known yet
 */
export async function orphanStale(
  network: WatchedNetwork,
  cursor: BlockRef,
  next: BlockRef | null,
  signal: AbortSignal,
): Promise<{ readonly orphaned: number; readonly confirmed: number }> {
  const stale = await network.store.stale(network.reader.network, cursor, next);
  await inOwnersOrder(stale, signal, (payment) => orphan(network, payment));
  // A transaction that lost its block may wait for another one.
  if (stale.length > 0) network.reader.pool?.reset();
  return { orphaned: stale.length, confirmed: stale.filter((p) => p.isConfirmed).length };
}

/** Without what failed. Only those that matter are asked about. */
async function carriedOut(
  { reader }: WatchedNetwork,
  block: BlockRef,
  { matched, unmatched }: Matches,
): Promise<Matches> {
  const candidates = [...matched, ...unmatched].map(({ transfer }) => transfer);
  if (candidates.length === 0) return { matched, unmatched };
  const kept = new Set((await reader.carriedOut(block, candidates)).map(keyOf));
  const isKept = ({ transfer }: { readonly transfer: Transfer }): boolean => kept.has(keyOf(transfer));
  return { matched: matched.filter(isKept), unmatched: unmatched.filter(isKept) };
}

const keyOf = ({ txId, contract, outputIndex }: Transfer): string =>
  `${txId}/${contract ?? ''}/${outputIndex}`;
