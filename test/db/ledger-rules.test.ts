import type pg from 'pg';
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../testkit/database.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

interface Entry {
  readonly account: string;
  readonly amount: bigint;
  readonly asset?: string;
}

async function openMerchant(): Promise<string> {
  const id = uuid();
  await db.pool.query(
    `INSERT INTO merchant (id, name, type, created_at) VALUES ($1, 'Shop', 'BUSINESS', now())`,
    [id],
  );
  return id;
}

async function openAccount(
  kind: string,
  merchantId: string | null,
  asset = 'USDT',
  mode = 'LIVE',
): Promise<string> {
  const id = uuid();
  await db.pool.query(
    `INSERT INTO ledger_account (id, mode, kind, asset, merchant_id) VALUES ($1, $2, $3, $4, $5)`,
    [id, mode, kind, asset, merchantId],
  );
  return id;
}

/** A merchant's AVAILABLE account and the gateway's custody, in an asset that no other test uses. */
async function openPair(): Promise<{ asset: string; available: string; custody: string; merchant: string }> {
  const asset = `T${uuid()}`;
  const merchant = await openMerchant();
  return {
    asset,
    merchant,
    available: await openAccount('AVAILABLE', merchant, asset),
    custody: await openAccount('CUSTODY', null, asset),
  };
}

