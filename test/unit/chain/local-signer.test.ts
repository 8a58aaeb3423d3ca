import { p2wpkh, Transaction } from '@scure/btc-signer';
import { HDKey } from '@scure/bip32';
import { mnemonicToSeedSync } from '@scure/bip39';
import { bytesToHex, hexToBytes } from 'viem';
import { sign } from 'viem/accounts';
import { describe, expect, it } from 'vitest';
import { createSealer } from '../../../src/adapters/secrets/sealer.ts';
import { createLocalSigner } from '../../../src/adapters/signer/local-signer.ts';
import { sealSeed } from '../../../src/adapters/signer/sealed-seed.ts';

const sealer = createSealer(new Uint8Array(32).fill(1));

/** Foundry's account, known to everybody: the first address and its key as its documentation tells them. */
const FOUNDRY = {
  mnemonic: 'test test test test test test test test test test test junk',
  privateKey: '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80',
} as const;

/** The vector of BIP-84. */
const BIP84 = {
  mnemonic: 'abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about',
  zpub: 'zpub6rFR7y4Q2AijBEqTUquhVz398htDFrtymD9xYYfG1m4wAcvPhXNfE3EfH1r1ADqtfSdVCToUG868RvUUkgDKf31mGDtKsAYz2oz2AGutZYs',
  keys: {
    '0/0': '0330d54fd0dd420a6e5f8d3624f5f3482cae350f79d5f0753bf5beef9c2d91af3c',
    '0/1': '03e775fd51f0dfb8cd865d9ff1cca2a158cf651fe997fdc9fee9c1d3b5e995ea77',
    '1/0': '03025324888e429ab8e3dbaf1f7802648b9cd01e9b418485c5fa4c1b9b5700e1a6',
  },
};

const xpubOf = (mnemonic: string, path: string): string =>
  HDKey.fromMasterSeed(mnemonicToSeedSync(mnemonic)).derive(path).publicExtendedKey;

async function signerOf(network: string, mnemonic: string, xpub: string) {
  const sealed = await sealSeed(mnemonic, { network, xpub, sealer });
  return createLocalSigner({ network, xpub, sealer, seeds: { read: () => Promise.resolve(sealed) } });
}

describe('a hash is signed', () => {
  const xpub = xpubOf(FOUNDRY.mnemonic, "m/44'/60'/0'");

  it.each(Array.from({ length: 16 }, (_, index) => index))(
    'as another implementation signs it (RFC 6979), hash %i',
    async (index) => {
      const signer = await signerOf('ETHEREUM', FOUNDRY.mnemonic, xpub);
      const hash = new Uint8Array(32).fill(index + 1);
      const { r, s, yParity } = await signer.signHash('0/0', hash);
      const theirs = await sign({ hash: bytesToHex(hash), privateKey: FOUNDRY.privateKey });
      expect({ r, s, yParity }).toEqual({
        r: BigInt(theirs.r),
        s: BigInt(theirs.s),
        yParity: theirs.yParity,
      });
    },
  );

  it('by another account of the seed where its key is configured', async () => {
    const second = xpubOf(FOUNDRY.mnemonic, "m/44'/60'/1'");
    const [one, other] = [
      await signerOf('ETHEREUM', FOUNDRY.mnemonic, xpub),
      await signerOf('ETHEREUM', FOUNDRY.mnemonic, second),
    ];
    const hash = new Uint8Array(32).fill(9);
    expect((await other.signHash('1/0', hash)).r).not.toBe((await one.signHash('1/0', hash)).r);
  });

  it.each(['', '0', '2/0', '0/-1', "0'/0", '0/2147483648', '0/1/2', 'm/0/0'])(
    'at no place but a child of the account: "%s"',
    async (path) => {
      const signer = await signerOf('ETHEREUM', FOUNDRY.mnemonic, xpub);
      await expect(signer.signHash(path, new Uint8Array(32))).rejects.toThrow(RangeError);
    },
  );
});

