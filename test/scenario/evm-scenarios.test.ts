import { describe, test } from 'vitest';
import { createTestClient, http, parseEther, parseUnits, publicActions, walletActions } from 'viem';
import { startLocalChain, type LocalChain } from '../../src/demo/local-chain/local-chain.ts';
import { startRpcProxy, type RpcProxy } from '../chain/rpc-proxy.ts';
import { commonScenarios } from './common-scenarios.ts';
import { CONFIRMATIONS, OPENED, useScenarios, type Way } from './scenario-kit.ts';

let chain: LocalChain;
let front: RpcProxy;
const scenarios = useScenarios(async () => {
  chain = await startLocalChain();
  front = await startRpcProxy(chain.rpcUrl);
  return {
    settings: {
      network: 'ETHEREUM',
      rpcUrl: front.url,
      chainId: chain.chainId,
      xpub: chain.xpub,
      contracts: { USDT: chain.usdt },
    },
    async stop() {
      await front.down();
      await chain.stop();
    },
  };
});

const ether: Way = {
  asset: 'ETH',
  network: 'ETHEREUM',
  digits: 18,
  pooled: false,
  send: (address, amount) => chain.sendNative(address, parseEther(amount)),
  mine: (blocks) => chain.mine(blocks),
};
const tether: Way = {
  ...ether,
  asset: 'USDT',
  digits: 6,
  send: (address, amount) => chain.sendToken(address, parseUnits(amount, 6)),
};

describe('ether', () => {
  commonScenarios(scenarios, () => ether);
});
describe('a token', () => {
  commonScenarios(scenarios, () => tether);
});

describe.each([
  ['ether', ether],
  ['a token', tether],
])('a reorg and %s', (_name, way) => {
  const CONFIRMING = [...OPENED, 'payment.detected', 'invoice.confirming'];

  test('that removes a pending payment takes it back, and the invoice waits again', async () => {
    const shop = await scenarios.openShop();
    const { id, address } = await scenarios.invoice(shop, way, '1');
    await way.send(address, '1');
    await scenarios.told(id, CONFIRMING);
    await chain.reorg(1);
    await way.mine(CONFIRMATIONS);
    await scenarios.ends(shop, way, id, {
      events: [...CONFIRMING, 'payment.orphaned', 'invoice.reopened'],
      invoice: { status: 'CREATED', payments: [{ status: 'ORPHANED' }] },
      balance: ['0', '0', '0'],
    });
  });

  test('that moves it to another block counts it there, once', async () => {
    const shop = await scenarios.openShop();
    const { id, address } = await scenarios.invoice(shop, way, '1');
    const txId = await way.send(address, '1');
    await way.mine(1);
    await scenarios.told(id, CONFIRMING);
    await chain.reorg(2, [{ txId, block: 1 }]);
    // A replaced block of the same height shows when the next one names another parent.
    await way.mine(1);
    const moved = [
      ...CONFIRMING,
      'payment.orphaned',
      'invoice.reopened',
      'payment.detected',
      'invoice.confirming',
    ];
    await scenarios.told(id, moved);
    await way.mine(CONFIRMATIONS - 2);
    await scenarios.ends(shop, way, id, {
      events: [...moved, 'payment.credited', 'invoice.paid'],
      invoice: { status: 'PAID', payments: [{ status: 'CREDITED' }] },
      balance: ['0', '1', '0'],
    });
  });

  test('deeper than the confirmations takes a credited payment back, and credits it again when it returns', async () => {
    const shop = await scenarios.openShop();
    const { id, address } = await scenarios.invoice(shop, way, '1');
    const txId = await way.send(address, '1');
    await way.mine(CONFIRMATIONS);
    const paid = [...CONFIRMING, 'payment.credited', 'invoice.paid'];
    await scenarios.told(id, paid);
    await chain.reorg(CONFIRMATIONS + 1, [{ txId, block: CONFIRMATIONS }]);
    await way.mine(1);
    const back = [...paid, 'payment.reversed', 'invoice.reopened', 'payment.detected', 'invoice.confirming'];
    await scenarios.ends(shop, way, id, {
      events: back,
      invoice: { status: 'CONFIRMING', payments: [{ status: 'CONFIRMING' }] },
      balance: ['1', '0', '0'],
    });
    await way.mine(CONFIRMATIONS - 2);
    await scenarios.ends(shop, way, id, {
      events: [...back, 'payment.credited', 'invoice.paid'],
      invoice: { status: 'PAID', payments: [{ status: 'CREDITED' }] },
      balance: ['0', '1', '0'],
    });
  });
});

