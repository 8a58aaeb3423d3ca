import { expect, test } from 'vitest';
import { networkFaults } from '../../../src/server/compose/networks.ts';

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
  expect(faults('development', network('BITCOIN'))).toEqual([]);
});

test('all faults are told together', () => {
  const told = faults(
    'production',
    network('ETHEREUM', { contracts: { USDT: '0x12', ETH: `0x${'ab'.repeat(20)}`, USDX: '0x' } }),
    network('CRONOS', { xpub: 'xpub of ETHEREUM' }),
    network('LITECOIN'),
    network('ETHERUM'),
  );
  expect(told).toEqual([
    'NETWORKS: the contract of USDT on ETHEREUM is no address',
    'NETWORKS: ETHEREUM has no token ETH',
    'NETWORKS: ETHEREUM has no token USDX',
    'NETWORKS: CRONOS and ETHEREUM need extended public keys of their own',
    'NETWORKS: LITECOIN cannot be watched yet',
    'NETWORKS: ETHERUM is no network of this gateway',
  ]);
});
