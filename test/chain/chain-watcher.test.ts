import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startLocalChain, type LocalChain } from '../../src/demo/local-chain/local-chain.ts';
import { createTestDatabase, type TestDatabase } from '../testkit/database.ts';
import { logEmitter, transferLog } from './evm-contracts.ts';
import { nodeOf, shopOn } from './evm-readers.ts';
import { startRpcProxy } from './rpc-proxy.ts';
import { DUE, NETWORK, openShop, type RunningWatcher, type Shop, type ShopInvoice } from './watched-shop.ts';

const WAIT = { timeout: 15_000, interval: 20 };

let db: TestDatabase;
let chain: LocalChain;
let shop: Shop;
let running: RunningWatcher[];

beforeEach(async () => {
  [db, chain] = await Promise.all([createTestDatabase(), startLocalChain()]);
  shop = await openShop(db, shopOn(chain));
  running = [];
});
afterEach(async () => {
  await Promise.all(running.map((r) => r.stop()));
  await Promise.all([db.drop(), chain.stop()]);
});

function start(options: Parameters<Shop['start']>[0] = {}): RunningWatcher {
  const started = shop.start(options);
  running.push(started);
  return started;
}

const head = async () => (await shop.reader().head()).height;

/** Until the stored cursor stands at the head, and what follows from the block is done. */
async function caughtUp({ watcher }: RunningWatcher): Promise<void> {
  await expect.poll(async () => watcher.state().height === (await head()), WAIT).toBe(true);
}

describe('a payment', () => {
  it('is seen in its block, counts when it has its confirmations, and not one block sooner', async () => {
    const invoice = await shop.invoice();
    const other = await shop.invoice();
    const watcher = start();
    await caughtUp(watcher);
    await chain.sendToken(invoice.address, DUE);
    const seenAt = await head();
    await chain.sendNative('0x70997970C51812dc3A010C7d01b50e0d17dc79C8', 5n);
    await caughtUp(watcher);

    expect(await shop.payments(invoice.id)).toEqual([`CONFIRMING@${seenAt}×1`]);
    expect(await shop.invoiceStatus(invoice.id)).toBe('CONFIRMING');
    expect(await shop.balances()).toEqual({ PENDING: '10000000', sum: '0' });

    await chain.mine(1);
    await expect.poll(() => shop.invoiceStatus(invoice.id), WAIT).toBe('PAID');
    expect(await head()).toBe(seenAt + 2n);
    expect(await shop.payments(invoice.id)).toEqual([`CREDITED@${seenAt}×1`]);
    expect(await shop.balances()).toEqual({ PENDING: '0', AVAILABLE: '10000000', sum: '0' });
    expect(await shop.payments(other.id)).toEqual([]);
  });

  it('made while nobody watched is found from the cursor on, without waiting between blocks', async () => {
    const first = start();
    await caughtUp(first);
    await first.stop();
    const left = await shop.store.cursor(NETWORK);

    const invoice = await shop.invoice();
    await chain.sendToken(invoice.address, DUE);
    await chain.mine(40);
    // With one block a poll this would take longer than the test may.
    const second = start({ pollIntervalMs: 60_000 });
    await caughtUp(second);
    await expect.poll(() => shop.invoiceStatus(invoice.id), WAIT).toBe('PAID');
    expect(second.watcher.state()).toMatchObject({ leading: true, lag: 0n, lastError: null, stopped: false });
    expect((await head()) - (left?.height ?? 0n)).toBe(41n);
    expect(await shop.balances()).toMatchObject({ AVAILABLE: '10000000', sum: '0' });
  });

  it('waits for a node that is down, and for that one only as long as it is', async () => {
    const proxy = await startRpcProxy(chain.rpcUrl);
    const watcher = start({ rpcUrl: proxy.url });
    await caughtUp(watcher);
    await proxy.down();
    await expect.poll(() => watcher.watcher.state().lastError, WAIT).toContain('ETHEREUM: reading');
    const invoice = await shop.invoice();
    await chain.sendToken(invoice.address, DUE);
    await chain.mine(3);
    expect(await shop.payments(invoice.id)).toEqual([]);
    await proxy.up();
    await expect.poll(() => shop.invoiceStatus(invoice.id), WAIT).toBe('PAID');
    expect(watcher.watcher.state().lastError).toBeNull();
    await proxy.down();
  });
});

