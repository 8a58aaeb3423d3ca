import type { Block, Transfer } from '../../usecases/ports/chain-reader.ts';
import type { BlockRef } from '../../usecases/ports/chain-store.ts';
import { settleUpTo } from './settle.ts';
import type { WatchedNetwork } from './watched-network.ts';

/** Keeps one lookup's parameters at a size that PostgreSQL plans well. */
const ADDRESSES_A_QUERY = 10_000;

/**
 * Takes in the block that follows the cursor and gives the cursor after it. The order makes every step safe to repeat
 * after a crash: payments are written before the cursor moves past them, and confirmed only after it has.
 */
export async function processBlock(
  network: WatchedNetwork,
  block: Block,
  signal: AbortSignal,
): Promise<BlockRef> {
  const { reader, store, rememberedBlocks } = network;
  const ref: BlockRef = { height: block.height, hash: block.hash };
  await orphanStale(network, ref, signal);
  for (const match of await matched(network, block.transfers)) {
    signal.throwIfAborted();
    await takeIn(network, ref, match);
  }
  signal.throwIfAborted();
  await store.advance(reader.network, ref, rememberedBlocks);
  return settleUpTo(network, ref, signal);
}

/** A failure stops the block: no payment may be skipped. */
async function takeIn(
  { reader: { network }, observe, logger }: WatchedNetwork,
  block: BlockRef,
  { transfer, invoiceId }: MatchedTransfer,
): Promise<void> {
  if ((await observe({ network, invoiceId, block, transfer })) === 'taken') return;
  const { txId, outputIndex, asset, amount } = transfer;
  logger.warn(
    { network, txId, outputIndex, asset, amount, invoiceId },
    'money came in an asset that the invoice has no quote for; it is not taken in',
  );
}

/**
 * A crash between a payment and the cursor leaves the payment above it; if the chain changed meanwhile, no parent
 * hash would show it. So what stands above the cursor must be of the block that is taken in now.
 */
async function orphanStale({ reader, store, orphan }: WatchedNetwork, next: BlockRef, signal: AbortSignal) {
  for (const payment of await store.unconfirmedAbove(reader.network, next.height - 1n)) {
    signal.throwIfAborted();
    if (payment.blockHash !== next.hash) await orphan(payment);
  }
}

interface MatchedTransfer {
  readonly transfer: Transfer;
  readonly invoiceId: string;
}

/** The transfers to addresses that were given out, in the block's order. */
async function matched(
  { reader, store }: WatchedNetwork,
  transfers: readonly Transfer[],
): Promise<MatchedTransfer[]> {
  const addresses = [...new Set(transfers.map((t) => t.to))];
  const invoiceOf = new Map<string, string>();
  for (let start = 0; start < addresses.length; start += ADDRESSES_A_QUERY) {
    const watched = await store.watched(reader.network, addresses.slice(start, start + ADDRESSES_A_QUERY));
    for (const { address, invoiceId } of watched) invoiceOf.set(address, invoiceId);
  }
  return transfers.flatMap((transfer) => {
    const invoiceId = invoiceOf.get(transfer.to);
    return invoiceId === undefined ? [] : [{ transfer, invoiceId }];
  });
}
