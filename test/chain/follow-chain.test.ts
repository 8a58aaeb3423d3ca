import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../testkit/database.ts';
import { createFakeChain, transferTo, type FakeChain } from './fake-chain.ts';
import { openFollowedShop, type FollowedShop } from './followed-shop.ts';
import { DUE, NETWORK } from './watched-shop.ts';

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
  await db.pool.query('DELETE FROM chain_cursor; DELETE FROM unmatched_transfer; DELETE FROM chain_status');
  base += 1000n;
  chain = createFakeChain({ base });
  shop = await openFollowedShop(db, chain);
});

const empty = (count: number): [][] => Array.from({ length: count }, () => []);
const blocksAsked = () => chain.asked.filter((what) => what.startsWith('blocks'));

describe('blocks', () => {
  it('are read in ranges when there are many, and one by one at the head', async () => {
    const watcher = shop.follower();
    await watcher.catchUp();
    const invoice = await shop.invoice();
    chain.mine(...empty(70), [transferTo(invoice.address, DUE)], ...empty(29));
    await watcher.catchUp();
    expect(blocksAsked()).toEqual(['blocks 1', 'blocks 64', 'blocks 36']);
    expect(await shop.payments(invoice.id)).toEqual([`CREDITED@${base + 71n}×1`]);
    chain.mine([]);
    await watcher.catchUp();
    expect(blocksAsked().at(-1)).toBe('blocks 1');
    expect(await shop.store.cursor(NETWORK)).toMatchObject({ height: base + 101n, hash: chain.tip().hash });
  });

  it('of a range that a reorganisation overtakes are taken in up to it, and then as the chain is', async () => {
    const invoice = await shop.invoice();
    const payment = transferTo(invoice.address, DUE);
    chain.mine(...empty(20), [payment], ...empty(9));
    // The reader gives ten blocks; the chain is another one from there on when it is asked again.
    const { reader } = chain;
    let first = true;
    const overtaken = shop.follower({
      confirmations: 6,
      reader: {
        ...reader,
        blocks: async (from, to) => {
          const blocks = await reader.blocks(from, to);
          if (!first) return blocks;
          first = false;
          chain.reorg(18, ...empty(5), [payment], ...empty(20));
          return blocks.slice(0, 25);
        },
      },
    });
    await overtaken.catchUp();
    expect(await shop.payments(invoice.id)).toEqual([`CREDITED@${base + 18n}×2`]);
    expect(await shop.store.cursor(NETWORK)).toMatchObject({ hash: chain.tip().hash });
    expect(await shop.balances()).toEqual({ PENDING: '0', AVAILABLE: '10000000', sum: '0' });
  });

  it('that do not follow each other are not believed', async () => {
    chain.mine(...empty(3));
    const { reader } = chain;
    const lying = shop.follower({
      reader: { ...reader, blocks: async (from, to) => (await reader.blocks(from, to)).slice(1) },
    });
    await expect(lying.catchUp()).rejects.toThrow(`the node skipped block ${base}`);
  });

  it('wait for a node that is down', async () => {
    const invoice = await shop.invoice();
    const watcher = shop.follower();
    await watcher.catchUp();
    chain.down = true;
    chain.mine([transferTo(invoice.address, DUE)], [], []);
    await expect(watcher.catchUp()).rejects.toThrow('ETHEREUM: head failed');
    chain.down = false;
    await watcher.catchUp();
    expect(await shop.invoiceStatus(invoice.id)).toBe('PAID');
  });
});