describe('a reorganisation', () => {
  it('takes an unconfirmed payment back, and the same transaction in a later block brings it again', async () => {
    const invoice = await shop.invoice();
    const watcher = start({ confirmations: 4 });
    await caughtUp(watcher);
    const txId = await chain.sendToken(invoice.address, DUE);
    const seenAt = await head();
    await chain.mine(2);
    await caughtUp(watcher);
    expect(await shop.payments(invoice.id)).toEqual([`CONFIRMING@${seenAt}×1`]);

    // The block of the payment and the one above are replaced; the payment now stands one block higher.
    await chain.reorg(3, [{ txId, block: 1 }]);
    await chain.mine(1);
    await caughtUp(watcher);
    expect(await shop.payments(invoice.id)).toEqual([`CONFIRMING@${seenAt + 1n}×2`]);
    expect(await shop.invoiceStatus(invoice.id)).toBe('CONFIRMING');
    expect(await head()).toBe(seenAt + 3n);

    await chain.mine(1);
    await expect.poll(() => shop.invoiceStatus(invoice.id), WAIT).toBe('PAID');
    expect(await shop.balances()).toEqual({ PENDING: '0', AVAILABLE: '10000000', sum: '0' });
    expect(shop.logged).toContain('warn: the chain was reorganised');
  });

  it('that leaves the payment out opens the invoice again', async () => {
    const invoice = await shop.invoice();
    const watcher = start();
    await caughtUp(watcher);
    await chain.sendToken(invoice.address, DUE);
    const seenAt = await head();
    await caughtUp(watcher);
    await chain.reorg(1);
    await chain.mine(5);
    await caughtUp(watcher);
    expect(await shop.payments(invoice.id)).toEqual([`ORPHANED@${seenAt}×1`]);
    expect(await shop.invoiceStatus(invoice.id)).toBe('CREATED');
    expect(await shop.balances()).toEqual({ PENDING: '0', sum: '0' });
  });

  it('deeper than the confirmations takes a credited payment back, by postings', async () => {
    const invoice = await shop.invoice();
    const watcher = start();
    await caughtUp(watcher);
    await chain.sendToken(invoice.address, DUE);
    const seenAt = await head();
    await chain.mine(3);
    await expect.poll(() => shop.invoiceStatus(invoice.id), WAIT).toBe('PAID');
    await chain.reorg(4);
    await chain.mine(1);
    await expect.poll(() => shop.payments(invoice.id), WAIT).toEqual([`ORPHANED@${seenAt}×1`]);
    await caughtUp(watcher);
    expect(await shop.invoiceStatus(invoice.id)).toBe('CREATED');
    expect(await shop.balances()).toEqual({ PENDING: '0', AVAILABLE: '0', sum: '0' });
    expect(shop.logged).toContain(
      'error: the reorganisation took confirmed payments back: more confirmations may be due',
    );
  });

  it('is found when it happened while nobody watched', async () => {
    const invoice = await shop.invoice();
    const first = start();
    await caughtUp(first);
    await chain.sendToken(invoice.address, DUE);
    await caughtUp(first);
    await first.stop();
    await chain.reorg(1);
    // No block follows: the replaced one stands at the cursor's own height.
    start();
    await expect.poll(() => shop.invoiceStatus(invoice.id), WAIT).toBe('CREATED');
  });

  it('of the very block that a crash left half taken in takes its payment back', async () => {
    const invoice = await shop.invoice();
    const before = start();
    await caughtUp(before);
    await before.stop();
    const cursor = await shop.store.cursor(NETWORK);

    await chain.sendToken(invoice.address, DUE);
    const killed = start({ store: { ...shop.store, advance: () => Promise.reject(new Error('killed')) } });
    await expect.poll(() => shop.invoiceStatus(invoice.id), WAIT).toBe('CONFIRMING');
    await killed.stop();
    expect(await shop.store.cursor(NETWORK)).toEqual(cursor);

    await chain.reorg(1);
    await chain.mine(5);
    await caughtUp(start());
    expect(await shop.invoiceStatus(invoice.id)).toBe('CREATED');
    expect(await shop.balances()).toEqual({ PENDING: '0', sum: '0' });
  });

  it('that brings the payment back at another place in its block keeps it one payment', async () => {
    const [other, invoice] = [await shop.invoice(), await shop.invoice()];
    const watcher = start({ confirmations: 4 });
    await caughtUp(watcher);
    const txIds = [await chain.sendToken(other.address, DUE), await chain.sendToken(invoice.address, DUE)];
    await caughtUp(watcher);
    const seenAt = await head();
    await chain.reorg(
      2,
      txIds.map((txId) => ({ txId, block: 1 })),
    );
    await chain.mine(1);
    await caughtUp(watcher);
    expect(await shop.payments(invoice.id)).toEqual([`CONFIRMING@${seenAt}×2`]);
  });

  it('deeper than what is remembered stops the network, loudly, and changes nothing', async () => {
    const invoice = await shop.invoice();
    const { watcher, ...handle } = start({ rememberedBlocks: 3, confirmations: 20 });
    await caughtUp({ watcher, ...handle });
    await chain.sendToken(invoice.address, DUE);
    await chain.mine(4);
    await caughtUp({ watcher, ...handle });
    await chain.reorg(5);
    await chain.mine(1);
    await expect.poll(() => watcher.state().stopped, WAIT).toBe(true);
    expect(watcher.state().lastError).toMatch(
      /^ETHEREUM: block \d+, the lowest remembered, is not on the chain$/,
    );
    expect(shop.logged).toContain('error: watching the network stopped; an operator must look at it');
    expect(await shop.invoiceStatus(invoice.id)).toBe('CONFIRMING');
  });
});

