import type { Transfer } from '../../../usecases/ports/chain-reader.ts';
import type { BlockRef } from '../../../usecases/ports/chain-store.ts';
import { EndpointFault, isFault } from './nodes/endpoint-fault.ts';
import { VALUE_TRANSFER_INDEX } from './evm-transfers.ts';
import { inParallel } from './nodes/in-parallel.ts';
import type { JsonRpc } from './nodes/json-rpc.ts';
import { hashOf, listOf, objectOf } from './nodes/rpc-values.ts';

/** From so many on, all receipts of the block are asked for in one call. */
const MANY = 24;
const PARALLEL_CALLS = 8;

/** Whether receipts tell something of it: token transfers have logs because they succeeded. */
export const mayHaveFailed = ({ outputIndex }: Transfer): boolean => outputIndex === VALUE_TRANSFER_INDEX;

/**
 * The transfers without those of coin whose transaction failed (EIP-658). Throws EndpointFault, CONTRADICTION when a receipt
 * is missing or of another block.
 */
export async function carriedOut(
  rpc: JsonRpc,
  block: BlockRef,
  transfers: readonly Transfer[],
): Promise<readonly Transfer[]> {
  const txIds = [...new Set(transfers.filter(mayHaveFailed).map(({ txId }) => txId))];
  const receipts =
    (txIds.length < MANY ? null : await receiptsOf(rpc, block)) ?? (await receiptsOfEach(rpc, txIds));
  const succeeded = new Map(receipts.map((receipt) => readReceipt(receipt, block)));
  const missing = txIds.filter((txId) => !succeeded.has(txId));
  if (missing.length > 0) throw new EndpointFault('CONTRADICTION', 'it lacks receipts of the block');
  return transfers.filter((transfer) => !mayHaveFailed(transfer) || succeeded.get(transfer.txId) === true);
}

/** All receipts of a block; null when the endpoint does not have the method. */
async function receiptsOf(rpc: JsonRpc, { hash }: BlockRef): Promise<readonly unknown[] | null> {
  try {
    return listOf(await rpc.call('eth_getBlockReceipts', [hash]), 'list of receipts');
  } catch (error) {
    if (isFault(error, 'REFUSED')) return null;
    throw error;
  }
}

const receiptsOfEach = (rpc: JsonRpc, txIds: readonly string[]): Promise<readonly unknown[]> =>
  inParallel(PARALLEL_CALLS, txIds, async (txId) => {
    const receipt = await rpc.call('eth_getTransactionReceipt', [txId]);
    if (receipt === null)
      throw new EndpointFault('CONTRADICTION', 'it has no receipt of a transaction in the block');
    return receipt;
  });

function readReceipt(answer: unknown, block: BlockRef): readonly [string, boolean] {
  const receipt = objectOf(answer, 'receipt');
  if (hashOf(receipt['blockHash'], 'block hash of a receipt') !== block.hash) {
    throw new EndpointFault('CONTRADICTION', `it sent receipts of another block than ${block.height}`);
  }
  const { status } = receipt;
  if (status !== '0x1' && status !== '0x0') {
    throw new EndpointFault('GARBAGE', 'the node sent a receipt without a status');
  }
  return [hashOf(receipt['transactionHash'], 'transaction of a receipt'), status === '0x1'];
}
