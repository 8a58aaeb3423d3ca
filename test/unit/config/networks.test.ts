import { expect, test } from 'vitest';
import { createAddressFormats } from '../../../src/adapters/chain/addresses/address-formats.ts';
import { createAddressDeriver } from '../../../src/adapters/chain/derivation/address-deriver.ts';
import { ConfigError, loadConfig } from '../../../src/config/config.ts';
import { networkFaults } from '../../../src/server/compose/networks.ts';
import { configuredChains, derivationKeys } from '../../../src/server/compose/utxo-networks.ts';

/** BIP-84, test vectors: account 0. */
const ZPUB =
  'zpub6rFR7y4Q2AijBEqTUquhVz398htDFrtymD9xYYfG1m4wAcvPhXNfE3EfH1r1ADqtfSdVCToUG868RvUUkgDKf31mGDtKsAYz2oz2AGutZYs';

const network = (code: string, more: object = {}) => ({
  network: code,
  rpcUrl: 'http://127.0.0.1:1',
  xpub: `xpub of ${code}`,
  ...more,
});
const faults = (environment: 'development' | 'production', ...networks: ReturnType<typeof network>[]) =>
  networkFaults({ environment, networks });

test('a known network with its own contract is fine', () => {
  const contracts = { USDT: `0x${'ab'.repeat(20)}` };
  expect(faults('production', network('ETHEREUM', { contracts }), network('CRONOS'))).toEqual([]);
  expect(faults('production', network('BITCOIN'), network('LITECOIN', { chain: 'main' }))).toEqual([]);
  expect(faults('development', network('LITECOIN', { chain: 'regtest' }))).toEqual([]);
});

test('a contract may come with its decimals', () => {
  const contracts = { USDT: { address: `0x${'ab'.repeat(20)}`, decimals: 18 } };
  expect(faults('production', network('BSC', { contracts }))).toEqual([]);
  expect(faults('production', network('BSC', { contracts: { USDT: { address: '0x12' } } }))).toEqual([
    'NETWORKS: the contract of USDT on BSC is no address',
  ]);
});

test('several nodes are fine, each once', () => {
  const nodes = (...rpcUrls: string[]) => network('ETHEREUM', { rpcUrl: undefined, rpcUrls });
  expect(faults('production', nodes('http://one', 'http://other'))).toEqual([]);
  expect(faults('production', nodes('http://one', 'http://one'))).toEqual([
    'NETWORKS: ETHEREUM names a node twice',
  ]);
});

test('what only EVM networks have is no part of others', () => {
  const evm = { finality: 'finalized', unknownTokens: true, logChunk: 5 };
  expect(faults('development', network('POLYGON', evm))).toEqual([]);
  expect(faults('development', network('BITCOIN', evm))).toEqual([
    'NETWORKS: BITCOIN has no finality',
    'NETWORKS: BITCOIN has no unknownTokens',
    'NETWORKS: BITCOIN has no logChunk',
  ]);
});

test('own funds are amounts of what the network carries', () => {
  expect(faults('production', network('ETHEREUM', { ownFunds: { ETH: '1.5', USDT: '0' } }))).toEqual([]);
  expect(faults('production', network('ETHEREUM', { ownFunds: { LTC: '1', USDT: '0.0000001' } }))).toEqual([
    'NETWORKS: ETHEREUM has no own funds of 1 LTC',
    'NETWORKS: ETHEREUM has no own funds of 0.0000001 USDT',
  ]);
});

test('all faults are told together', () => {
  const told = faults(
    'production',
    network('ETHEREUM', { contracts: { USDT: '0x12', ETH: `0x${'ab'.repeat(20)}`, USDX: '0x' } }),
    network('CRONOS', { xpub: 'xpub of ETHEREUM' }),
    network('LITECOIN', { chain: 'signet' }),
    network('BITCOIN', { chain: 'signet' }),
    network('ETHERUM'),
  );
  expect(told).toEqual([
    'NETWORKS: the contract of USDT on ETHEREUM is no address',
    'NETWORKS: ETHEREUM has no token ETH',
    'NETWORKS: ETHEREUM has no token USDX',
    'NETWORKS: CRONOS and ETHEREUM need extended public keys of their own',
    'NETWORKS: LITECOIN has no chain signet',
    'NETWORKS: BITCOIN is on the test chain signet, whose coins are worth nothing',
    'NETWORKS: ETHERUM is no network of this gateway',
  ]);
});

test('a chain is of the Bitcoin family only', () => {
  const settings = { chain: 'test', rpcCookieFile: '/node/.cookie' };
  expect(faults('development', network('CRONOS', settings))).toEqual([
    'NETWORKS: CRONOS has no chain',
    'NETWORKS: CRONOS has no rpcCookieFile',
  ]);
  expect(faults('production', network('LITECOIN', { rpcCookieFile: '/node/.cookie' }))).toEqual([]);
});

test('a network has one node or several', () => {
  const read = (...entries: object[]) =>
    loadConfig({ NETWORKS: JSON.stringify(entries.map((entry) => ({ xpub: ZPUB, ...entry }))) }).networks;
  const urls = ['http://user:secret@127.0.0.1:1', 'https://127.0.0.1:2'];
  expect(read({ network: 'BITCOIN', rpcUrls: urls })).toMatchObject([{ rpcUrls: urls }]);
  expect(read({ network: 'BITCOIN', rpcUrl: urls[0] })).toMatchObject([{ rpcUrl: urls[0] }]);
  for (const wrong of [
    {},
    { rpcUrls: [] },
    { rpcUrls: ['ftp://user:secret@127.0.0.1'] },
    { chain: 'other' },
  ]) {
    const message = messageOf(() => read({ network: 'BITCOIN', ...wrong }));
    expect(message).toContain('NETWORKS.0');
    expect(message).not.toContain('secret');
  }
});

function messageOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return 'accepted';
}

test('addresses are derived and read in the form of the configured chain', () => {
  const prefixOf = { main: 'ltc1q', test: 'tltc1q', regtest: 'rltc1q' } as const;
  for (const chain of ['main', 'test', 'regtest'] as const) {
    const networks = [{ ...network('LITECOIN', { chain }), xpub: ZPUB, chain }];
    const address = createAddressDeriver(derivationKeys(networks)).derive('LITECOIN', 0);
    expect(address.startsWith(prefixOf[chain])).toBe(true);
    for (const other of ['main', 'test', 'regtest'] as const) {
      const formats = createAddressFormats(configuredChains([{ ...network('LITECOIN'), chain: other }]));
      expect(formats.canonical('LITECOIN', address)).toBe(other === chain ? address : null);
    }
  }
});
