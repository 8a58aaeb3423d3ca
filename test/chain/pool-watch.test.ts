import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../testkit/database.ts';
import { createFakeChain, transferTo, type FakeChain } from './fake-chain.ts';
import { openFollowedShop, type FollowedShop } from './followed-shop.ts';
import { DUE } from './watched-shop.ts';

let db: TestDatabase;
let chain: FakeChain;
let shop: FollowedShop;
let base = 0n;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

/** A chain and a merchant of the test's own; what earlier ones left stands far below. */
beforeEach(async () => {
  await db.pool.query('DELETE FROM chain_cursor');
  base += 1000n;
  chain = createFakeChain({ base });
  shop = await openFollowedShop(db, chain);
});

const NOTHING_LEFT = { PENDING: '0', sum: '0' };
const PAID = { PENDING: '0', AVAILABLE: '10000000', sum: '0' };

describe('a payment in the memory pool', () => {
  it('is detected, then stands in its block, and is credited with its confirmations', async () => {
    const invoice = await shop.invoice();
    const watcher = shop.follower();
    const payment = transferTo(invoice.address, DUE);
    chain.offer(payment);
    await watcher.catchUp();
    expect(await shop.payments(invoice.id)).toEqual(['DETECTED@pool×1']);
    expect(await shop.invoiceStatus(invoice.id)).toBe('CONFIRMING');
    await watcher.catchUp();

    chain.mine([payment]);
    await watcher.catchUp();
    expect(await shop.payments(invoice.id)).toEqual([`CONFIRMING@${base + 1n}×1`]);
    chain.mine([], []);
    await watcher.catchUp();
    expect(await shop.payments(invoice.id)).toEqual([`CREDITED@${base + 1n}×1`]);
    expect(await shop.balances()).toEqual(PAID);
  });

  it('that is replaced by a higher fee gives way to the one that took its place', async () => {
    const invoice = await shop.invoice();
    const watcher = shop.follower();
    const [first, second] = [transferTo(invoice.address, DUE), transferTo(invoice.address, DUE)];
    chain.offer(first);
    await watcher.catchUp();
    chain.drop(first);
    chain.offer(second);
    await watcher.catchUp();
    expect(await shop.payments(invoice.id)).toEqual(['ORPHANED@pool×1', 'DETECTED@pool×1']);
    expect(await shop.invoiceStatus(invoice.id)).toBe('CONFIRMING');
    chain.mine([second], [], []);
    await watcher.catchUp();
    expect(await shop.standing(invoice.id)).toEqual(['ORPHANED', 'CREDITED']);
    expect(await shop.invoiceStatus(invoice.id)).toBe('PAID');
    expect(await shop.balances()).toEqual(PAID);
  });

  it('that is spent otherwise opens the invoice again', async () => {
    const invoice = await shop.invoice();
    const watcher = shop.follower();
    const payment = transferTo(invoice.address, DUE);
    chain.offer(payment);
    await watcher.catchUp();
    chain.drop(payment);
    chain.mine([transferTo('somebody else', DUE)]);
    await watcher.catchUp();
    expect(await shop.payments(invoice.id)).toEqual(['ORPHANED@pool×1']);
    expect(await shop.invoiceStatus(invoice.id)).toBe('CREATED');
    expect(await shop.balances()).toEqual(NOTHING_LEFT);
  });

  it('that was dropped and comes back is seen again, in the pool or in a block', async () => {
    const [again, mined] = [await shop.invoice(), await shop.invoice()];
    const watcher = shop.follower();
    const payments = [transferTo(again.address, DUE), transferTo(mined.address, DUE)] as const;
    chain.offer(...payments);
    await watcher.catchUp();
    chain.drop(...payments);
    await watcher.catchUp();
    chain.offer(payments[0]);
    chain.mine([payments[1]]);
    // The node looks at it as at a new one.
    chain.reader.pool?.reset();
    await watcher.catchUp();
    expect(await shop.payments(again.id)).toEqual(['DETECTED@pool×2']);
    expect(await shop.payments(mined.id)).toEqual([`CONFIRMING@${base + 1n}×2`]);
  });

  it('that a reorganisation put back there is detected again, and mined again', async () => {
    const invoice = await shop.invoice();
    const watcher = shop.follower();
    const payment = transferTo(invoice.address, DUE);
    chain.offer(payment);
    await watcher.catchUp();
    chain.mine([payment], []);
    await watcher.catchUp();
    chain.reorg(2, [], [], []);
    chain.offer(payment);
    await watcher.catchUp();
    expect(await shop.payments(invoice.id)).toEqual(['DETECTED@pool×2']);
    chain.mine([payment], [], []);
    await watcher.catchUp();
    expect(await shop.payments(invoice.id)).toEqual([`CREDITED@${base + 4n}×2`]);
    expect(await shop.balances()).toEqual(PAID);
  });
});

