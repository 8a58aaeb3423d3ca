import { createTestClient, erc20Abi, getAddress, http, parseEther, parseUnits, publicActions } from 'viem';
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts';
import { describe, expect, test, vi } from 'vitest';
import { evmHotAddress } from '../../src/adapters/chain/derivation/hot-address.ts';
import {
  MERCHANT_MNEMONIC,
  startLocalChain,
  type LocalChain,
} from '../../src/demo/local-chain/local-chain.ts';
import { payoutKit, unitsOf, type PayoutWay } from './payout-kit.ts';
import { payoutScenarios } from './payout-scenarios.ts';
import { useScenarios } from './scenario-kit.ts';

/** A payout and what it waits for take dozens of blocks, each looked at by a gateway. */
vi.setConfig({ testTimeout: 90_000 });

let chain: LocalChain;
/** What operators put into the hot wallet, in wei. */
let funded = 0n;
const scenarios = useScenarios(async () => {
  chain = await startLocalChain();
  return {
    mnemonic: MERCHANT_MNEMONIC,
    settings: {
      network: 'ETHEREUM',
      rpcUrl: chain.rpcUrl,
      chainId: chain.chainId,
      xpub: chain.xpub,
      contracts: { USDT: chain.usdt },
      sweepAbove: { ETH: '0.01', USDT: '0.5' },
    },
    stop: () => chain.stop(),
  };
});
const kit = payoutKit(scenarios);

const node = () =>
  createTestClient({ mode: 'anvil', transport: http(chain.rpcUrl), cacheTime: 0 }).extend(publicActions);
const coins = (address: string) => node().getBalance({ address: getAddress(address) });
const tokens = (address: string) =>
  node().readContract({
    address: getAddress(chain.usdt),
    abi: erc20Abi,
    functionName: 'balanceOf',
    args: [getAddress(address)],
  });

/** The hot wallet, and every address that was ever shown to a payer. */
async function heldBy(balance: (address: string) => Promise<bigint>): Promise<bigint> {
  const { rows } = await scenarios.kit.database.pool.query<{ address: string }>(
    'SELECT address FROM deposit_address WHERE assigned_at IS NOT NULL',
  );
  const all = await Promise.all(
    [evmHotAddress(chain.xpub), ...rows.map(({ address }) => address)].map(balance),
  );
  return all.reduce((sum, each) => sum + each, 0n);
}

const shared = {
  network: 'ETHEREUM',
  pooled: false,
  mine: (blocks: number) => chain.mine(blocks),
  newAddress: () => Promise.resolve(privateKeyToAddress(generatePrivateKey())),
} as const;
const ether: PayoutWay = {
  ...shared,
  asset: 'ETH',
  digits: 18,
  send: (address, amount) => chain.sendNative(address, parseEther(amount)),
  received: coins,
  holds: async () => (await heldBy(coins)) - funded,
};
const tether: PayoutWay = {
  ...shared,
  asset: 'USDT',
  digits: 6,
  send: (address, amount) => chain.sendToken(address, parseUnits(amount, 6)),
  received: tokens,
  holds: () => heldBy(tokens),
};

test('a payout waits until the hot wallet has what it needs, and operators are told once', async () => {
  const { shop, paymaster } = await kit.openShop();
  await kit.paidInvoice(shop, tether, '40');
  const to = await tether.newAddress();
  const id = await kit.payout(paymaster, tether, to, '25');
  await kit.comesTrue(tether, () => kit.payoutOf(paymaster, id), {
    status: 'QUEUED',
    waitsFor: 'HOT_WALLET_SHORT',
  });
  await scenarios.waitUntilRead();
  expect(await kit.notices('custody.hot_wallet_short')).toBe(1);
  expect(await tokens(to)).toBe(0n);
  funded = parseEther('1');
  await chain.sendNative(evmHotAddress(chain.xpub), funded);
  await kit.comesTrue(tether, () => kit.payoutOf(paymaster, id), { status: 'CONFIRMED', waitsFor: null });
  expect(await tokens(to)).toBe(unitsOf(tether, '25'));
  expect(await kit.notices('custody.hot_wallet_short')).toBe(1);
  await kit.booksAgree(tether);
  await kit.booksAgree(ether);
});

describe('ether', () => {
  payoutScenarios(scenarios, () => ether);
});
describe('a token', () => {
  payoutScenarios(scenarios, () => tether);
});

test('what no block takes is outbid, and paid once', async () => {
  const { shop, paymaster } = await kit.openShop();
  const hot = evmHotAddress(chain.xpub);
  const before = await coins(hot);
  await kit.paidInvoice(shop, ether, '1');
  // Swept, so that nothing else waits for a block.
  await kit.comesTrue(ether, async () => ({ isSwept: (await coins(hot)) > before }), { isSwept: true });
  await kit.booksAgree(ether);
  const to = await ether.newAddress();
  await node().setAutomine(false);
  const id = await kit.payout(paymaster, ether, to, '0.5');
  const sent = async () => (await kit.payoutOf(paymaster, id)).txId ?? '';
  const inPool = async () =>
    (await node().getTransaction({ hash: `0x${(await sent()).slice(2)}` })).maxFeePerGas;
  await expect.poll(() => inPool().catch(() => null), { timeout: 20_000 }).toBeTypeOf('bigint');
  const first = await sent();
  await node().setNextBlockBaseFeePerGas({ baseFeePerGas: ((await inPool()) ?? 0n) * 2n });
  await node().mine({ blocks: 1 });
  scenarios.clock.advance({ seconds: 601 });
  await expect.poll(sent, { timeout: 20_000 }).not.toBe(first);
  await node().setAutomine(true);
  await kit.comesTrue(ether, () => kit.payoutOf(paymaster, id), { status: 'CONFIRMED' });
  expect(await sent()).not.toBe(first);
  expect(await coins(to)).toBe(unitsOf(ether, '0.5'));
  await kit.booksAgree(ether);
});
