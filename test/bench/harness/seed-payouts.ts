import pg from 'pg';
import { API_KEY_PREFIX } from '../../../src/domain/access/api-key.ts';
import { API_KEY_RIGHTS } from '../../../src/domain/access/rights.ts';
import { run } from './bench-database.ts';
import { hashOf, MERCHANT_ID, SHOPS, type Shop } from './seed-merchant.ts';

/** A key of the plain shop in TEST mode, where a payout needs no network to send it. */
export const TEST_KEY = `${API_KEY_PREFIX.SECRET_TEST}bench-key-that-opens-nothing-anywhere-else`;

/** That key, and more in the TEST balance than is ever paid out. */
export async function seedTestBalance(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(
      `INSERT INTO api_key (id, merchant_id, project_id, mode, kind, scopes, name, prefix, token_hash, created_at)
       VALUES (gen_random_uuid(), $1, $2, 'TEST', 'SECRET', $4, 'bench', 'bench', $3, now())`,
      [MERCHANT_ID, SHOPS.plain.projectId, hashOf(TEST_KEY), API_KEY_RIGHTS.SECRET],
    );
    // No posting brings it, so the guard of balances is left out.
    await client.query('SET session_replication_role = replica');
    await client.query(
      `INSERT INTO ledger_account (id, mode, kind, asset, merchant_id, balance)
       VALUES (gen_random_uuid(), 'TEST', 'AVAILABLE', 'USDT', $1, 1000000000000000)`,
      [MERCHANT_ID],
    );
  } finally {
    await client.end();
  }
}

/** Of ten payouts seven arrived. */
export const isConfirmed = (n: number): boolean => n % 10 < 7;

export const payoutId = (series: number, n: number): string => {
  const time = n.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${String(series).padStart(3, '0')}-8000-000000000005`;
};

/** Payouts 1 to `count` of a shop, a second apart, the oldest first. */
export const seedPayouts = (url: string, { series, projectId }: Shop, count: number) =>
  run(
    url,
    'SET session_replication_role = replica',
    `INSERT INTO payout (id, merchant_id, project_id, mode, kind, origin, status, currency, network, address, debited, fee,
       network_fee, arrives, reference, actor_type, tx_id, created_at, ended_at)
     SELECT (lpad(to_hex(n), 12, '0') || '7${String(series).padStart(3, '0')}8000000000000005')::uuid, '${MERCHANT_ID}',
       '${projectId}', 'LIVE', 'CRYPTO', 'REQUEST',
       (CASE WHEN n % 10 < 7 THEN 'CONFIRMED' ELSE 'CANCELLED' END)::"PayoutStatus", 'USDT', 'ETHEREUM',
       '0x' || lpad(to_hex(n % 5000), 40, '0'), 1000000 + n, 0, 0, 1000000 + n, 'salary-' || n, 'API_KEY',
       CASE WHEN n % 10 < 7 THEN '0x' || lpad(to_hex(n), 64, '0') END,
       timestamptz '2026-01-01 00:00:00Z' + n * interval '1 second',
       timestamptz '2026-01-01 00:05:00Z' + n * interval '1 second'
     FROM generate_series(1, ${count}) AS n`,
  );
