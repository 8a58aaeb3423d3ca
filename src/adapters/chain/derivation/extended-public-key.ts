import { createBase58check } from '@scure/base';
import { HDKey } from '@scure/bip32';
import { sha256 } from '@noble/hashes/sha2.js';

export type KeyUse = 'MAIN' | 'TEST';

export interface ExtendedPublicKey {
  readonly node: HDKey;
  readonly use: KeyUse;
  /** SLIP-132 says that the key is for BIP-84 only (zpub, vpub); a plain xpub or tpub says nothing. */
  readonly segwitOnly: boolean;
}

interface KeyFormat {
  readonly use: KeyUse;
  readonly segwitOnly: boolean;
}

/** The version bytes of BIP-32 (xpub, tpub) and SLIP-132 (zpub, vpub). */
const FORMATS: ReadonlyMap<number, KeyFormat> = new Map([
  [0x0488b21e, { use: 'MAIN', segwitOnly: false }],
  [0x043587cf, { use: 'TEST', segwitOnly: false }],
  [0x04b24746, { use: 'MAIN', segwitOnly: true }],
  [0x045f1cf6, { use: 'TEST', segwitOnly: true }],
]);

/** BIP-32: 4 version, 1 depth, 4 fingerprint, 4 child number, 32 chain code, 33 key. */
const SERIALIZED_BYTES = 78;
const KEY_OFFSET = 45;
/** Purpose, coin and account: m / 44' / 60' / 0'. */
const ACCOUNT_DEPTH = 3;

const base58check = createBase58check(sha256);

/**
 * Reads an account-level extended public key (BIP-32, BIP-44). Throws Error for anything else, a private key above
 * all; the message never repeats the key, nor does it carry a cause that could.
 */
export function readExtendedPublicKey(text: string): ExtendedPublicKey {
  const bytes = decode(text);
  // A private key is serialized as 0x00 and 32 bytes, a public one as 0x02 or 0x03 and 32 bytes.
  if (bytes[KEY_OFFSET] === 0) throw new Error('this is an extended private key; give the public one (xpub)');
  const version = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  const format = FORMATS.get(version);
  if (!format)
    throw new Error('the extended public key is of a kind that is not known (xpub, tpub, zpub, vpub are)');
  const node = parse(text, version);
  if (node.depth !== ACCOUNT_DEPTH) {
    throw new Error(
      `the extended public key must be of an account (depth ${ACCOUNT_DEPTH}), not of depth ${node.depth}`,
    );
  }
  return { node, ...format };
}

function decode(text: string): Uint8Array {
  const bytes = attempt(() => base58check.decode(text));
  if (bytes?.length !== SERIALIZED_BYTES) throw unreadable();
  return bytes;
}

function parse(text: string, version: number): HDKey {
  // The private version is never met here, but the library wants the pair.
  const node = attempt(() => HDKey.fromExtendedKey(text, { public: version, private: 0 }));
  if (!node) throw unreadable();
  return node;
}

const unreadable = (): Error => new Error('the extended public key cannot be read; was it copied whole?');

/** The library's errors may quote what they were given, so they go no further. */
function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}
