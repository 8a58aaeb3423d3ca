import { pbkdf2Sync } from 'node:crypto';
import { HDKey } from '@scure/bip32';
import { privateKeyToAddress } from 'viem/accounts';
import { bytesToHex, hexToBytes } from 'viem/utils';
import { describe, expect, it } from 'vitest';
import { createAddressDeriver } from '../../../src/adapters/chain/derivation/address-deriver.ts';

const ANVIL_MNEMONIC = 'test test test test test test test test test test test junk';
/** BIP-84, test vectors: account 0 of "abandon … about". */
const BIP84_ZPUB =
  'zpub6rFR7y4Q2AijBEqTUquhVz398htDFrtymD9xYYfG1m4wAcvPhXNfE3EfH1r1ADqtfSdVCToUG868RvUUkgDKf31mGDtKsAYz2oz2AGutZYs';
/** BIP-32, test vector 1: m/0'/1/2', of account depth. */
const BIP32_SEED = '0x000102030405060708090a0b0c0d0e0f';
const BIP32_DEPTH_3 =
  'xpub6D4BDPcP2GT577Vvch3R8wDkScZWzQzMMUm3PWbmWvVJrZwQY4VUNgqFJPMM3No2dFDFGTsxxpG5uJh7n7epu4trkrX7x7DogT5Uv6fcLW5';

const MAIN_XPUB = { public: 0x0488b21e, private: 0x0488ade4 };
const TEST_TPUB = { public: 0x043587cf, private: 0x04358394 };
const TEST_VPUB = { public: 0x045f1cf6, private: 0x045f18bc };

/** BIP-39: the seed of a mnemonic without passphrase. */
const anvilSeed = pbkdf2Sync(ANVIL_MNEMONIC, 'mnemonic', 2048, 64, 'sha512');
const anvilRoot = (versions = MAIN_XPUB): HDKey => HDKey.fromMasterSeed(anvilSeed, versions);
const evmAccount = anvilRoot().derive("m/44'/60'/0'");

describe('EVM addresses', () => {
  const deriver = createAddressDeriver([{ network: 'ETHEREUM', xpub: evmAccount.publicExtendedKey }]);

  it.each([
    [0, '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'],
    [1, '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'],
    [9, '0xa0Ee7A142d267C1f36714E4a8F75612F20a79720'],
  ])('derives child 0/%i of the well-known test mnemonic', (index, address) => {
    expect(deriver.derive('ETHEREUM', index)).toBe(address);
  });

  it('derives from the key of a BIP-32 vector what the private side derives from its seed', () => {
    const node = HDKey.fromMasterSeed(hexToBytes(BIP32_SEED)).derive("m/0'/1/2'");
    expect(node.publicExtendedKey).toBe(BIP32_DEPTH_3);
    const fromPublic = createAddressDeriver([{ network: 'CRONOS', xpub: BIP32_DEPTH_3 }]);
    for (const index of [0, 1, 1000]) {
      const key = node.derive(`m/0/${index}`).privateKey;
      if (!key) throw new Error('no private key');
      expect(fromPublic.derive('CRONOS', index)).toBe(privateKeyToAddress(bytesToHex(key)));
    }
  });
});