/** One ledger transaction, its postings in one statement and in the order given. */
async function post(asset: string, entries: readonly Entry[], mode = 'LIVE'): Promise<string> {
  const id = uuid();
  const client = await db.pool.connect();
  try {
    await client.query('BEGIN');
    await client.query(
      `INSERT INTO ledger_transaction (id, mode, source_type, source_id, kind, created_at)
       VALUES ($1, $2, 'test', $3, 'test', now())`,
      [id, mode, uuid()],
    );
    await insertPostings(client, id, asset, entries);
    await client.query('COMMIT');
    return id;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}

function insertPostings(
  client: pg.Pool | pg.PoolClient,
  transaction: string,
  asset: string,
  entries: readonly Entry[],
): Promise<unknown> {
  return client.query(
    `INSERT INTO posting (id, transaction_id, account_id, asset, amount)
     SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::numeric[])`,
    [
      entries.map(() => uuid()),
      entries.map(() => transaction),
      entries.map((entry) => entry.account),
      entries.map((entry) => entry.asset ?? asset),
      entries.map((entry) => entry.amount.toString()),
    ],
  );
}

async function balance(account: string): Promise<bigint> {
  const found = await db.pool.query<{ balance: string }>('SELECT balance FROM ledger_account WHERE id = $1', [
    account,
  ]);
  return BigInt(found.rows[0]?.balance ?? '-1');
}

async function count(table: string): Promise<number> {
  const found = await db.pool.query<{ count: number }>(`SELECT count(*)::int AS count FROM ${table}`);
  return found.rows[0]?.count ?? -1;
}

describe('postings', () => {
  test('move the balances by their sums, exactly, up to 78 digits', async () => {
    const { asset, available, custody } = await openPair();
    const huge = 10n ** 77n;
    await post(asset, [
      { account: available, amount: huge },
      { account: available, amount: 1n },
      { account: custody, amount: -huge - 1n },
    ]);
    expect(await balance(available)).toBe(huge + 1n);
    expect(await balance(custody)).toBe(-huge - 1n);
  });

  test('that do not sum to zero are refused and leave nothing', async () => {
    const { asset, available, custody } = await openPair();
    const before = await count('posting');
    await expect(
      post(asset, [
        { account: available, amount: 100n },
        { account: custody, amount: -99n },
      ]),
    ).rejects.toMatchObject({ code: '23514', constraint: 'ledger_zero_sum' });
    expect(await balance(available)).toBe(0n);
    expect(await count('posting')).toBe(before);
  });

  test('must sum to zero in each asset, not over all', async () => {
    const one = await openPair();
    const other = await openPair();
    await expect(
      post(one.asset, [
        { account: one.available, amount: 5n },
        { account: other.custody, amount: -5n, asset: other.asset },
      ]),
    ).rejects.toMatchObject({ constraint: 'ledger_zero_sum' });
  });

  test('added to an old transaction count together with its postings', async () => {
    const { asset, available, custody } = await openPair();
    const pair: Entry[] = [
      { account: available, amount: 7n },
      { account: custody, amount: -7n },
    ];
    const transaction = await post(asset, pair);
    await expect(
      insertPostings(db.pool, transaction, asset, [{ account: available, amount: 1n }]),
    ).rejects.toMatchObject({ constraint: 'ledger_zero_sum' });
    await insertPostings(db.pool, transaction, asset, pair);
    expect(await balance(available)).toBe(14n);
  });

  test('in another asset or mode than the account are refused', async () => {
    const { asset, available, custody } = await openPair();
    const refused = { code: '23514', constraint: 'ledger_same_asset' };
    const entries: Entry[] = [
      { account: available, amount: 1n },
      { account: custody, amount: -1n },
    ];
    await expect(post('OTHER', entries)).rejects.toMatchObject(refused);
    await expect(post(asset, entries, 'TEST')).rejects.toMatchObject(refused);
  });

  test('never take AVAILABLE below zero, while custody goes there', async () => {
    const { asset, available, custody } = await openPair();
    await expect(
      post(asset, [
        { account: available, amount: -1n },
        { account: custody, amount: 1n },
      ]),
    ).rejects.toMatchObject({ code: '23514', constraint: 'ledger_account_not_negative' });
    expect(await balance(custody)).toBe(0n);
  });

  test('in one CTE with their transaction are accepted', async () => {
    const { asset, available, custody } = await openPair();
    await db.pool.query(
      `WITH t AS (
         INSERT INTO ledger_transaction (id, mode, source_type, source_id, kind, created_at)
         VALUES ($1::uuid, 'LIVE', 'test', $1::uuid::text, 'test', now()) RETURNING id
       )
       INSERT INTO posting (id, transaction_id, account_id, asset, amount)
       SELECT gen_random_uuid(), t.id, e.account, $2, e.amount
       FROM t, (VALUES ($3::uuid, 3::numeric), ($4::uuid, -3::numeric)) AS e (account, amount)`,
      [uuid(), asset, available, custody],
    );
    expect(await balance(available)).toBe(3n);
  });

  test('of many at once over the same accounts in any order do not deadlock and lose nothing', async () => {
    const { asset, custody } = await openPair();
    const accounts = await Promise.all(
      Array.from({ length: 40 }, async () => openAccount('AVAILABLE', await openMerchant(), asset)),
    );
    // Different accounts and numbers of them, so that without a common order the server takes them in different ones.
    const rounds = Array.from({ length: 200 }, (_, round) => {
      const touched = accounts.filter((_account, index) => (index * 7 + round * 13) % 11 < 2 + (round % 8));
      const credits = touched.map((account) => ({ account, amount: 1n }));
      const entries = [...credits, { account: custody, amount: -BigInt(credits.length) }];
      return round % 2 === 0 ? entries : entries.toReversed();
    });
    const results = await Promise.allSettled(rounds.map((entries) => post(asset, entries)));
    expect(results.filter((result) => result.status === 'rejected')).toEqual([]);
    const credited = rounds.reduce((sum, entries) => sum + entries.length - 1, 0);
    expect(await balance(custody)).toBe(-BigInt(credited));
  });

  test('race for the last money: exactly one of two wins', async () => {
    const { asset, available, custody } = await openPair();
    await post(asset, [
      { account: available, amount: 10n },
      { account: custody, amount: -10n },
    ]);
    const spend: Entry[] = [
      { account: available, amount: -10n },
      { account: custody, amount: 10n },
    ];
    const results = await Promise.allSettled([post(asset, spend), post(asset, spend)]);
    expect(results.map((result) => result.status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(await balance(available)).toBe(0n);
  });
});

describe('accounts', () => {
  test('start at zero and change by postings only', async () => {
    const id = uuid();
    await db.pool.query(
      `INSERT INTO ledger_account (id, mode, kind, asset, balance) VALUES ($1, 'LIVE', 'FEES', $2, 500)`,
      [id, `T${id}`],
    );
    expect(await balance(id)).toBe(0n);
    await expect(
      db.pool.query('UPDATE ledger_account SET balance = 5 WHERE id = $1', [id]),
    ).rejects.toMatchObject({ code: '23001', constraint: 'ledger_balance_by_posting' });
    await expect(
      db.pool.query(`UPDATE ledger_account SET asset = 'BTC' WHERE id = $1`, [id]),
    ).rejects.toMatchObject({ code: '23001', constraint: 'ledger_account_fixed' });
    expect(await balance(id)).toBe(0n);
  });

  test('exist once for a purpose, also where merchant and network are null', async () => {
    const { asset, merchant } = await openPair();
    const twice = { code: '23505', constraint: 'ledger_account_identity_key' };
    await expect(openAccount('CUSTODY', null, asset)).rejects.toMatchObject(twice);
    await expect(openAccount('AVAILABLE', merchant, asset)).rejects.toMatchObject(twice);
    await openAccount('AVAILABLE', merchant, asset, 'TEST');
    await openAccount('HELD', merchant, asset);
  });
});

describe('append only', () => {
  test.each(['posting', 'ledger_transaction', 'event'])(
    '%s: no update, delete or truncate',
    async (table) => {
      const { asset, available, custody } = await openPair();
      await post(asset, [
        { account: available, amount: 1n },
        { account: custody, amount: -1n },
      ]);
      const before = await count(table);
      const refused = { code: '23001', constraint: 'append_only' };
      await expect(db.pool.query(`UPDATE ${table} SET id = id`)).rejects.toMatchObject(refused);
      await expect(db.pool.query(`DELETE FROM ${table}`)).rejects.toMatchObject(refused);
      await expect(db.pool.query(`TRUNCATE ${table} CASCADE`)).rejects.toMatchObject(refused);
      expect(await count(table)).toBe(before);
    },
  );
});
