import type { HDKey } from '@scure/bip32';
import { bytesToHex, recoverPublicKey } from 'viem/utils';
import type { Signer } from '../../usecases/ports/chain-spender.ts';
import type { SealPurpose } from '../../usecases/ports/sealed-secrets.ts';
import type { Sealer } from '../../usecases/ports/secrets.ts';
import type { WalletSeeds } from '../../usecases/ports/wallet-seeds.ts';
import { accountKey, withChild } from './account-key.ts';
import { signPsbtInputs } from './psbt-signing.ts';

export interface LocalSignerOptions {
  readonly network: string;
  /** Of the account that the addresses are derived from: the seed must be its own. */
  readonly xpub: string;
  readonly seeds: Pick<WalletSeeds, 'read'>;
  readonly sealer: Sealer;
}

/** What seeds are sealed for; the row is the network. */
export const SEED_SEAL = 'wallet-seed' satisfies SealPurpose;
const HALF = 32;

/**
 * Signs with the seed in the database, which is opened for each signature and wiped after it. Throws Error, before
 * anything is signed, where there is no seed or it is not that of the configured key.
 */
export async function createLocalSigner(options: LocalSignerOptions): Promise<Signer> {
  const { network, xpub, seeds, sealer } = options;

  const withAccount = async <T>(work: (account: HDKey) => T): Promise<T> => {
    const sealed = await seeds.read(network);
    if (!sealed) throw new Error(`no seed was imported for ${network}: npm run seed:import ${network}`);
    const seed = sealer.open(SEED_SEAL, network, sealed);
    try {
      const account = accountKey(network, seed, xpub);
      try {
        return work(account);
      } finally {
        account.wipePrivateData();
      }
    } finally {
      seed.fill(0);
    }
  };

  await withAccount(() => undefined);
  return {
    network,
    async signHash(path, hash) {
      const signed = await withAccount((account) =>
        withChild(account, path, (key) => ({ signature: key.sign(hash), publicKey: publicKeyOf(key) })),
      );
      return await withParity(hash, signed.signature, signed.publicKey);
    },
    signPsbt: (psbt, paths) => withAccount((account) => signPsbtInputs(account, psbt, [...new Set(paths)])),
  };
}

/** RFC 6979 gives r and s alone; which of two points r stands for is found by the key. */
async function withParity(hash: Uint8Array, signature: Uint8Array, publicKey: Uint8Array) {
  const r = bytesToHex(signature.subarray(0, HALF));
  const s = bytesToHex(signature.subarray(HALF));
  for (const yParity of [0, 1] as const) {
    const found = await recoverPublicKey({ hash, signature: { r, s, yParity } }).catch(() => null);
    // 04, x, y against 02 or 03 and x: the other point has another key.
    if (found !== null && isSame(found, publicKey)) return { r: BigInt(r), s: BigInt(s), yParity };
  }
  throw new Error('the signature is not one of the key');
}

const isSame = (uncompressed: string, compressed: Uint8Array): boolean => {
  const isOdd = Number.parseInt(uncompressed.slice(-1), 16) % 2 === 1;
  const x = uncompressed.slice('0x04'.length, '0x04'.length + 2 * HALF);
  return bytesToHex(compressed) === `0x${isOdd ? '03' : '02'}${x}`;
};

function publicKeyOf({ publicKey }: HDKey): Uint8Array {
  if (!publicKey) throw new Error('the key has no public part');
  return publicKey;
}
