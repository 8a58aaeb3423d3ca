import { run } from './bench-database.ts';
import { MERCHANT_ID, type Shop } from './seed-merchant.ts';

/** Of five invoices two are paid, each by one payment. */
export const isPaid = (n: number): boolean => n % 5 < 2;

/** Newer invoices have bigger ids, as UUIDv7 gives them. */
export const invoiceId = (series: number, n: number): string => {
  const time = n.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${String(series).padStart(3, '0')}-8000-000000000000`;
};

/** The same in SQL, for a column `n`; `kind` tells quotes and payments apart. */
const idOf = (series: number, kind: number): string =>
  `(lpad(to_hex(n), 12, '0') || '7${String(series).padStart(3, '0')}8000${String(kind).padStart(12, '0')}')::uuid`;

const createdAt = (apart: number): string =>
  `timestamptz '2026-01-01 00:00:00Z' + n * interval '${apart} seconds'`;

/**
 * Invoices 1 to `count` of a shop, a second apart or so many, the oldest first. Numbers that end in 0, 1, 5 or 6 are
 * paid.
 */
export async function seedInvoices(
  url: string,
  { series, projectId }: Shop,
  count: number,
  secondsApart = 1,
): Promise<void> {
  const created = createdAt(secondsApart);
  const numbers = `generate_series(1, ${count}) AS n`;
  await run(
    url,
    // The rows are consistent; the triggers that would prove it a row at a time are left out.
    'SET session_replication_role = replica',
    `INSERT INTO invoice (id, merchant_id, project_id, mode, currency, amount, status, amount_seen, amount_paid,
       order_id, description, customer_email, metadata, created_at, expires_at, paid_at)
     SELECT ${idOf(series, 0)}, '${MERCHANT_ID}', '${projectId}', 'LIVE',
       CASE WHEN n % 10 IN (0, 2) THEN 'USD' ELSE 'EUR' END, 1000 + n % 1000,
       (CASE WHEN n % 5 < 2 THEN 'PAID' WHEN n % 5 = 2 THEN 'CANCELED' ELSE 'CREATED' END)::"InvoiceStatus",
       CASE WHEN n % 5 < 2 THEN 1000 + n % 1000 ELSE 0 END, CASE WHEN n % 5 < 2 THEN 1000 + n % 1000 ELSE 0 END,
       'order-' || n, 'Two tickets to the opera, box ' || n % 5000, 'payer' || n % 5000 || '@mail.example',
       '{"seat": "12b"}', ${created}, ${created} + interval '1 hour', CASE WHEN n % 5 < 2 THEN ${created} + interval '5 minutes' END
     FROM ${numbers}`,
    `INSERT INTO quote (id, invoice_id, asset, network, price, amount, rate, rate_source, rate_at, address, created_at,
       expires_at)
     SELECT ${idOf(series, 1)}, ${idOf(series, 0)}, 'USDT', 'ETHEREUM', 1000 + n % 1000, 10000 * (1000 + n % 1000), 1,
       'fixed',
       ${created}, '0x' || lpad(to_hex(n), 40, '0'), ${created}, ${created} + interval '1 hour'
     FROM ${numbers} WHERE n % 5 < 2`,
    `INSERT INTO payment (id, merchant_id, project_id, invoice_id, quote_id, mode, network, tx_id, output_index, asset,
       amount, credited, settled, settled_currency, status, block_height, block_hash, confirmations_required,
       detected_at, credited_at)
     SELECT ${idOf(series, 2)}, '${MERCHANT_ID}', '${projectId}', ${idOf(series, 0)}, ${idOf(series, 1)}, 'LIVE', 'ETHEREUM',
       '0x' || lpad(to_hex(n), 61, '0') || '${String(series).padStart(3, '0')}', 0, 'USDT',
       10000 * (1000 + n % 1000), 10000 * (1000 + n % 1000), 10000 * (1000 + n % 1000), 'USDT', 'CREDITED', n,
       '0x' || lpad(to_hex(n), 64, '0'), 12, ${created},
       ${created} + interval '5 minutes'
     FROM ${numbers} WHERE n % 5 < 2`,
  );
}

/** A credit in the balance for each invoice of a shop that was seeded so, in an account that the shops share. */
export async function seedPostings(
  url: string,
  { series, projectId }: Shop,
  count: number,
  secondsApart = 1,
): Promise<void> {
  const created = createdAt(secondsApart);
  const account = `(SELECT id FROM ledger_account WHERE merchant_id = '${MERCHANT_ID}' AND kind = 'AVAILABLE')`;
  await run(
    url,
    `INSERT INTO ledger_account (id, mode, kind, asset, merchant_id)
     SELECT gen_random_uuid(), 'LIVE', 'AVAILABLE', 'USDT', '${MERCHANT_ID}' WHERE NOT EXISTS ${account}`,
    'SET session_replication_role = replica',
    `INSERT INTO ledger_transaction (id, mode, source_type, source_id, kind, project_id, created_at)
     SELECT ${idOf(series, 3)}, 'LIVE', 'PAYMENT', ${idOf(series, 2)} || '/1', 'CREDITED', '${projectId}', ${created}
     FROM generate_series(1, ${count}) AS n`,
    `INSERT INTO posting (id, transaction_id, account_id, asset, amount, project_id, created_at)
     SELECT ${idOf(series, 4)}, ${idOf(series, 3)}, ${account}, 'USDT', 1000000 + n, '${projectId}', ${created}
     FROM generate_series(1, ${count}) AS n`,
  );
}

/** The figures of the seeded invoices by day, as the worker counts them, and one day that waits for it. */
export const seedDays = (url: string) =>
  run(
    url,
    `INSERT INTO invoice_day SELECT project_id, mode, (created_at AT TIME ZONE 'UTC')::date, status, currency, count(*),
       sum(amount), sum(amount_paid) FROM invoice GROUP BY 1, 2, 3, 4, 5`,
    `INSERT INTO invoice_day_due (project_id, mode, day) SELECT DISTINCT project_id, mode, date '2026-06-30' FROM invoice`,
  );

/** Statistics, visibility and a checkpoint, so that no round pays for the seeding. */
export async function settle(url: string): Promise<void> {
  await run(url, 'VACUUM ANALYZE', 'CHECKPOINT');
}
