import { getAddress, parseAbiItem, type Address, type Hash } from 'viem';
import type { NetworkAsset } from '../../../domain/chain/networks.ts';
import type { Transfer } from '../../../usecases/ports/chain-reader.ts';
import type { EvmClient } from './evm-rpc.ts';

/** What of a transaction makes it a transfer of the network's coin. */
export interface ValueTransaction {
  readonly hash: Hash;
  readonly to: Address | null;
  readonly value: bigint;
}

/** EIP-20. */
const TRANSFER = parseAbiItem('event Transfer(address indexed from, address indexed to, uint256 value)');
/** An EVM value transfer has no index of its own (port `Transfer`). */
const VALUE_TRANSFER_INDEX = -1;

/**
 * Transfers of the network's coin by the transactions themselves: value to an address, and not failed (EIP-658).
 * The receipts are asked for once a block, and only when some transaction carries value.
 *
 * Coin that a contract sends on (a smart-contract wallet, a multisig, an exchange's batch) is not in any
 * transaction's `to` and leaves no log, so it is not seen: that would take call traces of every block.
 */
export async function coinTransfers(
  client: EvmClient,
  blockHash: Hash,
  transactions: readonly ValueTransaction[],
  asset: string,
): Promise<Transfer[]> {
  const candidates = transactions.flatMap(({ hash, to, value }) =>
    to && value > 0n ? [{ hash, to, value }] : [],
  );
  if (candidates.length === 0) return [];
  const receipts = await client.getBlockReceipts({ blockHash });
  const statusOf = new Map(
    receipts.filter((r) => r.blockHash === blockHash).map((r) => [r.transactionHash, r.status]),
  );
  return candidates.flatMap(({ hash, to, value }) => {
    const status = statusOf.get(hash);
    if (!status) throw new Error('the node sent receipts of another block');
    if (status !== 'success') return [];
    return [{ txId: hash, outputIndex: VALUE_TRANSFER_INDEX, to: getAddress(to), asset, amount: value }];
  });
}

/**
 * EIP-20 transfers of the given contracts in one block, asked for by its hash (EIP-234) so that a reorg cannot mix in.
 * A transfer's index is its place among these logs of its transaction: the log's own index counts through the block,
 * so it would change, and the transfer look like a new one, when the transaction is mined again elsewhere.
 */
export async function tokenTransfers(
  client: EvmClient,
  blockHash: Hash,
  tokens: ReadonlyMap<Address, string>,
): Promise<Transfer[]> {
  if (tokens.size === 0) return [];
  const logs = await client.getLogs({
    blockHash,
    address: [...tokens.keys()],
    event: TRANSFER,
    strict: true,
  });
  const seenIn = new Map<Hash, number>();
  const inOrder = logs.toSorted((a, b) => a.logIndex - b.logIndex);
  return inOrder.flatMap((log) => {
    if (log.blockHash !== blockHash || log.removed) throw new Error('the node sent logs of another block');
    const outputIndex = seenIn.get(log.transactionHash) ?? 0;
    seenIn.set(log.transactionHash, outputIndex + 1);
    const asset = tokens.get(getAddress(log.address));
    if (asset === undefined || log.args.value === 0n) return [];
    const to = getAddress(log.args.to);
    return [{ txId: log.transactionHash, outputIndex, to, asset, amount: log.args.value }];
  });
}

/** Contract address to asset. Throws when an address is malformed. */
export const tokenContracts = (assets: readonly NetworkAsset[]): ReadonlyMap<Address, string> =>
  new Map(
    assets.flatMap(({ asset, contract }) =>
      contract === null ? [] : [[getAddress(contract), asset] as const],
    ),
  );
