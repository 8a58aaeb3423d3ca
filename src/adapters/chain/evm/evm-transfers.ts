import { getAddress } from 'viem/utils';
import { tokenDecimals, type NetworkAsset } from '../../../domain/chain/networks.ts';
import { currencyOf } from '../../../domain/money/currencies.ts';
import type { Transfer } from '../../../usecases/ports/chain-reader.ts';
import type { ValueTransaction } from './chain-block.ts';
import { checksumAddress } from './checksum-address.ts';
import { addressOf, hashOf, listOf, objectOf, quantityOf } from './nodes/rpc-values.ts';

/** EIP-20: keccak256('Transfer(address,address,uint256)'). EIP-721 has the same with a fourth topic. */
export const TRANSFER_TOPIC = '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef';
/** An EVM value transfer has no index of its own (port `Transfer`). */
export const VALUE_TRANSFER_INDEX = -1;

/** A log as a node tells it. */
export interface ChainLog {
  /** EIP-55. */
  readonly contract: string;
  readonly topics: readonly unknown[];
  readonly data: unknown;
  readonly blockHeight: bigint;
  readonly blockHash: string;
  readonly txId: string;
  /** Place in the block. */
  readonly logIndex: bigint;
}

/** Reads a log object. Throws EndpointFault GARBAGE. */
export function chainLog(answer: unknown): ChainLog {
  const log = objectOf(answer, 'log');
  return {
    contract: addressOf(log['address'], 'contract of a log'),
    topics: listOf(log['topics'], 'topics of a log'),
    data: log['data'],
    blockHeight: quantityOf(log['blockNumber'], 'block number of a log'),
    blockHash: hashOf(log['blockHash'], 'block hash of a log'),
    txId: hashOf(log['transactionHash'], 'transaction of a log'),
    logIndex: quantityOf(log['logIndex'], 'index of a log'),
  };
}

/** A token that the gateway knows. */
export interface KnownToken {
  readonly asset: string;
  /** What its contract must answer to decimals(). */
  readonly decimals: number;
  /** From the token's own unit to the currency's smallest one, rounded down. */
  readonly scaled: (value: bigint) => bigint;
}

/** The known tokens by contract (EIP-55). Throws when an address is malformed. */
export const knownTokens = (assets: readonly NetworkAsset[]): ReadonlyMap<string, KnownToken> =>
  new Map(
    assets.flatMap((row) => {
      if (row.contract === null) return [];
      const decimals = tokenDecimals(row);
      const token = { asset: row.asset, decimals, scaled: scaling(decimals, currencyOf(row.asset).exponent) };
      return [[getAddress(row.contract), token] as const];
    }),
  );

/** A fraction below the smallest unit is not money of this gateway. */
function scaling(decimals: number, exponent: number): (value: bigint) => bigint {
  const factor = 10n ** BigInt(Math.abs(decimals - exponent));
  return decimals > exponent ? (value) => value / factor : (value) => value * factor;
}

/**
 * Transfers of the network's coin by the transactions themselves; some of them may have failed.
 *
 * Coin that a contract sends on (a smart-contract wallet, a multisig, an exchange's batch) is not in any
 * transaction's `to` and leaves no log, so it is not seen: that would take call traces of every block.
 */
export const coinTransfers = (transactions: readonly ValueTransaction[], asset: string): Transfer[] =>
  transactions.map(({ hash, to, value }) => ({
    txId: hash,
    outputIndex: VALUE_TRANSFER_INDEX,
    to,
    asset,
    contract: null,
    amount: value,
  }));

/**
 * The EIP-20 transfers among the logs of one block. A transfer's index is its place among the transfers of known
 * tokens, or of its own unknown contract, in its transaction: the log's own index counts through the block, so it would
 * change, and the transfer look like a new one, when the transaction is mined again elsewhere. Those of nothing count,
 * and are left out like what has the event's name and not its form.
 */
export function tokenTransfers(
  logs: readonly ChainLog[],
  tokens: ReadonlyMap<string, KnownToken>,
  unknownTokens: boolean,
): Transfer[] {
  const seen = new Map<string, number>();
  const transfers: Transfer[] = [];
  for (const log of inOrder(logs)) {
    const event = transferOf(log);
    const token = tokens.get(log.contract);
    if (!event || (!token && !unknownTokens)) continue;
    const kind = token ? log.txId : `${log.txId}/${log.contract}`;
    const outputIndex = seen.get(kind) ?? 0;
    seen.set(kind, outputIndex + 1);
    const amount = token ? token.scaled(event.value) : event.value;
    if (amount === 0n) continue;
    const { txId, contract } = log;
    transfers.push({ txId, outputIndex, to: event.to, asset: token?.asset ?? null, contract, amount });
  }
  return transfers;
}

/** By place in the block, each once: nodes repeat and shuffle. */
function inOrder(logs: readonly ChainLog[]): ChainLog[] {
  const byIndex = new Map(logs.map((log) => [log.logIndex, log]));
  return [...byIndex.values()].toSorted((a, b) => (a.logIndex < b.logIndex ? -1 : 1));
}

/** Receiver and value; null for what is no EIP-20 transfer. */
function transferOf({ topics, data }: ChainLog): { readonly to: string; readonly value: bigint } | null {
  const [event, from, to] = topics;
  if (topics.length !== 3 || event !== TRANSFER_TOPIC || !isAddressTopic(from) || !isAddressTopic(to))
    return null;
  if (typeof data !== 'string' || !/^0x[0-9a-f]{64}$/i.test(data)) return null;
  return { to: checksumAddress(`0x${to.slice(26)}`), value: BigInt(data) };
}

const isAddressTopic = (topic: unknown): topic is string =>
  typeof topic === 'string' && /^0x0{24}[0-9a-f]{40}$/i.test(topic);
