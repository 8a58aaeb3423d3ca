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

const CREATED_AT = `timestamptz '2026-01-01 00:00:00Z' + n * interval '1 second'`;

/** Invoices 1 to `count` of a shop, a second apart, the oldest first. Numbers that end in 0, 1, 5 or 6 are paid. */
export async function seedInvoices(url: string, { series, projectId }: Shop, count: number): Promise<void> {
  const numbers = `generate_series(1, ${count}) AS n`;
  await run(
    url,
    // The rows are consistent; the triggers that would prove it a row at a time are left out.
    'SET session_replication_role = replica',
    `INSERT INTO invoice (id, merchant_id, project_id, mode, currency, amount, status, amount_seen, amount_paid,
       order_id, description, metadata, created_at, expires_at, paid_at)
     SELECT ${idOf(series, 0)}, '${MERCHANT_ID}', '${projectId}', 'LIVE', 'EUR', 1000 + n % 1000,
       (CASE WHEN n % 5 < 2 THEN 'PAID' WHEN n % 5 = 2 THEN 'CANCELED' ELSE 'CREATED' END)::"InvoiceStatus",
       CASE WHEN n % 5 < 2 THEN 1000 + n % 1000 ELSE 0 END, CASE WHEN n % 5 < 2 THEN 1000 + n % 1000 ELSE 0 END,
       'order-' || n, 'Two tickets to the opera', '{"seat": "12b"}', ${CREATED_AT},
       ${CREATED_AT} + interval '1 hour', CASE WHEN n % 5 < 2 THEN ${CREATED_AT} + interval '5 minutes' END
     FROM ${numbers}`,
    `INSERT INTO quote (id, invoice_id, asset, network, amount, rate, rate_source, rate_at, address, created_at,
       expires_at)
     SELECT ${idOf(series, 1)}, ${idOf(series, 0)}, 'USDT', 'ETHEREUM', 10000 * (1000 + n % 1000), 1, 'fixed',
       ${CREATED_AT}, '0x' || lpad(to_hex(n), 40, '0'), ${CREATED_AT}, ${CREATED_AT} + interval '1 hour'
     FROM ${numbers} WHERE n % 5 < 2`,
    `INSERT INTO payment (id, merchant_id, invoice_id, quote_id, mode, network, tx_id, output_index, asset, amount,
       status, block_height, block_hash, detected_at, credited_at)
     SELECT ${idOf(series, 2)}, '${MERCHANT_ID}', ${idOf(series, 0)}, ${idOf(series, 1)}, 'LIVE', 'ETHEREUM',
       '0x' || lpad(to_hex(n), 61, '0') || '${String(series).padStart(3, '0')}', 0, 'USDT',
       10000 * (1000 + n % 1000), 'CREDITED', n, '0x' || lpad(to_hex(n), 64, '0'), ${CREATED_AT},
       ${CREATED_AT} + interval '5 minutes'
     FROM ${numbers} WHERE n % 5 < 2`,
  );
}

/** Statistics, visibility and a checkpoint, so that no round pays for the seeding. */
export async function settle(url: string): Promise<void> {
  await run(url, 'VACUUM ANALYZE', 'CHECKPOINT');
}
