import type { FeeRateTerms } from './fee-rates.ts';
import { P2WPKH_BYTES } from './transaction-size.ts';

/** What an operator may choose for a network of the family; amounts in its smallest unit. */
export interface SpendPolicy {
  readonly fees: FeeRateTerms;
  /** Coins below it are used only where larger ones do not do. */
  readonly smallCoin: bigint;
  /** What nodes take for spending an output before they call it dust, for 1,000 bytes (policy/policy.h). */
  readonly dustRate: bigint;
  /** Blocks that are searched for a transaction whose outputs are all spent again. */
  readonly searchedBlocks: number;
  readonly consolidation: ConsolidationPolicy;
  /** Blocks for which the chain did not have a coin, after which it is gone for good. */
  readonly finalBlocks: number;
}

/** When small coins are joined to one. */
export interface ConsolidationPolicy {
  /** What a transaction must pay now is no more, for 1,000 virtual bytes; 0: never. */
  readonly rate: bigint;
  /** So many small coins are there, each worth more than its input costs. */
  readonly fewest: number;
  /** More are not joined at once. */
  readonly most: number;
}

/** Litecoin Core takes ten times Bitcoin's dust rate; its blocks come four times as often. */
const POLICIES: Readonly<Record<string, SpendPolicy>> = {
  BITCOIN: {
    fees: { blocks: 6, fallback: 20_000n, least: 1_000n, most: 500_000n },
    smallCoin: 10_000n,
    consolidation: { rate: 2_000n, fewest: 50, most: 200 },
    dustRate: 3_000n,
    searchedBlocks: 1_008,
    finalBlocks: 6,
  },
  LITECOIN: {
    fees: { blocks: 12, fallback: 20_000n, least: 1_000n, most: 500_000n },
    smallCoin: 100_000n,
    consolidation: { rate: 5_000n, fewest: 50, most: 200 },
    dustRate: 30_000n,
    searchedBlocks: 4_032,
    finalBlocks: 24,
  },
};

/** By default for a network. Throws RangeError for one without. */
export function spendPolicyOf(network: string): SpendPolicy {
  const policy = POLICIES[network];
  if (!policy) throw new RangeError(`${network} is not of the Bitcoin family`);
  return policy;
}

/** Bytes that spending an output adds, as nodes count them for dust: with a witness, and without. */
const WITNESS_SPENDING = 67n;
const PLAIN_SPENDING = 148n;
const AMOUNT_AND_LENGTH = 9n;

/** The least that nodes relay in an output of this script (GetDustThreshold). */
export const dustOf = (script: Uint8Array, { dustRate }: SpendPolicy): bigint =>
  (dustRate *
    (AMOUNT_AND_LENGTH + BigInt(script.length) + (isWitness(script) ? WITNESS_SPENDING : PLAIN_SPENDING))) /
  1_000n;

/** A version and a program of 2 to 40 bytes (BIP-141); P2PKH and P2SH begin with another operation. */
const isWitness = (script: Uint8Array): boolean =>
  (script[0] === 0 || script[0] === 0x51) && script[1] === script.length - 2;

/** Dust of change. */
export const changeDustOf = (policy: SpendPolicy): bigint =>
  dustOf(Uint8Array.of(0, P2WPKH_BYTES - 2, ...new Uint8Array(P2WPKH_BYTES - 2)), policy);
