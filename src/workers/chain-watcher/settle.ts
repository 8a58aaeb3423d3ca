import type { BlockRef, MisplacedPayment } from '../../usecases/ports/chain-store.ts';
import type { WatchedNetwork } from './watched-network.ts';

/**
 * Confirms what has its confirmations when `tip` is the highest block taken in, and sets right what stands in another
 * block than the remembered one. Gives the cursor: `tip`, or one below when blocks must be read again.
 */
export async function settleUpTo(
  network: WatchedNetwork,
  tip: BlockRef,
  signal: AbortSignal,
): Promise<BlockRef> {
  await confirmUpTo(network, tip.height, signal);
  const misplaced = await network.store.misplacedUpTo(network.reader.network, tip.height);
  reportForgotten(network, misplaced);
  const lowest = misplaced.find((payment) => payment.remembered !== null);
  if (!lowest) return tip;
  return (await readAgain(network, lowest, misplaced, signal)) ?? tip;
}

/** One payment that cannot be confirmed does not stop the others; it is tried again at the next block. */
async function confirmUpTo(
  { reader: { network }, store, confirm, confirmations, logger }: WatchedNetwork,
  tip: bigint,
  signal: AbortSignal,
): Promise<void> {
  for (const payment of await store.unconfirmedUpTo(network, tip - BigInt(confirmations) + 1n)) {
    signal.throwIfAborted();
    try {
      await confirm(payment);
    } catch (error) {
      const { paymentId } = payment;
      logger.error({ network, paymentId, err: error }, 'a payment could not be confirmed; trying again');
    }
  }
}

/** Below the memory nobody can tell whether the payment stands: it is neither confirmed nor taken back. */
function reportForgotten(
  { reader: { network }, logger }: WatchedNetwork,
  misplaced: readonly MisplacedPayment[],
): void {
  const paymentIds = misplaced.filter((p) => p.remembered === null).map((p) => p.paymentId);
  if (paymentIds.length > 0)
    logger.error(
      { network, paymentIds },
      'payments stand in blocks that are not remembered; compare with the chain',
    );
}

/**
 * A watcher that lost its leadership without knowing it wrote a payment of a block that a reorg had replaced. Its
 * transaction may stand in a block that was taken in meanwhile, where it was no news. So the cursor goes back as far
 * as a payment may still move; the next block takes back what stands above it, and the blocks show it again.
 * Gives null when nothing below is remembered; then the payments are only taken back.
 */
async function readAgain(
  { reader: { network }, store, orphan, confirmations, logger }: WatchedNetwork,
  lowest: MisplacedPayment,
  misplaced: readonly MisplacedPayment[],
  signal: AbortSignal,
): Promise<BlockRef | null> {
  const paymentIds = misplaced.filter((p) => p.remembered !== null).map((p) => p.paymentId);
  logger.warn({ network, paymentIds }, 'payments stand in replaced blocks; reading the blocks again');
  const deepest = lowest.blockHeight - BigInt(confirmations);
  for (let height = deepest > 0n ? deepest : 0n; height < lowest.blockHeight; height += 1n) {
    const hash = await store.hashAt(network, height);
    signal.throwIfAborted();
    if (hash === null) continue;
    await store.rewind(network, { height, hash });
    return { height, hash };
  }
  for (const payment of misplaced) {
    signal.throwIfAborted();
    if (payment.remembered !== null) await orphan(payment);
  }
  return null;
}
