import type { Pool } from 'pg';
import { expect } from 'vitest';

/** What must hold of the ledger after any fault (DESIGN §4). */
export async function expectLedgerInBalance(pool: Pool): Promise<void> {
  const unequal = await pool.query(
    'SELECT transaction_id, asset, sum(amount) FROM posting GROUP BY transaction_id, asset HAVING sum(amount) <> 0',
  );
  expect(unequal.rows).toEqual([]);
  const total = await pool.query('SELECT asset FROM posting GROUP BY asset HAVING sum(amount) <> 0');
  expect(total.rows).toEqual([]);
  const adrift = await pool.query(
    `SELECT a.id, a.kind, a.balance FROM ledger_account a LEFT JOIN posting p ON p.account_id = a.id
     GROUP BY a.id HAVING a.balance <> coalesce(sum(p.amount), 0)`,
  );
  expect(adrift.rows).toEqual([]);
}

/** The payments of an invoice, with what was credited for it, by the database's own id. */
export async function paymentsOf(pool: Pool, orderId: string): Promise<readonly string[]> {
  const { rows } = await pool.query<{ status: string }>(
    'SELECT p.status FROM payment p JOIN invoice i ON i.id = p.invoice_id WHERE i.order_id = $1',
    [orderId],
  );
  return rows.map(({ status }) => status);
}

/** Ids of the invoice's events in their order. */
export async function committedEvents(
  pool: Pool,
  orderId: string,
): Promise<readonly { id: string; type: string }[]> {
  const { rows } = await pool.query<{ id: string; type: string }>(
    `SELECT e.id, e.type FROM event e JOIN invoice i ON i.id = e.subject_id
     WHERE i.order_id = $1 ORDER BY e.txid, e.seq`,
    [orderId],
  );
  return rows;
}

/** Whether everything that was to be sent has been sent, or given up, and no job waits or runs. */
export async function isSettled(pool: Pool): Promise<boolean> {
  const { rows } = await pool.query<{ open: number }>(
    `SELECT (SELECT count(*) FROM delivery WHERE status = 'PENDING')::int
          + (SELECT count(*) FROM graphile_worker._private_jobs)::int AS open`,
  );
  return rows[0]?.open === 0;
}