describe('a reorganisation', () => {
  it('deeper than the confirmations takes a credited payment back, and its money', async () => {
    const [kept, lost, moved] = [await shop.invoice(), await shop.invoice(), await shop.invoice()];
    const [keptPaid, lostPaid, movedPaid] = [kept, lost, moved].map(({ address }) =>
      transferTo(address, DUE),
    );
    if (!keptPaid || !lostPaid || !movedPaid) throw new Error('no payments');
    const watcher = shop.follower();
    chain.mine([keptPaid], [lostPaid], [movedPaid], ...empty(4));
    await watcher.catchUp();
    expect(await shop.balances()).toEqual({ PENDING: '0', AVAILABLE: '30000000', sum: '0' });
    chain.reorg(6, [movedPaid], ...empty(6));
    await watcher.catchUp();
    expect(await shop.payments(kept.id)).toEqual([`CREDITED@${base + 1n}×1`]);
    expect(await shop.payments(lost.id)).toEqual([`ORPHANED@${base + 2n}×1`]);
    expect(await shop.payments(moved.id)).toEqual([`CREDITED@${base + 2n}×2`]);
    expect(await shop.invoiceStatus(lost.id)).toBe('CREATED');
    expect(await shop.balances()).toEqual({ PENDING: '0', AVAILABLE: '20000000', sum: '0' });
    const { rows } = await db.pool.query(
      `SELECT l.kind, l.source_id FROM ledger_transaction l JOIN payment p ON l.source_id LIKE p.id || '/%'
       WHERE p.invoice_id = $1 ORDER BY l.id`,
      [lost.id],
    );
    expect(rows.map(({ kind }) => kind)).toEqual(['DETECTED', 'CREDITED', 'REVERSED']);
    expect(shop.logged).toContain(
      'error: the reorganisation took confirmed payments back: more confirmations may be due',
    );
  });

  it('in which a transaction moves another amount books what stands in the new block', async () => {
    const invoice = await shop.invoice();
    const follower = shop.follower();
    await follower.catchUp();
    const payment = transferTo(invoice.address, DUE);
    chain.mine([payment]);
    await follower.catchUp();
    // A contract that reads the block may send less of it the next time.
    chain.reorg(1, [{ ...payment, amount: DUE / 10n }], [], []);
    await follower.catchUp();
    expect(await shop.standing(invoice.id)).toEqual(['CONFIRMED']);
    expect(await shop.invoiceStatus(invoice.id)).toBe('PARTIAL');
    expect(await shop.balances()).toEqual({ PENDING: String(DUE / 10n), sum: '0' });
  });

  it('in which a transaction pays another invoice takes it from the one and gives it to the other', async () => {
    const [first, second] = [await shop.invoice(), await shop.invoice()];
    const follower = shop.follower();
    await follower.catchUp();
    const payment = transferTo(first.address, DUE);
    chain.mine([payment]);
    await follower.catchUp();
    const undo = chain.reorg(1, [{ ...payment, to: second.address }], [], []);
    await follower.catchUp();
    expect(await shop.standing(first.id)).toEqual(['ORPHANED']);
    expect(await shop.standing(second.id)).toEqual(['CREDITED']);
    expect(await shop.balances()).toMatchObject({ AVAILABLE: String(DUE), PENDING: '0', sum: '0' });
    undo();
    chain.mine([], [], [], []);
    await follower.catchUp();
    expect(await shop.standing(first.id)).toEqual(['CREDITED']);
    expect(await shop.standing(second.id)).toEqual(['ORPHANED']);
    expect(await shop.balances()).toMatchObject({ AVAILABLE: String(DUE), PENDING: '0', sum: '0' });
  });
});

describe('finality', () => {
  it('by the node confirms what it calls final and nothing else, without a new block', async () => {
    const invoice = await shop.invoice();
    const watcher = shop.follower();
    chain.finalize(base);
    chain.mine([transferTo(invoice.address, DUE)], ...empty(10));
    await watcher.catchUp();
    expect(await shop.standing(invoice.id)).toEqual(['CONFIRMING']);
    chain.finalize(base + 1n);
    await watcher.catchUp();
    expect(await shop.standing(invoice.id)).toEqual(['CREDITED']);
  });

  it('beyond the chain confirms what is taken in', async () => {
    const invoice = await shop.invoice();
    chain.mine([transferTo(invoice.address, DUE)], []);
    chain.finalize(base + 100n);
    await shop.follower().catchUp();
    expect(await shop.payments(invoice.id)).toEqual([`CREDITED@${base + 1n}×1`]);
  });

  it('by confirmations counts those that the payment was seen to need', async () => {
    const invoice = await shop.invoice();
    await db.pool.query(
      `UPDATE project SET confirmations = '{"ETHEREUM": 5}' WHERE merchant_id =
      (SELECT merchant_id FROM invoice WHERE id = $1)`,
      [invoice.id],
    );
    const watcher = shop.follower();
    chain.mine([transferTo(invoice.address, DUE)], ...empty(3));
    await watcher.catchUp();
    expect(await shop.standing(invoice.id)).toEqual(['CONFIRMING']);
    chain.mine([]);
    await watcher.catchUp();
    expect(await shop.standing(invoice.id)).toEqual(['CREDITED']);
  });
});

