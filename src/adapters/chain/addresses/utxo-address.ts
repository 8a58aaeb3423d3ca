import { bech32, bech32m, createBase58check } from '@scure/base';
import { sha256 } from '@noble/hashes/sha2.js';

/** How a chain of the Bitcoin family writes addresses. */
export interface UtxoChain {
  /** Human-readable part of SegWit addresses (BIP-173), in small letters. */
  readonly hrp: string;
  /** Version bytes of P2PKH and P2SH. */
  readonly versions: readonly number[];
}

const base58check = createBase58check(sha256);
/** Version byte and 160-bit hash. */
const BASE58_BYTES = 21;
/** Longest SegWit address (BIP-173). */
const LONGEST = 90;

/** The address as its chain's software writes it; null for another chain's, and for witness versions without use. */
export const canonicalUtxoAddress = (text: string, chain: UtxoChain): string | null =>
  text.length > LONGEST ? null : (segwit(text, chain) ?? base58(text, chain));

function base58(text: string, { versions }: UtxoChain): string | null {
  const bytes = attempt(() => base58check.decode(text));
  const [version] = bytes ?? [];
  return bytes?.length === BASE58_BYTES && version !== undefined && versions.includes(version) ? text : null;
}

/**
 * Version 0 in bech32 with a hash of 20 or 32 bytes (BIP-173), version 1 in bech32m with 32 (BIP-350, BIP-341). Nobody
 * can be meant to be paid at a later version yet: anybody could spend what is sent there.
 */
function segwit(text: string, { hrp }: UtxoChain): string | null {
  return (
    decode(text, hrp, { encoding: bech32, version: 0, lengths: [20, 32] }) ??
    decode(text, hrp, { encoding: bech32m, version: 1, lengths: [32] })
  );
}

interface WitnessForm {
  readonly encoding: typeof bech32;
  readonly version: number;
  readonly lengths: readonly number[];
}

function decode(text: string, hrp: string, { encoding, version, lengths }: WitnessForm): string | null {
  const decoded = encoding.decodeUnsafe(text, LONGEST);
  if (!decoded || decoded.prefix !== hrp || decoded.words[0] !== version) return null;
  const program = encoding.fromWordsUnsafe(decoded.words.slice(1));
  return program && lengths.includes(program.length) ? text.toLowerCase() : null;
}

/** The library throws for what is none. */
function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}