describe('a look at the memory pool', () => {
  it('counts only at the block up to which the chain is read, and nothing of it is lost', async () => {
    const [seen, waiting] = [await shop.invoice(), await shop.invoice()];
    const watcher = shop.follower();
    const first = transferTo(seen.address, DUE);
    chain.offer(first);
    await watcher.catchUp();
    // A block comes while the pool is read: it takes the payment out of the pool.
    const { pool } = chain.reader;
    if (!pool) throw new Error('no pool');
    const overtaking: typeof pool = {
      ...pool,
      read: () => {
        chain.mine([first]);
        return pool.read();
      },
    };
    chain.offer(transferTo(waiting.address, DUE));
    const overtaken = shop.follower({ reader: { ...chain.reader, pool: overtaking } });
    await overtaken.catchUp();
    expect(await shop.payments(seen.id)).toEqual(['DETECTED@pool×1']);
    expect(await shop.payments(waiting.id)).toEqual([]);
    overtaking.read = pool.read;
    await overtaken.catchUp();
    expect(await shop.payments(seen.id)).toEqual([`CONFIRMING@${base + 1n}×1`]);
    expect(await shop.payments(waiting.id)).toEqual(['DETECTED@pool×1']);
  });

  it('waits for a node that still loads its pool: nothing is missed in it', async () => {
    const invoice = await shop.invoice();
    const watcher = shop.follower();
    const payment = transferTo(invoice.address, DUE);
    chain.offer(payment);
    await watcher.catchUp();
    chain.drop(payment);
    chain.poolReady = false;
    await watcher.catchUp();
    expect(await shop.payments(invoice.id)).toEqual(['DETECTED@pool×1']);
  });

  it('that failed is made up for by the next', async () => {
    const invoice = await shop.invoice();
    let broken = true;
    const watcher = shop.follower({
      steps: {
        observe: (seen) => (broken ? Promise.reject(new Error('poison')) : shop.steps.observe(seen)),
      },
    });
    chain.offer(transferTo(invoice.address, DUE));
    await expect(watcher.catchUp()).rejects.toThrow('poison');
    broken = false;
    await watcher.catchUp();
    expect(await shop.payments(invoice.id)).toEqual(['DETECTED@pool×1']);
  });

  it('shows another block at the height of the cursor, though none is above it', async () => {
    const invoice = await shop.invoice();
    const watcher = shop.follower();
    const payment = transferTo(invoice.address, DUE);
    chain.mine([payment]);
    await watcher.catchUp();
    chain.reorg(1, []);
    chain.offer(payment);
    await watcher.catchUp();
    await watcher.catchUp();
    expect(await shop.payments(invoice.id)).toEqual(['DETECTED@pool×2']);
  });

  it('leaves transfers of nothing and to strangers alone', async () => {
    const invoice = await shop.invoice();
    const watcher = shop.follower();
    chain.offer(transferTo(invoice.address, 0n), transferTo('somebody else', 5n));
    chain.mine([transferTo(invoice.address, 0n)]);
    await watcher.catchUp();
    expect(await shop.payments(invoice.id)).toEqual([]);
    expect(await shop.balances()).toEqual({ sum: '0' });
  });
});
