import type { Pool } from 'pg';
import type { SealedRow, SealedSecrets, SealPurpose } from '../../usecases/ports/sealed-secrets.ts';

/** Each keeps it in `sealed_secret`. */
const TABLES: Readonly<Record<SealPurpose, { readonly table: string; readonly key: string }>> = {
  totp: { table: 'totp', key: 'user_id' },
  WEBHOOK_SECRET: { table: 'webhook_secret', key: 'id' },
};

export const createSealedSecrets = (pool: Pool): SealedSecrets => ({
  async after(purpose, rowId, limit) {
    const { table, key } = TABLES[purpose];
    const { rows } = await pool.query<SealedRow>(
      `SELECT ${key} AS "rowId", sealed_secret AS "sealedSecret" FROM ${table}
       WHERE $1::uuid IS NULL OR ${key} > $1 ORDER BY ${key} LIMIT $2`,
      [rowId, limit],
    );
    return rows;
  },

  async replace(purpose, { rowId, sealedSecret: before }, after) {
    const { table, key } = TABLES[purpose];
    const { rowCount } = await pool.query(
      `UPDATE ${table} SET sealed_secret = $3 WHERE ${key} = $1 AND sealed_secret = $2`,
      [rowId, before, after],
    );
    return rowCount === 1;
  },
});
