import { pbkdf2Sync } from 'node:crypto';
import { HDKey } from '@scure/bip32';
import { privateKeyToAddress } from 'viem/accounts';
import { bytesToHex, hexToBytes } from 'viem/utils';
import { describe, expect, test } from 'vitest';
import { createAddressDeriver } from '../../../src/adapters/chain/derivation/address-deriver.ts';

/** BIP-32, test vectors 1 to 4: extended public keys by path. */
const BIP32: readonly (readonly [seed: string, keys: Readonly<Record<string, string>>])[] = [
  [
    '000102030405060708090a0b0c0d0e0f',
    {
      m: 'xpub661MyMwAqRbcFtXgS5sYJABqqG9YLmC4Q1Rdap9gSE8NqtwybGhePY2gZ29ESFjqJoCu1Rupje8YtGqsefD265TMg7usUDFdp6W1EGMcet8',
      "m/0'":
        'xpub68Gmy5EdvgibQVfPdqkBBCHxA5htiqg55crXYuXoQRKfDBFA1WEjWgP6LHhwBZeNK1VTsfTFUHCdrfp1bgwQ9xv5ski8PX9rL2dZXvgGDnw',
      "m/0'/1":
        'xpub6ASuArnXKPbfEwhqN6e3mwBcDTgzisQN1wXN9BJcM47sSikHjJf3UFHKkNAWbWMiGj7Wf5uMash7SyYq527Hqck2AxYysAA7xmALppuCkwQ',
      "m/0'/1/2'":
        'xpub6D4BDPcP2GT577Vvch3R8wDkScZWzQzMMUm3PWbmWvVJrZwQY4VUNgqFJPMM3No2dFDFGTsxxpG5uJh7n7epu4trkrX7x7DogT5Uv6fcLW5',
      "m/0'/1/2'/2":
        'xpub6FHa3pjLCk84BayeJxFW2SP4XRrFd1JYnxeLeU8EqN3vDfZmbqBqaGJAyiLjTAwm6ZLRQUMv1ZACTj37sR62cfN7fe5JnJ7dh8zL4fiyLHV',
      "m/0'/1/2'/2/1000000000":
        'xpub6H1LXWLaKsWFhvm6RVpEL9P4KfRZSW7abD2ttkWP3SSQvnyA8FSVqNTEcYFgJS2UaFcxupHiYkro49S8yGasTvXEYBVPamhGW6cFJodrTHy',
    },
  ],
  [
    'fffcf9f6f3f0edeae7e4e1dedbd8d5d2cfccc9c6c3c0bdbab7b4b1aeaba8a5a29f9c999693908d8a8784817e7b7875726f6c696663605d5a5754514e4b484542',
    {
      m: 'xpub661MyMwAqRbcFW31YEwpkMuc5THy2PSt5bDMsktWQcFF8syAmRUapSCGu8ED9W6oDMSgv6Zz8idoc4a6mr8BDzTJY47LJhkJ8UB7WEGuduB',
      'm/0':
        'xpub69H7F5d8KSRgmmdJg2KhpAK8SR3DjMwAdkxj3ZuxV27CprR9LgpeyGmXUbC6wb7ERfvrnKZjXoUmmDznezpbZb7ap6r1D3tgFxHmwMkQTPH',
      "m/0/2147483647'":
        'xpub6ASAVgeehLbnwdqV6UKMHVzgqAG8Gr6riv3Fxxpj8ksbH9ebxaEyBLZ85ySDhKiLDBrQSARLq1uNRts8RuJiHjaDMBU4Zn9h8LZNnBC5y4a',
      "m/0/2147483647'/1":
        'xpub6DF8uhdarytz3FWdA8TvFSvvAh8dP3283MY7p2V4SeE2wyWmG5mg5EwVvmdMVCQcoNJxGoWaU9DCWh89LojfZ537wTfunKau47EL2dhHKon',
      "m/0/2147483647'/1/2147483646'":
        'xpub6ERApfZwUNrhLCkDtcHTcxd75RbzS1ed54G1LkBUHQVHQKqhMkhgbmJbZRkrgZw4koxb5JaHWkY4ALHY2grBGRjaDMzQLcgJvLJuZZvRcEL',
      "m/0/2147483647'/1/2147483646'/2":
        'xpub6FnCn6nSzZAw5Tw7cgR9bi15UV96gLZhjDstkXXxvCLsUXBGXPdSnLFbdpq8p9HmGsApME5hQTZ3emM2rnY5agb9rXpVGyy3bdW6EEgAtqt',
    },
  ],
  [
    '4b381541583be4423346c643850da4b320e46a87ae3d2a4e6da11eba819cd4acba45d239319ac14f863b8d5ab5a0d0c64d2e8a1e7d1457df2e5a3c51c73235be',
    {
      m: 'xpub661MyMwAqRbcEZVB4dScxMAdx6d4nFc9nvyvH3v4gJL378CSRZiYmhRoP7mBy6gSPSCYk6SzXPTf3ND1cZAceL7SfJ1Z3GC8vBgp2epUt13',
      "m/0'":
        'xpub68NZiKmJWnxxS6aaHmn81bvJeTESw724CRDs6HbuccFQN9Ku14VQrADWgqbhhTHBaohPX4CjNLf9fq9MYo6oDaPPLPxSb7gwQN3ih19Zm4Y',
    },
  ],
  [
    '3ddd5602285899a946114506157c7997e5444528f3003f6134712147db19b678',
    {
      m: 'xpub661MyMwAqRbcGczjuMoRm6dXaLDEhW1u34gKenbeYqAix21mdUKJyuyu5F1rzYGVxyL6tmgBUAEPrEz92mBXjByMRiJdba9wpnN37RLLAXa',
      "m/0'":
        'xpub69AUMk3qDBi3uW1sXgjCmVjJ2G6WQoYSnNHyzkmdCHEhSZ4tBok37xfFEqHd2AddP56Tqp4o56AePAgCjYdvpW2PU2jbUPFKsav5ut6Ch1m',
      "m/0'/1'":
        'xpub6BJA1jSqiukeaesWfxe6sNK9CCGaujFFSJLomWHprUL9DePQ4JDkM5d88n49sMGJxrhpjazuXYWdMf17C9T5XnxkopaeS7jGk1GyyVziaMt',
    },
  ],
];

