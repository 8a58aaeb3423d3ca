import { sha256 } from '@noble/hashes/sha2.js';
import { createBase58check } from '@scure/base';
import { HARDENED_OFFSET, HDKey } from '@scure/bip32';
import { networkOf } from '../../domain/chain/networks.ts';

/** The part of an extended public key that is its account's (BIP-32): all but version, depth and fingerprint. */
interface AccountId {
  readonly index: number;
  readonly chainCodeAndKey: Uint8Array;
}

/** BIP-32: 4 version, 1 depth, 4 fingerprint, 4 child number, 32 chain code, 33 key. */
const CHILD_NUMBER_AT = 9;
const CHAIN_CODE_AT = 13;
/** Purpose and coin type (BIP-44, BIP-84, SLIP-44), in the order in which they are tried. */
const EVM_PATHS = ["m/44'/60'"];
/** All test chains of the Bitcoin family have coin type 1. */
const UTXO_PATHS: Readonly<Record<string, readonly string[]>> = {
  BITCOIN: ["m/84'/0'", "m/84'/1'"],
  LITECOIN: ["m/84'/2'", "m/84'/1'"],
};

const base58check = createBase58check(sha256);

/**
 * The account key of a seed whose public part is the configured one; the caller wipes it. Throws Error, which repeats no
 * key, when the seed has no such account.
 *
 * @param xpub of an account, in the form of any kind (xpub, tpub, zpub, vpub)
 */
export function accountKey(network: string, seed: Uint8Array, xpub: string): HDKey {
  const wanted = accountId(xpub);
  const root = HDKey.fromMasterSeed(seed);
  try {
    for (const path of pathsOf(network)) {
      const account = root.derive(path).deriveChild(wanted.index);
      if (Buffer.from(accountId(account.publicExtendedKey).chainCodeAndKey).equals(wanted.chainCodeAndKey))
        return account;
      account.wipePrivateData();
    }
  } finally {
    root.wipePrivateData();
  }
  throw new Error(`the seed is not that of the extended public key of ${network}`);
}

const pathsOf = (network: string): readonly string[] =>
  networkOf(network).family === 'EVM' ? EVM_PATHS : (UTXO_PATHS[network] ?? []);

function accountId(extended: string): AccountId {
  const bytes = base58check.decode(extended);
  const index = new DataView(bytes.buffer, bytes.byteOffset).getUint32(CHILD_NUMBER_AT);
  if (index < HARDENED_OFFSET) throw new Error('the extended public key is not of an account');
  return { index, chainCodeAndKey: bytes.subarray(CHAIN_CODE_AT) };
}

/** Works with the key of a child below an account, such as `1/0`, and wipes it. */
export function withChild<T>(account: HDKey, path: string, work: (key: HDKey) => T): T {
  const [chain = NaN, index = NaN] = path.split('/').map(Number);
  if (!/^[01]\/\d{1,10}$/.test(path) || index >= HARDENED_OFFSET)
    throw new RangeError(`${path} is no child of an account`);
  const parent = account.deriveChild(chain);
  const key = parent.deriveChild(index);
  try {
    return work(key);
  } finally {
    key.wipePrivateData();
    parent.wipePrivateData();
  }
}
