import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Pool } from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createInvoiceStore } from '../../src/adapters/db/invoice-store.ts';
import { deployMigrations } from '../../src/adapters/db/migrate/deploy-migrations.ts';
import { projectFolders } from '../../src/adapters/db/migrate/migration-files.ts';
import { createFixedRates } from '../../src/adapters/rates/fixed-rates.ts';
import { jitteredPause } from '../../src/adapters/system/jittered-pause.ts';
import { systemClock as clock } from '../../src/adapters/system/system-clock.ts';
import { uuidSource as ids } from '../../src/adapters/system/uuid-source.ts';
import { createInvoiceWriting } from '../../src/usecases/invoice/invoice-writing.ts';
import { createEmptyDatabase, type TestDatabase } from '../testkit/database.ts';

const AMOUNT = 100;
const LATER = [
  '20261121180000_payment_engine',
  '20261121180100_payment_rules',
  '20261121205405_payouts',
  '20261121205500_payout_rules',
];
let db: TestDatabase;
let copy: string;

beforeEach(async () => {
  copy = await mkdtemp(path.join(tmpdir(), 'paybell-migrated-'));
  db = await createEmptyDatabase();
});
afterEach(async () => {
  await db.drop();
  await rm(copy, { recursive: true });
});

/** The database as it was before payments had parts. */
async function formerDatabase(): Promise<void> {
  await cp(projectFolders.migrations, copy, { recursive: true });
  await Promise.all(LATER.map((name) => rm(path.join(copy, name), { recursive: true })));
  await deployMigrations(db.url, { ...projectFolders, migrations: copy });
}

const MERCHANT = ids.next();
const PROJECT = ids.next();
const ACCOUNTS = ['PENDING', 'AVAILABLE', 'HELD', 'INCOMING', 'CUSTODY'];

async function openShop(pool: Pool): Promise<ReadonlyMap<string, string>> {
  await pool.query(
    `INSERT INTO merchant (id, name, type, created_at) VALUES ($1, 'Shop', 'BUSINESS', now())`,
    [MERCHANT],
  );
  await pool.query(
    `INSERT INTO project (id, merchant_id, name, moderation, invoice_lifetime_seconds, created_at)
     VALUES ($1, $2, 'Shop', 'ACTIVE', 600, now())`,
    [PROJECT, MERCHANT],
  );
  const accounts = new Map(ACCOUNTS.map((kind) => [kind, ids.next()]));
  for (const [kind, id] of accounts) {
    const isGateway = kind === 'INCOMING' || kind === 'CUSTODY';
    await pool.query(
      `INSERT INTO ledger_account (id, mode, kind, asset, merchant_id, network) VALUES ($1, 'LIVE', $2, 'USDT', $3, $4)`,
      [id, kind, isGateway ? null : MERCHANT, isGateway ? 'ETHEREUM' : null],
    );
  }
  return accounts;
}

const LEGS: Readonly<Record<string, readonly (readonly [string, number])[]>> = {
  DETECTED: [
    ['PENDING', 1],
    ['INCOMING', -1],
  ],
  CREDITED: [
    ['PENDING', -1],
    ['AVAILABLE', 1],
    ['INCOMING', 1],
    ['CUSTODY', -1],
  ],
  HELD: [
    ['PENDING', -1],
    ['HELD', 1],
    ['INCOMING', 1],
    ['CUSTODY', -1],
  ],
  ORPHANED: [
    ['PENDING', -1],
    ['INCOMING', 1],
  ],
};

interface Former {
  readonly status: string;
  readonly steps: readonly string[];
  readonly exception?: string;
  readonly invoice: string;
  readonly ended?: string;
}