describe('SegWit addresses', () => {
  it.each([
    [0, 'bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu'],
    [1, 'bc1qnjg0jd8228aq7egyzacy8cys3knf9xvrerkf9g'],
  ])('derives receiving address %i of the BIP-84 vectors', (index, address) => {
    const deriver = createAddressDeriver([{ network: 'BITCOIN', xpub: BIP84_ZPUB }]);
    expect(deriver.derive('BITCOIN', index)).toBe(address);
  });

  it('gives the same for the same key written as a plain xpub', () => {
    const zpub = HDKey.fromExtendedKey(BIP84_ZPUB, { public: 0x04b24746, private: 0x04b2430c });
    if (!zpub.publicKey || !zpub.chainCode) throw new Error('no public key');
    const plain = new HDKey({
      publicKey: zpub.publicKey,
      chainCode: zpub.chainCode,
      depth: zpub.depth,
      index: zpub.index,
      parentFingerprint: zpub.parentFingerprint,
      versions: MAIN_XPUB,
    });
    const deriver = createAddressDeriver([{ network: 'BITCOIN', xpub: plain.publicExtendedKey }]);
    expect(plain.publicExtendedKey.slice(0, 4)).toBe('xpub');
    expect(deriver.derive('BITCOIN', 0)).toBe('bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu');
  });

  it.each([
    ['LITECOIN', undefined, /^ltc1q/],
    ['LITECOIN', 'rltc', /^rltc1q/],
    ['BITCOIN', 'bcrt', /^bcrt1q/],
  ])('writes the prefix of %s with hrp %s', (network, hrp, form) => {
    const deriver = createAddressDeriver([{ network, xpub: BIP84_ZPUB, ...(hrp && { hrp }) }]);
    expect(deriver.derive(network, 0)).toMatch(form);
  });

  it('takes test keys for test prefixes only', () => {
    for (const versions of [TEST_TPUB, TEST_VPUB]) {
      const xpub = anvilRoot(versions).derive("m/84'/1'/0'").publicExtendedKey;
      expect(() => createAddressDeriver([{ network: 'BITCOIN', xpub }])).toThrow(/BITCOIN.*test network/);
      const deriver = createAddressDeriver([{ network: 'BITCOIN', xpub, hrp: 'bcrt' }]);
      expect(deriver.derive('BITCOIN', 0)).toMatch(/^bcrt1q/);
    }
  });
});

describe('keys that are refused', () => {
  const messageOf = (network: string, xpub: string): string => {
    try {
      createAddressDeriver([{ network, xpub }]);
    } catch (error) {
      return error instanceof Error
        ? `${error.message} ${error.stack} ${String(error.cause)}`
        : String(error);
    }
    return 'accepted';
  };

  it.each([
    ['xprv', MAIN_XPUB, 'ETHEREUM'],
    ['tprv', TEST_TPUB, 'BITCOIN'],
    ['vprv', TEST_VPUB, 'BITCOIN'],
    ['yprv', { public: 0x049d7cb2, private: 0x049d7878 }, 'LITECOIN'],
  ])('names a private key (%s) as such and never repeats it', (prefix, versions, network) => {
    const secret = anvilRoot(versions).derive("m/84'/0'/0'").privateExtendedKey;
    expect(secret.slice(0, 4)).toBe(prefix);
    const message = messageOf(network, secret);
    expect(message).toContain(`extended public key of ${network}: this is an extended private key`);
    expect(message).not.toContain(secret.slice(4, 20));
  });

  it('refuses keys of another depth, kind or spelling', () => {
    expect(messageOf('ETHEREUM', anvilRoot().derive("m/44'/60'").publicExtendedKey)).toContain('depth 2');
    expect(messageOf('ETHEREUM', evmAccount.derive('m/0').publicExtendedKey)).toContain('depth 4');
    expect(messageOf('ETHEREUM', BIP84_ZPUB)).toContain('plain xpub');
    expect(messageOf('ETHEREUM', evmAccount.publicExtendedKey.replace('xpub6', 'xpub7'))).toContain(
      'copied whole',
    );
    expect(messageOf('ETHEREUM', '')).toContain('copied whole');
  });

  it('refuses networks without a key and child numbers that are hardened or no number', () => {
    const deriver = createAddressDeriver([{ network: 'ETHEREUM', xpub: evmAccount.publicExtendedKey }]);
    expect(deriver.networks).toEqual(['ETHEREUM']);
    expect(() => deriver.derive('CRONOS', 0)).toThrow(RangeError);
    for (const index of [-1, 0.5, 2 ** 31, Number.NaN]) {
      expect(() => deriver.derive('ETHEREUM', index)).toThrow(RangeError);
    }
  });
});
