import type { ChainHead } from '../../usecases/ports/chain-reader.ts';
import type { BlockRef, MisplacedPayment } from '../../usecases/ports/chain-store.ts';
import { confirm, inOwnersOrder, orphan } from './payment-steps.ts';
import type { WatchedNetwork } from './watched-network.ts';

/**
 * Confirms what has its confirmations when `tip` is the highest block taken in, and sets right what stands in another
 * block than the remembered one. Gives the cursor: `tip`, or one below when blocks must be read again.
 */
export async function settleUpTo(
  network: WatchedNetwork,
  tip: BlockRef,
  head: ChainHead,
  signal: AbortSignal,
): Promise<BlockRef> {
  await confirmUpTo(network, tip, head, signal);
  const misplaced = await network.store.misplacedUpTo(network.reader.network, tip.height);
  reportForgotten(network, misplaced);
  const lowest = misplaced.find((payment) => payment.remembered !== null);
  if (!lowest) return tip;
  return (await readAgain(network, tip, lowest, misplaced, signal)) ?? tip;
}

/** One payment that cannot be confirmed does not stop the others; it is tried again at the next block. */
export async function confirmUpTo(
  network: WatchedNetwork,
  tip: BlockRef,
  { finalized }: ChainHead,
  signal: AbortSignal,
): Promise<void> {
  const {
    reader: { network: code },
    store,
    logger,
  } = network;
  const due = await store.confirmable(code, tip.height, finalized);
  await inOwnersOrder(due, signal, async (payment) => {
    try {
      await confirm(network, payment);
    } catch (error) {
      const { paymentId } = payment;
      logger.error(
        { network: code, paymentId, err: error },
        'a payment could not be confirmed; trying again',
      );
    }
  });
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
 * as a payment may still move; the next block takes back what stands in no remembered block, and the blocks show it
 * again. Gives null when nothing below is remembered; then the payments are only taken back.
 */
async function readAgain(
  network: WatchedNetwork,
  cursor: BlockRef,
  lowest: MisplacedPayment,
  misplaced: readonly MisplacedPayment[],
  signal: AbortSignal,
): Promise<BlockRef | null> {
  const {
    reader: { network: code },
    store,
    confirmations,
    logger,
  } = network;
  const replaced = misplaced.filter((p) => p.remembered !== null);
  const paymentIds = replaced.map((p) => p.paymentId);
  logger.warn({ network: code, paymentIds }, 'payments stand in replaced blocks; reading the blocks again');
  const deepest = lowest.blockHeight - BigInt(confirmations);
  for (let height = deepest > 0n ? deepest : 0n; height < lowest.blockHeight; height += 1n) {
    const hash = await store.hashAt(code, height);
    signal.throwIfAborted();
    if (hash === null) continue;
    await store.stepBack(code, cursor, { height, hash });
    return { height, hash };
  }
  await inOwnersOrder(replaced, signal, (payment) => orphan(network, payment));
  network.reader.pool?.reset();
  return null;
}
