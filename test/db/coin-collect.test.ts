import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createCoinCollect } from '../../src/adapters/db/coin-collect.ts';
import { createSpendStore } from '../../src/adapters/db/spend-store.ts';
import { uuidSource as ids } from '../../src/adapters/system/uuid-source.ts';
import type { SpendCoin } from '../../src/usecases/ports/chain-spender.ts';
import { createCoinCollection } from '../../src/workers/payout-sender/collect-coins.ts';
import { createTestDatabase, type TestDatabase } from '../testkit/database.ts';

const NETWORK = 'LITECOIN';

let db: TestDatabase;
let indexes = 0;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());
beforeEach(async () => {
  await db.pool.query('TRUNCATE payment, deposit_address, coin, chain_cursor CASCADE');
  await write('INSERT INTO chain_cursor (network, height, hash, updated_at) VALUES ($1, 1000, $2, now())', [
    NETWORK,
    'aa',
  ]);
});

/** Rows alone matter here, not what they belong to. */
async function write(text: string, values: unknown[]): Promise<void> {
  const client = await db.pool.connect();
  try {
    await client.query('SET session_replication_role = replica');
    await client.query(text, values);
  } finally {
    await client.query('RESET session_replication_role');
    client.release();
  }
}

interface Paid {
  readonly id: string;
  readonly txId: string;
  readonly path: string;
}

interface PaidMore {
  readonly status?: string;
  readonly mode?: string;
  readonly height?: number | null;
  readonly asset?: string;
  readonly network?: string;
  readonly to?: 'invoice' | 'wallet';
}

/** A payment of 7,000 to an address of its own. */
async function paid(more: PaidMore = {}): Promise<Paid> {
  const { status = 'CREDITED', mode = 'LIVE', height = 900, asset = 'LTC', network = NETWORK } = more;
  const column = more.to === 'wallet' ? 'static_wallet_id' : 'invoice_id';
  const [id, owner, index] = [ids.next(), ids.next(), indexes++];
  await write(
    `INSERT INTO deposit_address (id, network, address, derivation_index, ${column}, assigned_at)
     VALUES ($1, $2, $3, $4, $5, now())`,
    [ids.next(), network, `address-${index}`, index, owner],
  );
  await write(
    `INSERT INTO payment (id, merchant_id, project_id, ${column}, mode, network, tx_id, output_index, asset, amount, status,
       block_height, block_hash, confirmations_required, detected_at)
     VALUES ($1, $1, $1, $2, $3, $4, $5, 1, $6, 7000, $7, $8::bigint, CASE WHEN $8::bigint IS NOT NULL THEN 'aa' END, 6, now())`,
    [id, owner, mode, network, `tx-${index}`, asset, status, height],
  );
  return { id, txId: `tx-${index}`, path: `0/${index}` };
}

const becomes = (payment: Paid, status: string, height = 900): Promise<void> =>
  write('UPDATE payment SET status = $2::"PaymentStatus", block_height = $3 WHERE id = $1', [
    payment.id,
    status,
    height,
  ]);

const coins = (): Promise<readonly SpendCoin[]> => createSpendStore(db.pool, ids).freeCoins(NETWORK, 100);
const CONFIRMATIONS = 6;
const SOURCE = { network: NETWORK, asset: 'LTC', confirmations: CONFIRMATIONS };
const collection = () => createCoinCollection(createCoinCollect(db.pool), NETWORK, CONFIRMATIONS);
const txIds = async (): Promise<string[]> => (await coins()).map(({ txId }) => txId).toSorted();

it('makes a coin of every confirmed payment and deposit, once', async () => {
  const payments = [
    await paid(),
    await paid({ status: 'CONFIRMED' }),
    await paid({ to: 'wallet', status: 'CONFIRMED' }),
    await paid({ to: 'wallet' }),
  ];
  const [collect, other] = [collection(), collection()];
  await Promise.all([collect(), other(), collect()]);
  await collect();
  const found = await coins();
  expect(found.map(({ path, txId, outputIndex, amount }) => ({ path, txId, outputIndex, amount }))).toEqual(
    expect.arrayContaining(
      payments.map(({ path, txId }) => ({ path, txId, outputIndex: 1, amount: 7_000n })),
    ),
  );
  expect(found).toHaveLength(4);
});

it('makes none of what is not confirmed, tests, tokens and other networks', async () => {
  await paid({ status: 'DETECTED', height: null });
  await paid({ status: 'CONFIRMING' });
  await paid({ status: 'ORPHANED' });
  await paid({ mode: 'TEST' });
  await paid({ asset: 'USDT' });
  await paid({ network: 'BITCOIN' });
  await collection()();
  expect(await coins()).toEqual([]);
});

it('finds what is confirmed later, wherever the first round has left off', async () => {
  const waiting = await paid({ status: 'CONFIRMING', height: 300 });
  const collect = collection();
  await collect();
  await becomes(waiting, 'CONFIRMED', 300);
  const moved = await paid({ height: 850 });
  const fresh = await paid({ height: 995 });
  await collect();
  expect(await txIds()).toEqual([waiting, moved, fresh].map(({ txId }) => txId).toSorted());
});

it('waits until a coin is as deep as the gateway wants, whatever the shop was content with', async () => {
  const young = await paid({ height: 996 });
  const collect = collection();
  await collect();
  expect(await coins()).toEqual([]);
  await write('UPDATE chain_cursor SET height = 1001 WHERE network = $1', [NETWORK]);
  await collect();
  expect(await txIds()).toEqual([young.txId]);
});

it('looks below the newest blocks at its start only', async () => {
  const from = await createCoinCollect(db.pool).collect(SOURCE, 0n);
  expect(from).toBe(1_000n - 206n);
  await paid({ status: 'CONFIRMING', height: 700 });
  expect(await createCoinCollect(db.pool).collect(SOURCE, from)).toBe(700n - 206n);
  await db.pool.query('TRUNCATE chain_cursor');
  expect(await createCoinCollect(db.pool).collect(SOURCE, 123n)).toBe(123n);
});

it('takes a coin back when a reorg did, unless it is used, and makes it again', async () => {
  const [free, used] = [await paid(), await paid()];
  const collect = collection();
  await collect();
  await write('UPDATE coin SET spend_id = $2 WHERE tx_id = $1', [used.txId, ids.next()]);
  for (const payment of [free, used]) await becomes(payment, 'ORPHANED');
  await collect();
  const { rows } = await db.pool.query<{ tx_id: string }>('SELECT tx_id FROM coin');
  expect(rows).toEqual([{ tx_id: used.txId }]);
  await becomes(free, 'CONFIRMED', 902);
  await collect();
  expect(await txIds()).toEqual([free.txId]);
});
