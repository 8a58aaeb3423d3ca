import type { HDKey } from '@scure/bip32';
import { p2wpkh } from '@scure/btc-signer';
import type { UtxoChain } from '../../addresses/utxo-address.ts';
import { readExtendedPublicKey } from '../../derivation/extended-public-key.ts';

/** The gateway's own outputs on one chain (BIP-84). */
export interface AccountScripts {
  /** P2WPKH of the child below the account's key, such as `0/17`. Throws RangeError for another form of path. */
  of(path: string): { readonly script: Uint8Array; readonly address: string };
}

/** Scripts that are remembered: a derivation takes a millisecond or two. */
const MOST_KEPT = 10_000;
const PATH = /^([01])\/(\d{1,10})$/;
const FIRST_HARDENED = 2 ** 31;
/** Private keys in text are never met here, but the library wants their version. */
const UNUSED_WIF = 0x80;

/** Throws Error, which never repeats the key, for what is no account's extended public key. */
export function createAccountScripts(xpub: string, { hrp, versions }: UtxoChain): AccountScripts {
  const { node } = readExtendedPublicKey(xpub);
  const chains = [node.deriveChild(0), node.deriveChild(1)];
  const [pubKeyHash = 0, scriptHash = 0] = versions;
  const derived = new Map<string, { readonly script: Uint8Array; readonly address: string }>();
  const network = { bech32: hrp, pubKeyHash, scriptHash, wif: UNUSED_WIF };
  return {
    of(path) {
      const known = derived.get(path);
      if (known) return known;
      const { script, address } = p2wpkh(publicKeyOf(childOf(chains, path)), network);
      if (derived.size === MOST_KEPT) derived.clear();
      derived.set(path, { script, address });
      return { script, address };
    },
  };
}

function childOf(chains: readonly HDKey[], path: string): HDKey {
  const [, chain, index] = PATH.exec(path) ?? [];
  const below = chains[Number(chain)];
  if (!below || Number(index) >= FIRST_HARDENED) throw new RangeError(`${path} is no path below an account`);
  return below.deriveChild(Number(index));
}

function publicKeyOf({ publicKey }: HDKey): Uint8Array {
  if (!publicKey) throw new Error('the derived node has no public key');
  return publicKey;
}