describe('a PSBT is signed', () => {
  /** Spends a coin at each of these paths. */
  function unsigned(paths: readonly (keyof typeof BIP84.keys)[]): Transaction {
    const transaction = new Transaction();
    for (const path of paths) {
      const { script } = p2wpkh(hexToBytes(`0x${BIP84.keys[path]}`));
      transaction.addInput({
        txid: '11'.repeat(32),
        index: paths.indexOf(path),
        witnessUtxo: { script, amount: 10_000n },
      });
    }
    const { script } = p2wpkh(hexToBytes(`0x${BIP84.keys['1/0']}`));
    transaction.addOutput({ script, amount: 10_000n * BigInt(paths.length) - 500n });
    return transaction;
  }

  it('with the keys of BIP-84, each at its own input', async () => {
    const signer = await signerOf('BITCOIN', BIP84.mnemonic, BIP84.zpub);
    const paths = ['0/0', '0/1', '1/0'] as const;
    const signed = Transaction.fromPSBT(await signer.signPsbt(unsigned(paths).toPSBT(), paths));
    for (const [index, path] of paths.entries()) {
      const [[key] = []] = signed.getInput(index).partialSig ?? [];
      expect(key && bytesToHex(key)).toBe(`0x${BIP84.keys[path]}`);
    }
    signed.finalize();
    expect(signed.isFinal).toBe(true);
  });

  it('not with a key that none of its inputs is of', async () => {
    const signer = await signerOf('BITCOIN', BIP84.mnemonic, BIP84.zpub);
    await expect(signer.signPsbt(unsigned(['0/0']).toPSBT(), ['0/7'])).rejects.toThrow('no input of 0/7');
  });

  it('on a test chain by coin type 1, and on Litecoin by its own or 1', async () => {
    for (const [network, path] of [
      ['BITCOIN', "m/84'/1'/0'"],
      ['LITECOIN', "m/84'/2'/0'"],
      ['LITECOIN', "m/84'/1'/3'"],
    ] as const)
      await expect(signerOf(network, BIP84.mnemonic, xpubOf(BIP84.mnemonic, path))).resolves.toMatchObject({
        network,
      });
  });
});

describe('nothing starts', () => {
  const xpub = xpubOf(FOUNDRY.mnemonic, "m/44'/60'/0'");
  const started = (sealed: Uint8Array | null, network = 'ETHEREUM') =>
    createLocalSigner({ network, xpub, sealer, seeds: { read: () => Promise.resolve(sealed) } });

  it('without a seed', async () => {
    await expect(started(null)).rejects.toThrow('no seed was imported for ETHEREUM');
  });

  it('with the seed of another account', async () => {
    const other = xpubOf(BIP84.mnemonic, "m/44'/60'/0'");
    const sealed = await sealSeed(BIP84.mnemonic, { network: 'ETHEREUM', xpub: other, sealer });
    await expect(started(sealed)).rejects.toThrow('not that of the extended public key of ETHEREUM');
  });

  it('with a seed that was sealed for another network', async () => {
    const sealed = await sealSeed(FOUNDRY.mnemonic, { network: 'CRONOS', xpub, sealer });
    await expect(started(sealed)).rejects.toThrow(/unable to authenticate/);
  });

  it.each([
    [
      'words that no list has',
      'legal winner thank year wave sausage worth useful legal winner thank paybell',
    ],
    [
      'a checksum that does not fit',
      'legal winner thank year wave sausage worth useful legal winner thank thank',
    ],
    ['too few words', 'legal winner thank'],
    ['nothing', ''],
  ])('with %s', async (_, mnemonic) => {
    const fault = sealSeed(mnemonic, { network: 'ETHEREUM', xpub, sealer });
    await expect(fault).rejects.toThrow(/^these are not the words of a mnemonic/);
  });
});