const rootOf = (seed: string): HDKey => HDKey.fromMasterSeed(hexToBytes(`0x${seed}`));

/** The private side's address for a child of an account's external chain. */
function ownAddress(account: HDKey, index: number): string {
  const key = account.derive(`m/0/${index}`).privateKey;
  if (!key) throw new Error('no private key');
  return privateKeyToAddress(bytesToHex(key));
}

describe.each(BIP32.map(([seed, keys], i) => [i + 1, seed, keys] as const))(
  'BIP-32, test vector %i',
  (_, seed, keys) => {
    test('gives the published keys', () => {
      for (const [path, published] of Object.entries(keys)) {
        expect(rootOf(seed).derive(path).publicExtendedKey, path).toBe(published);
      }
    });

    test('gives them from the public key above as well, where a step is not hardened', () => {
      for (const [path, published] of Object.entries(keys)) {
        const [, above = '', child = ''] = /^(.*)\/(\d+)$/.exec(path) ?? [];
        const parent = keys[above];
        if (parent === undefined) continue;
        expect(HDKey.fromExtendedKey(parent).deriveChild(Number(child)).publicExtendedKey, path).toBe(
          published,
        );
      }
    });

    test('gives addresses from public keys that fit its private ones', () => {
      const paths = Object.keys(keys).filter((path) => path.split('/').length === 4);
      // The shorter ones go on to the depth of an account.
      const deepest = Object.keys(keys).at(-1) ?? 'm';
      const missing = 3 - (deepest.split('/').length - 1);
      const accounts = paths.length > 0 ? paths : [deepest + "/7'".repeat(missing)];
      for (const path of accounts) {
        const account = rootOf(seed).derive(path);
        const deriver = createAddressDeriver([{ network: 'ETHEREUM', xpub: account.publicExtendedKey }]);
        for (const index of [0, 1, 2, 1_000, 2 ** 31 - 1]) {
          expect(deriver.derive('ETHEREUM', index), `${path}/0/${index}`).toBe(ownAddress(account, index));
        }
      }
    });
  },
);

/** BIP-39, without a passphrase. */
const seedOf = (mnemonic: string): string =>
  pbkdf2Sync(mnemonic, 'mnemonic', 2048, 64, 'sha512').toString('hex');

test('BIP-44: the ten addresses that every development chain begins with', () => {
  const mnemonic = `${'test '.repeat(11)}junk`;
  const account = rootOf(seedOf(mnemonic)).derive("m/44'/60'/0'");
  const deriver = createAddressDeriver([{ network: 'ETHEREUM', xpub: account.publicExtendedKey }]);
  expect(Array.from({ length: 10 }, (_, index) => deriver.derive('ETHEREUM', index))).toEqual([
    '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266',
    '0x70997970C51812dc3A010C7d01b50e0d17dc79C8',
    '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC',
    '0x90F79bf6EB2c4f870365E785982E1f101E93b906',
    '0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65',
    '0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc',
    '0x976EA74026E726554dB657fA54763abd0C3a0aa9',
    '0x14dC79964da2C08b23698B3D3cc7Ca32193d9955',
    '0x23618e81E3f5cdF7f54C3d65f7FBc0aBf5B21E8f',
    '0xa0Ee7A142d267C1f36714E4a8F75612F20a79720',
  ]);
});

test('BIP-84: the keys and addresses of its test vectors', () => {
  const mnemonic = `${'abandon '.repeat(11)}about`;
  const zpub = { public: 0x04b24746, private: 0x04b2430c };
  const root = HDKey.fromMasterSeed(hexToBytes(`0x${seedOf(mnemonic)}`), zpub);
  const account = root.derive("m/84'/0'/0'");
  expect(root.publicExtendedKey).toBe(
    'zpub6jftahH18ngZxLmXaKw3GSZzZsszmt9WqedkyZdezFtWRFBZqsQH5hyUmb4pCEeZGmVfQuP5bedXTB8is6fTv19U1GQRyQUKQGUTzyHACMF',
  );
  expect(account.publicExtendedKey).toBe(
    'zpub6rFR7y4Q2AijBEqTUquhVz398htDFrtymD9xYYfG1m4wAcvPhXNfE3EfH1r1ADqtfSdVCToUG868RvUUkgDKf31mGDtKsAYz2oz2AGutZYs',
  );
  const deriver = createAddressDeriver([{ network: 'BITCOIN', xpub: account.publicExtendedKey }]);
  expect([0, 1].map((index) => deriver.derive('BITCOIN', index))).toEqual([
    'bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu',
    'bc1qnjg0jd8228aq7egyzacy8cys3knf9xvrerkf9g',
  ]);
});
