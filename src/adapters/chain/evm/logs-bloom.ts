import { hexToBytes, keccak256 } from 'viem/utils';

/** The bits that one topic or contract sets in a block's bloom filter (Ethereum yellow paper, 4.3.1). */
type BloomBits = bigint;

const BITS = 2_048;

export function bloomBits(topicOrContract: string): BloomBits {
  const hash = keccak256(hexToBytes(`0x${topicOrContract.slice(2)}`));
  let bits = 0n;
  for (const start of [2, 6, 10]) bits |= 1n << BigInt(parseInt(hash.slice(start, start + 4), 16) % BITS);
  return bits;
}

/** What is looked for in blocks: one event, of any contract or of some. */
export interface BloomQuery {
  readonly event: BloomBits;
  /** Null for any contract. */
  readonly contracts: readonly BloomBits[] | null;
}

/**
 * Whether a block with this filter may hold such a log. True as well when the filter says nothing: some chains leave it
 * empty.
 */
export function mayHold(logsBloom: bigint, { event, contracts }: BloomQuery): boolean {
  if (logsBloom === 0n) return true;
  const has = (bits: BloomBits) => (logsBloom & bits) === bits;
  return has(event) && (contracts === null || contracts.some(has));
}
