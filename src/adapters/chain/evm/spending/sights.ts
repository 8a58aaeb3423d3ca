import type { SpendSight } from '../../../../usecases/ports/chain-spender.ts';
import type { NodeSight } from '../../node-sights.ts';
import { blockAt } from '../chain-block.ts';
import { finalizedOf, headOf } from '../evm-endpoint.ts';
import { TRANSFER_TOPIC } from '../evm-transfers.ts';
import { EndpointFault } from '../nodes/endpoint-fault.ts';
import { inParallel } from '../nodes/in-parallel.ts';
import type { JsonRpc } from '../nodes/json-rpc.ts';
import { addressOf, hashOf, listOf, objectOf, quantityOf, type RpcObject } from '../nodes/rpc-values.ts';
import { nextNonceOf } from './account-state.ts';
import type { AccountPlace } from './raw-transaction.ts';
import type { SpendingNetwork } from './spending-network.ts';

type Mined = Extract<SpendSight, { readonly kind: 'MINED' }>;

const PARALLEL_CALLS = 4;

/**
 * What a node knows of transactions of one place. Head and nonce are asked for first: what is found after them can only be
 * newer. Throws EndpointFault.
 */
export async function sightAt(
  rpc: JsonRpc,
  { from, nonce }: AccountPlace,
  txIds: readonly string[],
  { contracts, finality }: Pick<SpendingNetwork, 'contracts' | 'finality'>,
): Promise<NodeSight> {
  const head = await headOf(rpc);
  const next = await nextNonceOf(rpc, from);
  const receipts = await inParallel(PARALLEL_CALLS, txIds, (txId) =>
    rpc.call('eth_getTransactionReceipt', [txId]),
  );
  const mined = receipts.find((receipt) => receipt !== null);
  if (mined !== undefined) {
    const sight = await minedSight(rpc, head, from, objectOf(mined, 'receipt'), contracts);
    if (finality === 'confirmations') return { head, sight };
    return { head, sight: { ...sight, isFinal: sight.height <= (await finalizedOf(rpc)) } };
  }
  const newestFirst = txIds.toReversed();
  const known = await inParallel(PARALLEL_CALLS, newestFirst, (txId) =>
    rpc.call('eth_getTransactionByHash', [txId]),
  );
  const txId = newestFirst[known.findIndex((transaction) => transaction !== null)];
  if (txId !== undefined) return { head, sight: { kind: 'POOL', txId } };
  return { head, sight: { kind: next > nonce ? 'FOREIGN' : 'UNSEEN' } };
}

/** Nodes without an archive tell an account's nonce at the last 128 blocks only. */
const DEEPEST_NONCE = 120;

/**
 * Whether a node knows none of the transactions, and had the place used so many blocks ago, or as many as nodes tell of.
 * Throws EndpointFault.
 */
export async function isUsedElsewhere(
  rpc: JsonRpc,
  place: AccountPlace,
  txIds: readonly string[],
  spending: Pick<SpendingNetwork, 'contracts' | 'finality'>,
  confirmations: number,
): Promise<boolean> {
  const { head, sight } = await sightAt(rpc, place, txIds, spending);
  const final = head - BigInt(Math.min(confirmations, DEEPEST_NONCE)) + 1n;
  return sight.kind === 'FOREIGN' && final >= 0n && (await nextNonceOf(rpc, place.from, final)) > place.nonce;
}

async function minedSight(
  rpc: JsonRpc,
  head: bigint,
  from: string,
  receipt: RpcObject,
  contracts: ReadonlySet<string>,
): Promise<Mined> {
  const height = quantityOf(receipt['blockNumber'], 'block number of a receipt');
  const hash = hashOf(receipt['blockHash'], 'block hash of a receipt');
  if ((await blockAt(rpc, height, false))?.hash !== hash)
    throw new EndpointFault('CONTRADICTION', 'it sent a receipt of a block that is not in its chain');
  return {
    kind: 'MINED',
    txId: hashOf(receipt['transactionHash'], 'transaction of a receipt'),
    height,
    hash,
    confirmations: head < height ? 1 : Number(head - height) + 1,
    succeeded: arrived(receipt, from, contracts),
    feePaid: feeOf(receipt),
  };
}

/** A token may also answer no without taking the transaction back (EIP-20), so its log must be there. */
function arrived(receipt: RpcObject, from: string, contracts: ReadonlySet<string>): boolean {
  const { status } = receipt;
  if (status !== '0x1' && status !== '0x0')
    throw new EndpointFault('GARBAGE', 'the node sent a receipt without a status');
  const called = addressOf(receipt['to'], 'receiver of a transaction');
  if (status === '0x0' || !contracts.has(called)) return status === '0x1';
  return listOf(receipt['logs'], 'list of logs').some((each) => {
    const log = objectOf(each, 'log');
    const [event, sender] = listOf(log['topics'], 'topics of a log');
    const isOfToken = addressOf(log['address'], 'contract of a log') === called;
    const isFrom =
      typeof sender === 'string' && sender.slice(-40).toLowerCase() === from.slice(2).toLowerCase();
    return isOfToken && event === TRANSFER_TOPIC && isFrom;
  });
}

/** In wei. Optimism and Base tell what their parent chain asked for apart from it. */
function feeOf(receipt: RpcObject): bigint {
  const own =
    quantityOf(receipt['gasUsed'], 'gas') * quantityOf(receipt['effectiveGasPrice'], 'price of gas');
  return receipt['l1Fee'] === undefined ? own : own + quantityOf(receipt['l1Fee'], 'fee of the parent chain');
}
