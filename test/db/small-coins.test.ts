import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSmallCoins } from '../../src/adapters/db/small-coins.ts';
import { createSpendStore } from '../../src/adapters/db/spend-store.ts';
import { uuidSource as ids } from '../../src/adapters/system/uuid-source.ts';
import { openBooks, type Owner } from '../fault/payouts/books.ts';
import { createTestDatabase, type TestDatabase } from '../testkit/database.ts';

const NETWORK = 'LITECOIN';
const HOT = 'the hot address';

let db: TestDatabase;
let owner: Owner;
beforeAll(async () => {
  db = await createTestDatabase();
  owner = await openBooks(db.pool).owner();
});
afterAll(() => db.drop());
beforeEach(async () => void (await db.pool.query('TRUNCATE coin, spend, spend_transaction, payout CASCADE')));

const store = () => createSpendStore(db.pool, ids);
const small = () => createSmallCoins(db.pool).below(NETWORK, 1_000n, 10);
const amounts = async () => (await small()).map(({ amount }) => amount);

async function coins(...wanted: readonly bigint[]): Promise<void> {
  for (const amount of wanted)
    await db.pool.query(
      `INSERT INTO coin (id, network, tx_id, output_index, amount, path) VALUES ($1, $2, $3, 0, $4, '0/1')`,
      [ids.next(), NETWORK, ids.next(), amount],
    );
}

const queued = (network = NETWORK) =>
  openBooks(db.pool).queued({
    owner,
    network,
    asset: 'LTC',
    to: 'somebody',
    arrives: 10n,
    fee: 0n,
    networkFee: 0n,
    origin: 'REQUEST',
  });

/** Signs for all small coins with a fee of 100. */
async function join(taken = small()): Promise<boolean> {
  const place = { family: 'UTXO', coins: await taken } as const;
  const amount = place.coins.reduce((sum, coin) => sum + coin.amount, 0n) - 100n;
  const change = { outputIndex: 0, amount };
  return await store().signed({
    id: ids.next(),
    transactionId: ids.next(),
    network: NETWORK,
    kind: 'SWEEP',
    payout: null,
    transfer: { asset: 'LTC', to: HOT, amount },
    place,
    signed: { txId: ids.next(), raw: new Uint8Array(1), feeRate: 1_000n, maxFee: 100n, change },
    events: [],
    at: new Date(),
  });
}

const open = async () => (await store().open(NETWORK, 10)).length;

describe('small coins', () => {
  it('are those below the amount that nothing uses, largest first', async () => {
    await coins(5n, 999n, 1_000n, 2_000n, 70n);
    await db.pool.query('UPDATE coin SET is_gone = true WHERE amount = 5');
    expect(await amounts()).toEqual([999n, 70n]);
  });

  it('are none while a payout is queued on the network', async () => {
    await coins(5n);
    await queued('BITCOIN');
    expect(await amounts()).toEqual([5n]);
    await queued();
    expect(await amounts()).toEqual([]);
  });

  it('are not taken when a payout was queued after they were chosen', async () => {
    await coins(500n, 600n);
    const chosen = small();
    await chosen;
    await queued();
    expect(await join(chosen)).toBe(false);
    expect([await open(), (await store().freeCoins(NETWORK, 10)).length]).toEqual([0, 2]);
    await db.pool.query('DELETE FROM payout');
    expect(await join(chosen)).toBe(true);
  });

  it('are joined once at a time on a network', async () => {
    await coins(500n, 600n);
    const chosen = small();
    const joined = await Promise.all(Array.from({ length: 10 }, () => join(chosen)));
    expect(joined.filter(Boolean)).toHaveLength(1);
    await coins(700n, 800n);
    expect(await amounts()).toEqual([]);
    // Another process chose them before the first was stored.
    expect(await join(store().freeCoins(NETWORK, 10))).toBe(false);
    expect([await open(), (await store().freeCoins(NETWORK, 10)).length]).toEqual([1, 2]);
  });
});

describe('what is there once change has come', () => {
  it('is nothing to wait for while none is on its way', async () => {
    await coins(500n, 9_000n);
    expect(await store().change(NETWORK)).toBe(0n);
  });

  it('is free coins and the change of open spends, of each the last transaction', async () => {
    await coins(500n, 600n);
    await join();
    await coins(9_000n, 40n);
    await db.pool.query('UPDATE coin SET is_gone = true WHERE amount = 40');
    expect(await store().change(NETWORK)).toBe(9_000n + 1_000n);
    expect(await store().change('BITCOIN')).toBe(0n);
    const [spend] = await store().open(NETWORK, 10);
    const [first] = spend?.transactions ?? [];
    if (!spend || !first) throw new Error('nothing is open');
    const change = { outputIndex: 0, amount: 900n };
    const dearer = { ...first, txId: ids.next(), maxFee: 200n, change };
    expect(await store().outbid(spend, ids.next(), dearer, new Date())).toBe(true);
    expect(await store().change(NETWORK)).toBe(9_000n + 900n);
    const sight = {
      kind: 'MINED',
      txId: dearer.txId,
      height: 5n,
      hash: 'aa',
      confirmations: 6,
      succeeded: true,
      feePaid: 200n,
    } as const;
    const [last] = await store().open(NETWORK, 10);
    if (!last) throw new Error('nothing is open');
    expect(await store().ended({ spend: last, sight, entries: [], events: [], at: new Date() })).toBe(true);
    expect(await store().change(NETWORK)).toBe(0n);
    expect((await store().freeCoins(NETWORK, 10)).map(({ amount }) => amount)).toEqual([9_000n, 900n]);
  });
});
