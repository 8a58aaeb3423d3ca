import type { Pool } from 'pg';

/** What the database says of a shop. */
export const shopFacts = (pool: Pool, merchantId: string) => ({
  async invoiceStatus(id: string): Promise<string | undefined> {
    const { rows } = await pool.query<{ status: string }>('SELECT status FROM invoice WHERE id = $1', [id]);
    return rows[0]?.status;
  },

  /** `status@height×sighting` of every payment of the invoice. */
  async payments(invoiceId: string): Promise<string[]> {
    const { rows } = await pool.query<{ payment: string }>(
      `SELECT status || '@' || coalesce(block_height::text, 'pool') || '×' || sighting AS payment FROM payment
       WHERE invoice_id = $1 ORDER BY id`,
      [invoiceId],
    );
    return rows.map((row) => row.payment);
  },

  async paymentIds(invoiceId: string): Promise<string[]> {
    const { rows } = await pool.query<{ id: string }>(
      'SELECT id FROM payment WHERE invoice_id = $1 ORDER BY id',
      [invoiceId],
    );
    return rows.map((row) => row.id);
  },

  /** The status of every payment of the invoice. */
  async standing(invoiceId: string): Promise<string[]> {
    const { rows } = await pool.query<{ status: string }>(
      'SELECT status::text FROM payment WHERE invoice_id = $1 ORDER BY id',
      [invoiceId],
    );
    return rows.map((row) => row.status);
  },

  /** The merchant's balances of USDT, and what all accounts together sum to (always zero). */
  async balances(): Promise<Record<string, string>> {
    const { rows } = await pool.query<{ kind: string; balance: string }>(
      `SELECT kind::text, balance FROM ledger_account WHERE merchant_id = $1 AND asset = 'USDT'
       UNION ALL SELECT 'sum', sum(balance) FROM ledger_account`,
      [merchantId],
    );
    return Object.fromEntries(rows.map((row) => [row.kind, row.balance]));
  },

  /** What nothing could take, `+` where it stands. */
  async unmatched(): Promise<string[]> {
    const { rows } = await pool.query<{ row: string }>(
      `SELECT reason || ' ' || tx_id || '@' || block_height || CASE WHEN orphaned_at IS NULL THEN ' +' ELSE '' END AS row
       FROM unmatched_transfer ORDER BY id`,
    );
    return rows.map(({ row }) => row);
  },
});
