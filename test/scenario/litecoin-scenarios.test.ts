import { HDKey } from '@scure/bip32';
import { describe, expect, test } from 'vitest';
import { litecoindIsHere } from '../testkit/litecoin-process.ts';
import { startLitecoinNode, type LitecoinNode } from '../testkit/litecoin-node.ts';
import { commonScenarios } from './common-scenarios.ts';
import { CONFIRMATIONS, OPENED, useScenarios, type Way } from './scenario-kit.ts';

/** BIP-84 account of a test network; the seed is a row of sevens that holds nothing. */
const TPUB = { public: 0x043587cf, private: 0x04358394 };
const xpub = HDKey.fromMasterSeed(new Uint8Array(32).fill(7), TPUB).derive("m/84'/1'/0'").publicExtendedKey;

const SEEN = [...OPENED, 'payment.detected', 'invoice.confirming'];

describe.skipIf(!litecoindIsHere())('litecoin', () => {
  let node: LitecoinNode;
  const scenarios = useScenarios(async () => {
    node = await startLitecoinNode();
    return {
      settings: { network: 'LITECOIN', rpcUrl: node.rpcUrl, chain: 'regtest', xpub },
      stop: () => node.remove(),
    };
  });
  const way: Way = {
    asset: 'LTC',
    network: 'LITECOIN',
    digits: 8,
    pooled: true,
    send: (address, amount) => node.send(address, padded(amount)),
    mine: async (blocks) => void (await node.mine(blocks)),
  };

  commonScenarios(scenarios, () => way);

  async function opened() {
    const shop = await scenarios.openShop();
    return { shop, ...(await scenarios.invoice(shop, way, '1')) };
  }
  const PAID = {
    invoice: { status: 'PAID', exception: 'NONE' },
    balance: ['0', '1', '0'],
  } as const;

  test('a payment is seen in the memory pool, and counts only in blocks', async () => {
    const { shop, id, address } = await opened();
    await way.send(address, '1');
    await scenarios.ends(shop, way, id, {
      events: SEEN,
      invoice: { status: 'CONFIRMING', payments: [{ status: 'DETECTED' }] },
      balance: ['1', '0', '0'],
    });
    await way.mine(CONFIRMATIONS);
    await scenarios.told(id, [...SEEN, 'payment.confirming', 'payment.credited', 'invoice.paid']);
  });

  test('one replaced by a higher fee is orphaned, and its replacement pays once', async () => {
    const { shop, id, address } = await opened();
    const first = await node.send(address, '1.00000000', { replaceable: true });
    await scenarios.told(id, SEEN);
    await node.bumpFee(first);
    await scenarios.waitUntilRead();
    await way.mine(CONFIRMATIONS);
    await expect
      .poll(async () => (await scenarios.eventsOf(id)).at(-1), { timeout: 20_000 })
      .toBe('invoice.paid');
    const events = await scenarios.eventsOf(id);
    expect(events.filter((type) => type === 'payment.orphaned')).toHaveLength(1);
    expect(events.filter((type) => type === 'payment.detected')).toHaveLength(2);
    expect(events.filter((type) => type === 'payment.credited')).toHaveLength(1);
    await scenarios.ends(shop, way, id, { ...PAID, events });
  });

  test('one spent otherwise before a block is orphaned, and the invoice waits again', async () => {
    const { shop, id, address } = await opened();
    const first = await node.send(address, '1.00000000', { replaceable: true });
    await scenarios.told(id, SEEN);
    await node.doubleSpend(first, await node.newAddress());
    await way.mine(CONFIRMATIONS);
    await scenarios.ends(shop, way, id, {
      events: [...SEEN, 'payment.orphaned', 'invoice.reopened'],
      invoice: { status: 'CREATED', payments: [{ status: 'ORPHANED' }] },
      balance: ['0', '0', '0'],
    });
  });

  test('a reorg puts a mined payment back to the pool, and another block takes it in', async () => {
    const { shop, id, address } = await opened();
    await way.send(address, '1');
    await scenarios.told(id, SEEN);
    const [block = ''] = await node.mine(1);
    const mined = [...SEEN, 'payment.confirming'];
    await scenarios.told(id, mined);
    await node.invalidate(block);
    // A shorter chain proves nothing yet; two other blocks make the longer one.
    await node.mineExactly([]);
    await node.mineExactly([]);
    const back = [...mined, 'payment.orphaned', 'invoice.reopened', 'payment.detected', 'invoice.confirming'];
    await scenarios.told(id, back);
    await way.mine(CONFIRMATIONS);
    await scenarios.ends(shop, way, id, {
      ...PAID,
      events: [...back, 'payment.confirming', 'payment.credited', 'invoice.paid'],
    });
  });

  test('a reorg with a double spend takes a credited payment back for good', async () => {
    const { shop, id, address } = await opened();
    const txId = await node.send(address, '1.00000000', { replaceable: true });
    await scenarios.told(id, SEEN);
    const blocks = await node.mine(CONFIRMATIONS);
    const paid = [...SEEN, 'payment.confirming', 'payment.credited', 'invoice.paid'];
    await scenarios.told(id, paid);
    await node.invalidate(blocks[0] ?? '');
    await node.doubleSpend(txId, await node.newAddress());
    await way.mine(CONFIRMATIONS + 1);
    await expect
      .poll(async () => (await scenarios.eventsOf(id)).at(-1), { timeout: 20_000 })
      .toBe('invoice.reopened');
    await scenarios.ends(shop, way, id, {
      events: await scenarios.eventsOf(id),
      invoice: { status: 'CREATED', payments: [{ status: 'ORPHANED' }] },
      balance: ['0', '0', '0'],
    });
    const events = await scenarios.eventsOf(id);
    expect(events.slice(0, paid.length + 2)).toEqual([...paid, 'payment.reversed', 'invoice.reopened']);
  });

  test('a node killed and started again: what was paid and mined meanwhile is taken in', async () => {
    const { shop, id, address } = await opened();
    await way.send(address, '1');
    await scenarios.told(id, SEEN);
    await node.kill('kept');
    scenarios.clock.advance({ seconds: 700 });
    await node.startAgain();
    await way.mine(CONFIRMATIONS);
    await expect
      .poll(async () => (await scenarios.eventsOf(id)).at(-1), { timeout: 20_000 })
      .toBe('invoice.paid');
    await scenarios.ends(shop, way, id, { ...PAID, events: await scenarios.eventsOf(id) });
  });
});

/** All eight digits, as the node's wallet reads amounts. */
function padded(amount: string): `${string}.${string}` {
  const [whole = '', fraction = ''] = amount.split('.');
  return `${whole}.${fraction.padEnd(8, '0')}`;
}