describe('a transaction replaced by one with a higher fee', () => {
  const client = () =>
    createTestClient({ mode: 'anvil', transport: http(chain.rpcUrl), cacheTime: 0 })
      .extend(publicActions)
      .extend(walletActions);

  /** Sends with a given nonce, which a later one with a higher fee replaces. */
  async function sendAs(nonce: number, to: string, amount: string, gwei: bigint) {
    const [account] = await client().getAddresses();
    if (!account) throw new Error('no account');
    return client().sendTransaction({
      account,
      chain: null,
      nonce,
      to: `0x${to.slice(2)}`,
      value: parseEther(amount),
      maxFeePerGas: gwei * 10n ** 9n,
      maxPriorityFeePerGas: gwei * 10n ** 9n,
    });
  }
  async function nextNonce(): Promise<number> {
    const [account] = await client().getAddresses();
    if (!account) throw new Error('no account');
    return client().getTransactionCount({ address: account });
  }

  test('before a block is paid by the one that was mined, once', async () => {
    const shop = await scenarios.openShop();
    const { id, address } = await scenarios.invoice(shop, ether, '1');
    await client().setAutomine(false);
    try {
      const nonce = await nextNonce();
      await sendAs(nonce, address, '1', 10n);
      await sendAs(nonce, address, '1', 50n);
    } finally {
      await chain.mine(1);
      await client().setAutomine(true);
    }
    await chain.mine(CONFIRMATIONS - 1);
    await scenarios.ends(shop, ether, id, {
      events: [...OPENED, 'payment.detected', 'invoice.confirming', 'payment.credited', 'invoice.paid'],
      invoice: { status: 'PAID', payments: [{ status: 'CREDITED' }] },
      balance: ['0', '1', '0'],
    });
  });

  test('after a reorg ends the first one, and the second pays', async () => {
    const shop = await scenarios.openShop();
    const { id, address } = await scenarios.invoice(shop, ether, '1');
    const nonce = await nextNonce();
    await sendAs(nonce, address, '1', 10n);
    const seen = [...OPENED, 'payment.detected', 'invoice.confirming'];
    await scenarios.told(id, seen);
    await chain.reorg(1);
    await sendAs(nonce, address, '1', 50n);
    await chain.mine(CONFIRMATIONS - 1);
    await scenarios.ends(shop, ether, id, {
      events: [
        ...seen,
        'payment.orphaned',
        'invoice.reopened',
        'payment.detected',
        'invoice.confirming',
        'payment.credited',
        'invoice.paid',
      ],
      invoice: { status: 'PAID', payments: [{ status: 'ORPHANED' }, { status: 'CREDITED' }] },
      balance: ['0', '1', '0'],
    });
  });
});

test('a node that is away for a while: what was paid meanwhile is taken in when it is back', async () => {
  const shop = await scenarios.openShop();
  const before = await scenarios.invoice(shop, tether, '1');
  await tether.send(before.address, '1');
  await scenarios.told(before.id, [...OPENED, 'payment.detected', 'invoice.confirming']);
  await front.down();
  const { id, address } = await scenarios.invoice(shop, tether, '1');
  await tether.send(address, '1');
  await tether.mine(20);
  // Its time is over while nobody can know whether it was paid: it waits for the network.
  scenarios.clock.advance({ seconds: 700 });
  await front.up();
  await scenarios.ends(shop, tether, id, {
    events: [...OPENED, 'payment.detected', 'invoice.confirming', 'payment.credited', 'invoice.paid'],
    invoice: { status: 'PAID', payments: [{ status: 'CREDITED', exception: 'NONE' }] },
    balance: ['0', '2', '0'],
  });
});
