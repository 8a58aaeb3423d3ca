import { ECDH } from 'node:crypto';
import { ripemd160 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bech32 } from '@scure/base';
import type { HDKey } from '@scure/bip32';
import { publicKeyToAddress } from 'viem/utils';
import { networkOf } from '../../../domain/chain/networks.ts';
import type { AddressDeriver } from '../../../usecases/ports/deposit-addresses.ts';
import { utxoChainOf } from '../addresses/utxo-chains.ts';
import { readExtendedPublicKey, type ExtendedPublicKey } from './extended-public-key.ts';

/** Where a network's addresses come from. */
export interface DerivationKey {
  readonly network: string;
  /** Account level: m/44'/60'/0' for the EVM, m/84'/coin'/0' for the Bitcoin family (xpub, zpub, tpub or vpub). */
  readonly xpub: string;
  /** Bech32 prefix of a Bitcoin-like test chain (`tb`, `bcrt`, `rltc`); by default that of the main network. */
  readonly hrp?: string;
}

/** BIP-44: the chain of addresses that are shown to payers, as against change. */
const EXTERNAL_CHAIN = 0;
/** BIP-32: children from here on are hardened and cannot be derived from a public key. */
const FIRST_HARDENED = 2 ** 31;
const WITNESS_VERSION = 0;

type ToAddress = (publicKey: Uint8Array) => string;

interface AddressSource {
  readonly chain: HDKey;
  readonly toAddress: ToAddress;
}

/**
 * Derives receiving addresses from extended public keys. The chain below the account is derived once a network.
 * Throws Error that names the network, never the key, when a key does not fit; nothing is derived from a private key.
 */
export function createAddressDeriver(keys: readonly DerivationKey[]): AddressDeriver {
  const sources = new Map(keys.map((key) => [key.network, sourceOf(key)]));
  return {
    networks: [...sources.keys()],
    derive(network, index) {
      const source = sources.get(network);
      if (!source) throw new RangeError(`no extended public key for network ${network}`);
      if (!Number.isInteger(index) || index < 0 || index >= FIRST_HARDENED) {
        throw new RangeError(`child number ${index} is not between 0 and 2^31 - 1`);
      }
      return source.toAddress(publicKeyOf(source.chain.deriveChild(index)));
    },
  };
}

function sourceOf({ network, xpub, hrp }: DerivationKey): AddressSource {
  try {
    const key = readExtendedPublicKey(xpub);
    const toAddress =
      networkOf(network).family === 'EVM' ? evmAddresses(key) : segwitAddresses(key, network, hrp);
    return { chain: key.node.deriveChild(EXTERNAL_CHAIN), toAddress };
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unreadable';
    throw new Error(`extended public key of ${network}: ${reason}`, { cause: error });
  }
}

function evmAddresses(key: ExtendedPublicKey): ToAddress {
  if (key.segwitOnly || key.use === 'TEST') throw new Error('a plain xpub is needed here');
  return evmAddress;
}

export function evmAddress(publicKey: Uint8Array): string {
  const uncompressed = ECDH.convertKey(publicKey, 'secp256k1', undefined, 'hex', 'uncompressed');
  return publicKeyToAddress(`0x${uncompressed.toString()}`);
}

function segwitAddresses(key: ExtendedPublicKey, network: string, prefix: string | undefined): ToAddress {
  const mainPrefix = utxoChainOf(network)?.hrp;
  const hrp = prefix ?? mainPrefix;
  if (hrp === undefined) throw new Error('no bech32 prefix is known');
  if (key.use === 'TEST' && hrp === mainPrefix) {
    throw new Error(
      'the key is one of a test network; name its bech32 prefix or give the key of the main network',
    );
  }
  return (publicKey) => p2wpkh(publicKey, hrp);
}

/** BIP-84: version 0 and HASH160 of the compressed public key, in bech32 (BIP-173). */
const p2wpkh = (publicKey: Uint8Array, hrp: string): string =>
  bech32.encode(hrp, [WITNESS_VERSION, ...bech32.toWords(hash160(publicKey))]);

const hash160 = (bytes: Uint8Array): Uint8Array => ripemd160(sha256(bytes));

export function publicKeyOf(node: HDKey): Uint8Array {
  if (!node.publicKey) throw new Error('the derived node has no public key');
  return node.publicKey;
}