describe('what nothing can take', () => {
  const elsewhere = async (): Promise<string> => {
    const address = `0x${crypto.randomUUID()}`;
    await db.pool.query(
      `INSERT INTO deposit_address (id, network, address, derivation_index, invoice_id, assigned_at)
       SELECT gen_random_uuid(), 'CRONOS', $1, coalesce(max(derivation_index) + 1, 0), gen_random_uuid(), now()
       FROM deposit_address WHERE network = 'CRONOS'`,
      [address],
    );
    return address;
  };
  const events = async () =>
    (
      await db.pool.query<{ tx: string; reason: string }>(
        `SELECT data ->> 'txId' AS tx, data ->> 'reason' AS reason FROM event WHERE type = 'transfer.unmatched'
           AND subject_id IN (SELECT id FROM unmatched_transfer) AND merchant_id IS NULL ORDER BY seq`,
      )
    ).rows;

  it('is kept for the operator with one event, stands and falls with its block, and comes back', async () => {
    const invoice = await shop.invoice();
    const token = transferTo(invoice.address, 7n, { txId: 'token', asset: null, contract: '0xToken' });
    const wrong = transferTo(await elsewhere(), 8n, { txId: 'wrong' });
    const watcher = shop.follower();
    chain.mine([token, wrong], []);
    await watcher.catchUp();
    const [first, second] = [base + 1n, base + 2n];
    expect(await shop.unmatched()).toEqual([
      `UNKNOWN_TOKEN token@${first} +`,
      `WRONG_NETWORK wrong@${first} +`,
    ]);
    expect(await events()).toEqual([
      { tx: 'token', reason: 'UNKNOWN_TOKEN' },
      { tx: 'wrong', reason: 'WRONG_NETWORK' },
    ]);
    chain.reorg(2, [], [wrong], []);
    await watcher.catchUp();
    expect(await shop.unmatched()).toEqual([
      `UNKNOWN_TOKEN token@${first}`,
      `WRONG_NETWORK wrong@${second} +`,
    ]);
    expect(await events()).toHaveLength(2);
    expect(await shop.payments(invoice.id)).toEqual([]);
  });

  it('does not include what failed, was worth nothing or is simply a payment', async () => {
    const invoice = await shop.invoice();
    const failing = transferTo(await elsewhere(), 8n);
    chain.fail(failing);
    const paid = transferTo(invoice.address, DUE);
    chain.mine([failing, transferTo(invoice.address, 0n, { asset: null, contract: '0xSpam' }), paid]);
    await shop.follower().catchUp();
    expect(await shop.unmatched()).toEqual([]);
    expect(await shop.payments(invoice.id)).toEqual([`CONFIRMING@${base + 1n}×1`]);
    // Only those to given addresses were asked about, in one call.
    expect(chain.asked.filter((what) => what.startsWith('carried out'))).toEqual(['carried out 2']);
  });

  it('is not kept by a watcher that another one has overtaken', async () => {
    const invoice = await shop.invoice();
    chain.mine([]);
    await shop.follower().catchUp();
    const block = { height: base + 1n, hash: 'late' };
    const to = { address: invoice.address, network: NETWORK, owner: { invoiceId: invoice.id } };
    const transfer = transferTo(invoice.address, 5n, { asset: null, contract: '0xToken' });
    await shop.recordUnmatched({
      network: NETWORK,
      block,
      transfers: [{ transfer, to, reason: 'UNKNOWN_TOKEN' }],
    });
    expect(await shop.unmatched()).toEqual([]);
    expect(await events()).toEqual([]);
  });
});

describe('the transfers of a block', () => {
  it('are looked up together and taken in at once, those of one owner in their order', async () => {
    const invoices = await Promise.all(Array.from({ length: 20 }, () => shop.invoice()));
    const half = DUE / 2n;
    const transfers = [...invoices, ...invoices].map(({ address }) => transferTo(address, half));
    let lookups = 0;
    let running = 0;
    let most = 0;
    const order = new Map<string, string[]>();
    chain.mine(transfers);
    await shop
      .follower({
        store: { ...shop.store, watched: (addresses) => ((lookups += 1), shop.store.watched(addresses)) },
        steps: {
          observe: async (seen) => {
            order.set(seen.invoiceId, [...(order.get(seen.invoiceId) ?? []), seen.transfer.txId]);
            running += 1;
            most = Math.max(most, running);
            await shop.steps.observe(seen);
            running -= 1;
          },
        },
      })
      .catchUp();
    expect(lookups).toBe(1);
    expect(most).toBe(8);
    expect(invoices.map(({ id }) => order.get(id))).toEqual(
      invoices.map((_, n) => [transfers[n]?.txId, transfers[n + 20]?.txId]),
    );
    expect(await shop.balances()).toEqual({ PENDING: '200000000', sum: '0' });
  });

  it('go to the static wallet whose address it is', async () => {
    const [walletId, address] = [crypto.randomUUID(), `0x${crypto.randomUUID()}`];
    await db.pool.query(
      `INSERT INTO deposit_address (id, network, address, derivation_index, static_wallet_id, assigned_at)
       SELECT gen_random_uuid(), 'ETHEREUM', $1, 1000000, $2, now()`,
      [address, walletId],
    );
    const seen: object[] = [];
    const never = () => Promise.reject(new Error('there is nothing to confirm'));
    const transfer = transferTo(address, 5n);
    chain.mine([transfer]);
    const deposits = { observe: async (it: object) => void seen.push(it), confirm: never, orphan: never };
    await shop.follower({ deposits }).catchUp();
    const block = chain.tip();
    expect(seen).toEqual([
      {
        network: NETWORK,
        staticWalletId: walletId,
        block: { height: block.height, hash: block.hash },
        at: block.minedAt,
        transfer,
      },
    ]);
  });

  it('that cannot be taken in hold the block, whatever else it has', async () => {
    const [sound, poison] = [await shop.invoice(), await shop.invoice()];
    chain.mine([transferTo(sound.address, DUE), transferTo(poison.address, DUE)]);
    const watcher = shop.follower({
      steps: {
        observe: (seen) =>
          seen.invoiceId === poison.id ? Promise.reject(new Error('poison')) : shop.steps.observe(seen),
      },
    });
    await expect(watcher.catchUp()).rejects.toThrow('poison');
    expect(await shop.store.cursor(NETWORK)).toMatchObject({ height: base });
    await shop.follower().catchUp();
    expect(await shop.standing(poison.id)).toEqual(['CONFIRMING']);
    expect(await shop.payments(sound.id)).toEqual([`CONFIRMING@${base + 1n}×1`]);
  });
});
