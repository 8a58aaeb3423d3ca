import type { JsonRpc } from './nodes/json-rpc.ts';
import { EndpointFault, isFault } from './nodes/endpoint-fault.ts';
import { addressOf, hashOf, listOf, objectOf, quantityOf, timeOf } from './nodes/rpc-values.ts';

/** What of a transaction makes it a transfer of the network's coin. */
export interface ValueTransaction {
  readonly hash: string;
  readonly to: string;
  readonly value: bigint;
}

/** A block as the node tells it, without what is not needed. */
export interface ChainBlock {
  readonly height: bigint;
  readonly hash: string;
  readonly parentHash: string;
  readonly minedAt: Date;
  /** 0 where the chain does not keep one. */
  readonly logsBloom: bigint;
  readonly transactionCount: number;
  /** Those that carry value to an address; empty when the block was read without them. */
  readonly valueTransactions: readonly ValueTransaction[];
}

/**
 * The block at a height, null when the node has none there. Throws EndpointFault.
 *
 * @param withTransactions whether to read what coin moved, which makes the answer a hundred times as long
 */
export async function blockAt(
  rpc: JsonRpc,
  height: bigint,
  withTransactions: boolean,
): Promise<ChainBlock | null> {
  const answer = await rpc
    .call('eth_getBlockByNumber', [hex(height), withTransactions])
    .catch((error: unknown) => {
      if (isFault(error, 'ABSENT')) return null;
      throw error;
    });
  if (answer === null) return null;
  const block = chainBlock(answer, withTransactions);
  if (block.height === height) return block;
  throw new EndpointFault('CONTRADICTION', `it sent block ${block.height} for ${height}`);
}

export const hex = (number: bigint): string => `0x${number.toString(16)}`;

/** Reads a block object. Throws EndpointFault GARBAGE. */
function chainBlock(answer: unknown, withTransactions: boolean): ChainBlock {
  const block = objectOf(answer, 'block');
  const transactions = listOf(block['transactions'], 'list of transactions');
  const bloom = block['logsBloom'];
  return {
    height: quantityOf(block['number'], 'block number'),
    hash: hashOf(block['hash'], 'block hash'),
    parentHash: hashOf(block['parentHash'], 'parent hash'),
    minedAt: timeOf(block['timestamp'], 'block time'),
    logsBloom: typeof bloom === 'string' && /^0x[0-9a-f]{512}$/i.test(bloom) ? BigInt(bloom) : 0n,
    transactionCount: transactions.length,
    valueTransactions: withTransactions ? valueTransactions(transactions) : [],
  };
}

function valueTransactions(transactions: readonly unknown[]): readonly ValueTransaction[] {
  const byHash = new Map<string, ValueTransaction>();
  for (const each of transactions) {
    const transaction = objectOf(each, 'transaction');
    const value = quantityOf(transaction['value'], 'value of a transaction');
    // The creation of a contract goes to nobody.
    if (value === 0n || typeof transaction['to'] !== 'string') continue;
    const hash = hashOf(transaction['hash'], 'transaction hash');
    byHash.set(hash, { hash, to: addressOf(transaction['to'], 'receiver'), value });
  }
  return [...byHash.values()];
}

/** The longest beginning of the list in which each block is the parent of the next, and none comes twice. */
export function linkedBeginning(blocks: readonly (ChainBlock | null)[]): readonly ChainBlock[] {
  const linked: ChainBlock[] = [];
  const hashes = new Set<string>();
  for (const block of blocks) {
    const parent = linked.at(-1);
    if (!block || hashes.has(block.hash) || (parent && block.parentHash !== parent.hash)) break;
    linked.push(block);
    hashes.add(block.hash);
  }
  return linked;
}