describe('two watchers', () => {
  it('of one network take turns, and the next goes on where the first ended', async () => {
    const first = start();
    await caughtUp(first);
    const second = start();
    const invoice = await shop.invoice();
    await chain.sendToken(invoice.address, DUE);
    await caughtUp(first);
    expect(second.watcher.state()).toMatchObject({ leading: false, height: null });
    await first.stop();
    await chain.mine(2);
    await expect.poll(() => shop.invoiceStatus(invoice.id), WAIT).toBe('PAID');
    expect(second.watcher.state().leading).toBe(true);
  });
});

describe('what a watcher writes that lost its leadership without knowing it', () => {
  /** The payment is seen in a block that a reorg then replaces; gives the late write of that sight. */
  async function overtaken(invoice: ShopInvoice, remine: boolean): Promise<() => Promise<unknown>> {
    let late: (() => Promise<unknown>) | undefined;
    const old = start({
      steps: {
        observe: (seen) => {
          late = () => shop.steps.observe(seen);
          return Promise.reject(new Error('the machine is silent'));
        },
      },
    });
    const txId = await chain.sendToken(invoice.address, DUE);
    await expect.poll(() => late !== undefined, WAIT).toBe(true);
    await old.stop();
    await chain.reorg(1, remine ? [{ txId, block: 0 }] : []);
    if (!late) throw new Error('nothing was seen');
    return late;
  }

  it('is taken back when the chain has left the payment out, and never credited', async () => {
    const before = start();
    await caughtUp(before);
    await before.stop();
    const invoice = await shop.invoice();
    const write = await overtaken(invoice, false);
    const seenAt = await head();
    const next = start();
    await chain.mine(1);
    await caughtUp(next);

    await write();
    expect(await shop.payments(invoice.id)).toEqual([`CONFIRMING@${seenAt}×1`]);
    await chain.mine(1);
    await expect.poll(() => shop.payments(invoice.id), WAIT).toEqual([`ORPHANED@${seenAt}×1`]);
    await chain.mine(5);
    await caughtUp(next);
    expect(await shop.payments(invoice.id)).toEqual([`ORPHANED@${seenAt}×1`]);
    expect(await shop.balances()).toEqual({ PENDING: '0', sum: '0' });
  });

  it('does not hide that the payment stands in the new block', async () => {
    const before = start();
    await caughtUp(before);
    await before.stop();
    const invoice = await shop.invoice();
    const write = await overtaken(invoice, true);
    // The late write comes in the moment between the new leader's look at stale payments and its own sight of this one.
    let written = false;
    const next = start({
      steps: {
        observe: async (seen) => {
          if (!written) await write();
          written = true;
          return shop.steps.observe(seen);
        },
      },
    });
    await chain.mine(5);
    await caughtUp(next);
    await expect.poll(() => shop.invoiceStatus(invoice.id), WAIT).toBe('PAID');
    expect(await shop.standing(invoice.id)).toEqual(['CREDITED']);
    expect(await shop.balances()).toEqual({ PENDING: '0', AVAILABLE: '10000000', sum: '0' });
  });
});

it('leaves payments of TEST mode alone', async () => {
  const invoice = await shop.invoice();
  const watcher = start({ confirmations: 4 });
  await caughtUp(watcher);
  await chain.sendToken(invoice.address, DUE);
  await caughtUp(watcher);
  await watcher.stop();
  const height = await head();
  const unsettled = async () => {
    const { store } = shop;
    const cursor = await store.cursor(NETWORK);
    if (!cursor) throw new Error('nothing was read');
    const below = {
      height: cursor.height - 1n,
      hash: (await store.hashAt(NETWORK, cursor.height - 1n)) ?? '',
    };
    await store.rewind(NETWORK, cursor, below, new Date());
    const stale = await store.stale(NETWORK, below, null);
    await store.advance(NETWORK, cursor, 128, new Date());
    const confirmable = await store.confirmable(NETWORK, cursor.height + 3n, null);
    return [stale.length, confirmable.length];
  };
  expect(await unsettled()).toEqual([1, 1]);
  await db.pool.query(`UPDATE payment SET mode = 'TEST', block_hash = '0x0'`);
  expect(await unsettled()).toEqual([0, 0]);
  expect(await shop.store.misplacedUpTo(NETWORK, height)).toEqual([]);
});