/** An invoice over one US dollar with one payment, as the former version wrote it. */
async function write(pool: Pool, accounts: ReadonlyMap<string, string>, former: Former): Promise<string> {
  const [invoice, quote, payment] = [ids.next(), ids.next(), ids.next()];
  await pool.query(
    `INSERT INTO invoice (id, merchant_id, project_id, mode, currency, amount, status, exception, created_at, expires_at)
     VALUES ($1, $2, $3, 'LIVE', 'USD', 100, $4, $5, now(), now() + interval '10 minutes')`,
    [invoice, MERCHANT, PROJECT, former.invoice, former.ended ?? 'NONE'],
  );
  await pool.query(
    `INSERT INTO quote (id, invoice_id, asset, network, amount, rate, rate_source, rate_at, address, created_at, expires_at)
     VALUES ($1, $2, 'USDT', 'ETHEREUM', $3, 1, 'test', now(), '0x1', now(), now() + interval '10 minutes')`,
    [quote, invoice, AMOUNT],
  );
  await pool.query(
    `INSERT INTO payment (id, merchant_id, invoice_id, quote_id, mode, network, tx_id, output_index, asset, amount, status,
       exception, block_height, block_hash, detected_at, credited_at)
     VALUES ($1, $2, $3, $4, 'LIVE', 'ETHEREUM', $5, 0, 'USDT', $6, $7, $8, 1, '0x1', now(), NULL)`,
    [payment, MERCHANT, invoice, quote, payment, AMOUNT, former.status, former.exception ?? 'NONE'],
  );
  for (const kind of former.steps) {
    const transaction = ids.next();
    await pool.query(
      `INSERT INTO ledger_transaction (id, mode, source_type, source_id, kind, created_at)
       VALUES ($1, 'LIVE', 'PAYMENT', $2, $3, now())`,
      [transaction, `${payment}/1`, kind],
    );
    const legs = (LEGS[kind] ?? []).map(([account, sign]) => ({
      id: ids.next(),
      account: accounts.get(account),
      amount: sign * AMOUNT,
    }));
    await pool.query(
      `INSERT INTO posting (id, transaction_id, account_id, asset, amount)
       SELECT l.id, $1, l.account, 'USDT', l.amount
       FROM jsonb_to_recordset($2::jsonb) AS l (id uuid, account uuid, amount numeric)`,
      [transaction, JSON.stringify(legs)],
    );
  }
  return payment;
}

const balances = async (): Promise<Record<string, string>> => {
  const { rows } = await db.pool.query<{ kind: string; balance: string }>(
    `SELECT kind::text, balance::text FROM ledger_account WHERE balance <> 0 ORDER BY kind`,
  );
  return Object.fromEntries(rows.map(({ kind, balance }) => [kind, balance]));
};

test('payments of the former version keep their money, and go on', async () => {
  await formerDatabase();
  const accounts = await openShop(db.pool);
  const of = (former: Former) => write(db.pool, accounts, former);
  const confirming = await of({ invoice: 'CONFIRMING', status: 'CONFIRMING', steps: ['DETECTED'] });
  const waiting = await of({ invoice: 'PARTIAL', status: 'CONFIRMED', steps: ['DETECTED'] });
  const credited = await of({ invoice: 'PAID', status: 'CREDITED', steps: ['DETECTED', 'CREDITED'] });
  const late = await of({
    invoice: 'CANCELED',
    ended: 'EXPIRED',
    status: 'CONFIRMED',
    exception: 'LATE',
    steps: ['DETECTED', 'HELD'],
  });
  const short = await of({
    invoice: 'CANCELED',
    ended: 'CANCELLED',
    status: 'CONFIRMED',
    steps: ['DETECTED', 'HELD'],
  });
  const gone = await of({ invoice: 'CREATED', status: 'ORPHANED', steps: ['DETECTED', 'ORPHANED'] });
  const before = await balances();

  expect(await deployMigrations(db.url)).toEqual(LATER);
  expect(await balances()).toEqual(before);
  const invoices = createInvoiceStore(db.pool, ids);
  const feed = { poke: () => undefined };
  const rates = createFixedRates(clock);
  const { writeInvoice } = createInvoiceWriting({ invoices, rates, clock, ids, feed, pause: jitteredPause });

  const blockHash = '0x1';
  await writeInvoice({ paymentId: confirming }, () => ({
    type: 'PAYMENT_CONFIRMED',
    paymentId: confirming,
    blockHash,
  }));
  await writeInvoice({ paymentId: waiting }, () => ({ type: 'CANCEL' }));
  for (const paymentId of [late, short, waiting]) {
    await writeInvoice({ paymentId }, () => ({ type: 'RESOLVE', paymentId, resolution: 'CREDIT' }));
  }
  expect(await balances()).toEqual({ AVAILABLE: '500', CUSTODY: '-500' });
  for (const paymentId of [confirming, waiting, credited, late, short, gone]) {
    await writeInvoice({ paymentId }, () => ({ type: 'PAYMENT_ORPHANED', paymentId, blockHash }));
  }
  expect(await balances()).toEqual({});
});
