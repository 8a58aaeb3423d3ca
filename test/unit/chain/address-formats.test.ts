import { sha256 } from '@noble/hashes/sha2.js';
import { createBase58check } from '@scure/base';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addressFormats,
  createAddressFormats,
} from '../../../src/adapters/chain/addresses/address-formats.ts';
import { NETWORKS } from '../../../src/domain/chain/networks.ts';

const { canonical } = addressFormats;
const base58 = (version: number, length = 20): string =>
  createBase58check(sha256).encode(Uint8Array.from([version, ...Array<number>(length).fill(7)]));

/** EIP-55, test cases. */
const EVM = [
  '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
  '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359',
  '0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB',
  '0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb',
];
/** Bitcoin Core's examples, BIP-173 and BIP-350. */
const BITCOIN = [
  '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa',
  '3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy',
  'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4',
  'bc1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3qccfmv3',
  'bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0',
];
const LITECOIN = [base58(0x30), base58(0x32), 'ltc1qw508d6qejxtdg4y5r3zarvary0c5xw7kgmn4n9'];

describe('EVM networks', () => {
  test.each(EVM)('%s is kept as it is, and found in small letters', (address) => {
    for (const network of ['ETHEREUM', 'CRONOS', 'BSC', 'POLYGON', 'ARBITRUM', 'OPTIMISM', 'BASE']) {
      expect(canonical(network, address)).toBe(address);
      expect(canonical(network, address.toLowerCase())).toBe(address);
    }
  });

  test.each([
    ['a wrong checksum', '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD'],
    ['capitals only', '0x5AAEB6053F3E94C9B9A09F33669435E7EF1BEAED'],
    ['without 0x', '5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed'],
    ['with 0X', '0X5aaeb6053f3e94c9b9a09f33669435e7ef1beaed'],
    ['too short', '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAe'],
    ['too long', '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed0'],
    ['a name', 'vitalik.eth'],
    ['the zero address', `0x${'0'.repeat(40)}`],
    ['the contract of a token', '0xdAC17F958D2ee523a2206206994597C13D831ec7'],
    ['the contract of a token in small letters', '0xdac17f958d2ee523a2206206994597c13d831ec7'],
    ['a Bitcoin address', '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa'],
  ])('refuses %s', (_name, text) => {
    expect(canonical('ETHEREUM', text)).toBeNull();
  });
});

describe('Bitcoin', () => {
  test.each(BITCOIN)('%s is kept as it is', (address) => {
    expect(canonical('BITCOIN', address)).toBe(address);
  });

  test('SegWit in capitals, as QR codes have it, is written small', () => {
    expect(canonical('BITCOIN', 'BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4')).toBe(
      'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4',
    );
  });

  test.each([
    ['a wrong checksum', '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb'],
    ['capitals and small letters', 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kV8F3T4'],
    ['another prefix', 'tc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq5zuyut'],
    ['version 1 in bech32', 'bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd'],
    ['version 0 in bech32m', 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kemeawh'],
    ['a character that is none', 'bc1p38j9r5y49hruaue7wxjce0updqjuyyx0kh56v8s25huc6995vvpql3jow4'],
    ['witness version 17', 'BC130XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ7ZWS8R'],
    ['a program of one byte', 'bc1pw5dgrnzv'],
    ['a program of 41 bytes', 'bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v8n0nx0muaewav253zgeav'],
    ['version 0 of 16 bytes', 'BC1QR508D6QEJXTDG4Y5R3ZARVARYV98GJ9P'],
    ['no program', 'bc1gmk9yu'],
    ['version 1 of 40 bytes', 'bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y'],
    ['version 16, without use', 'BC1SW50QGDZ25J'],
    ['version 2, without use', 'bc1zw508d6qejxtdg4y5r3zarvaryvaxxpcs'],
    ['a test chain', 'tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx'],
    ['a test chain’s P2PKH', 'mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn'],
    ['a test chain’s P2SH', '2MzQwSSnBHWHqSAqtTVQ6v47XtaisrJa1Vc'],
    ['a private key', base58(0x80, 32)],
    ['a short hash', base58(0x00, 19)],
    ['a long hash', base58(0x00, 21)],
  ])('refuses %s', (_name, text) => {
    expect(canonical('BITCOIN', text)).toBeNull();
  });
});

describe('Litecoin', () => {
  test.each(LITECOIN)('%s is kept as it is', (address) => {
    expect(canonical('LITECOIN', address)).toBe(address);
  });

  test('its old P2SH is refused: the same text is a Bitcoin address', () => {
    expect(canonical('LITECOIN', '3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy')).toBeNull();
  });
});

describe('test chains, where the network is set up for one', () => {
  test.each([
    ['BITCOIN', 'test', ['tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx', 'mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn']],
    [
      'BITCOIN',
      'testnet4',
      ['tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx', '2MzQwSSnBHWHqSAqtTVQ6v47XtaisrJa1Vc'],
    ],
    ['BITCOIN', 'signet', ['tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx']],
    ['LITECOIN', 'test', [base58(0x6f), base58(0x3a)]],
    ['LITECOIN', 'regtest', [base58(0x6f), base58(0x3a)]],
  ])('%s %s takes its own and not the main chain’s', (network, chain, own) => {
    const formats = createAddressFormats(new Map([[network, chain]]));
    for (const text of own) {
      expect(formats.canonical(network, text)).toBe(text);
      expect(canonical(network, text)).toBeNull();
    }
    for (const text of [...BITCOIN, ...LITECOIN]) expect(formats.canonical(network, text)).toBeNull();
  });

  test('an unknown one takes none', () => {
    const formats = createAddressFormats(new Map([['LITECOIN', 'signet']]));
    for (const text of LITECOIN) expect(formats.canonical('LITECOIN', text)).toBeNull();
  });
});

test('no address of one chain passes for one of another', () => {
  const utxo = { BITCOIN, LITECOIN };
  for (const { code } of NETWORKS) {
    const own = code === 'BITCOIN' || code === 'LITECOIN' ? utxo[code] : EVM;
    const foreign = [EVM, BITCOIN, LITECOIN].flatMap((list) => (list === own ? [] : list));
    for (const text of foreign) expect(canonical(code, text), `${text} on ${code}`).toBeNull();
  }
  expect(canonical('DOGECOIN', BITCOIN[0] ?? '')).toBeNull();
  expect(canonical('__proto__', BITCOIN[0] ?? '')).toBeNull();
});

test('one wrong character is seen', () => {
  const letter = fc.constantFrom(...Array.from('023456789acdefghjklmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ1o'));
  const anyAddress = fc.constantFrom(
    ...BITCOIN.map((text) => ['BITCOIN', text] as const),
    ...LITECOIN.map((text) => ['LITECOIN', text] as const),
  );
  fc.assert(
    fc.property(anyAddress, fc.nat(), letter, ([network, text], place, other) => {
      const at = place % text.length;
      fc.pre(text[at] !== other);
      expect(canonical(network, text.slice(0, at) + other + text.slice(at + 1))).toBeNull();
    }),
    { numRuns: 1000 },
  );
});

test('nothing makes it throw', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...NETWORKS.map((n) => n.code)),
      fc.string({ maxLength: 200 }),
      (code, text) => {
        expect(canonical(code, text)).toBeNull();
      },
    ),
  );
  expect(canonical('BITCOIN', '1'.repeat(1_000_000))).toBeNull();
  expect(canonical('ETHEREUM', `0x${'0'.repeat(1_000_000)}`)).toBeNull();
});