describe('a fault', () => {
  it('of one confirmation does not stop the others, and it is tried again', async () => {
    const [poison, sound] = [await shop.invoice(), await shop.invoice()];
    let broken = true;
    const watcher = start({
      steps: {
        confirm: async (payment) => {
          const isPoison = broken && payment.paymentId === (await shop.paymentIds(poison.id))[0];
          if (isPoison) throw new Error('poison');
          await shop.steps.confirm(payment);
        },
      },
    });
    await caughtUp(watcher);
    await chain.sendToken(poison.address, DUE);
    await chain.sendToken(sound.address, DUE);
    await chain.mine(4);
    await expect.poll(() => shop.invoiceStatus(sound.id), WAIT).toBe('PAID');
    expect(await shop.invoiceStatus(poison.id)).toBe('CONFIRMING');
    expect(shop.logged).toContain('error: a payment could not be confirmed; trying again');
    broken = false;
    await chain.mine(1);
    await expect.poll(() => shop.invoiceStatus(poison.id), WAIT).toBe('PAID');
  });

  it('is tried however long it lasts: the hash of the block waits for its payment', async () => {
    const invoice = await shop.invoice();
    let broken = true;
    const confirm: Shop['steps']['confirm'] = (payment) =>
      broken ? Promise.reject(new Error('poison')) : shop.steps.confirm(payment);
    const watcher = start({ rememberedBlocks: 6, steps: { confirm } });
    await caughtUp(watcher);
    await chain.sendToken(invoice.address, DUE);
    await chain.mine(12);
    await caughtUp(watcher);
    broken = false;
    await chain.mine(1);
    await expect.poll(() => shop.invoiceStatus(invoice.id), WAIT).toBe('PAID');
  });

  it('of seeing a payment holds the block, and shows after some tries', async () => {
    const invoice = await shop.invoice();
    let broken = true;
    const { watcher, ...handle } = start({
      pollIntervalMs: 1,
      steps: {
        observe: (seen) => (broken ? Promise.reject(new Error('poison')) : shop.steps.observe(seen)),
      },
    });
    await caughtUp({ watcher, ...handle });
    await chain.sendToken(invoice.address, DUE);
    await expect.poll(() => watcher.state().failing, WAIT).toBe(true);
    expect(watcher.state()).toMatchObject({ lastError: 'poison', stopped: false });
    expect(shop.logged.filter((line) => line.includes('reading the chain failed')).length).toBe(5);
    broken = false;
    await expect.poll(() => shop.invoiceStatus(invoice.id), WAIT).toBe('CONFIRMING');
    await expect.poll(() => watcher.state(), WAIT).toMatchObject({ failing: false, lastError: null });
  });
});

it('keeps money in an asset that nobody quoted as a payment that waits for a decision', async () => {
  const invoice = await shop.invoice();
  const watcher = start();
  await caughtUp(watcher);
  await chain.sendNative(invoice.address, 5n);
  await chain.mine(2);
  await expect.poll(() => shop.standing(invoice.id), WAIT).toEqual(['CONFIRMED']);
  const { rows } = await db.pool.query(`SELECT asset, exception, held::text, held_reason FROM payment`);
  expect(rows).toEqual([{ asset: 'ETH', exception: 'WRONG_ASSET', held: '5', held_reason: 'WRONG_ASSET' }]);
});

describe('what nothing can take', () => {
  it('is kept, a token and an address of another network, until a reorganisation takes it away', async () => {
    const invoice = await shop.invoice();
    const elsewhere = '0x000000000000000000000000000000000000dEaD';
    await db.pool.query(
      `INSERT INTO deposit_address (id, network, address, derivation_index, invoice_id, assigned_at)
       VALUES (gen_random_uuid(), 'CRONOS', $1, 0, gen_random_uuid(), now())`,
      [elsewhere],
    );
    const watcher = start();
    await caughtUp(watcher);
    const node = nodeOf(chain);
    const token = await node.deploy(logEmitter(3, 18));
    const { transactionHash } = await node.send(token, transferLog(invoice.address, 7n));
    const tokenAt = await head();
    const wrong = await chain.sendToken(elsewhere, 8n);
    const kept = [
      `UNKNOWN_TOKEN ${transactionHash}@${tokenAt} +`,
      `WRONG_NETWORK ${wrong}@${tokenAt + 1n} +`,
    ];
    await expect.poll(() => shop.unmatched(), WAIT).toEqual(kept);
    await chain.reorg(1);
    await chain.mine(1);
    await expect.poll(() => shop.unmatched(), WAIT).toEqual([kept[0], kept[1]?.replace(' +', '')]);
    expect(await shop.payments(invoice.id)).toEqual([]);
  });
});
