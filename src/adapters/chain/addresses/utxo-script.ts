import { bech32, bech32m, createBase58check } from '@scure/base';
import { sha256 } from '@noble/hashes/sha2.js';
import { canonicalUtxoAddress, type UtxoChain } from './utxo-address.ts';

const base58check = createBase58check(sha256);
const LONGEST = 90;
/** BIP-141: witness version 0 is OP_0, version 1 is OP_1. */
const OP_1 = 0x51;

/**
 * The script that pays to an address of the chain: P2WPKH, P2WSH (BIP-141), P2TR (BIP-341), P2PKH or P2SH (BIP-16).
 * Throws RangeError for any other text. Whether anybody can spend from it is not asked: the payee named it.
 */
export function utxoScriptOf(text: string, chain: UtxoChain): Uint8Array {
  const address = canonicalUtxoAddress(text, chain);
  if (address === null) throw new RangeError('no address of this chain');
  return segwit(address) ?? base58(address, chain);
}

function segwit(address: string): Uint8Array | null {
  const decoded = bech32.decodeUnsafe(address, LONGEST) ?? bech32m.decodeUnsafe(address, LONGEST);
  if (!decoded) return null;
  const program = bech32.fromWords(decoded.words.slice(1));
  const version = decoded.words[0] === 0 ? 0 : OP_1;
  return Uint8Array.of(version, program.length, ...program);
}

/** OP_DUP OP_HASH160 <hash> OP_EQUALVERIFY OP_CHECKSIG, or OP_HASH160 <hash> OP_EQUAL. */
function base58(address: string, { versions }: UtxoChain): Uint8Array {
  const [version, ...hash] = base58check.decode(address);
  return version === versions[0]
    ? Uint8Array.of(0x76, 0xa9, hash.length, ...hash, 0x88, 0xac)
    : Uint8Array.of(0xa9, hash.length, ...hash, 0x87);
}
