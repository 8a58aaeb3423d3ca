import type { Pool } from 'pg';
import type { SealedRow, SealedSecrets, SealPurpose } from '../../usecases/ports/sealed-secrets.ts';

interface SealedTable {
  readonly table: string;
  readonly key: string;
  /** Of the key. */
  readonly type: 'uuid' | 'text';
  readonly column: string;
}

const TABLES: Readonly<Record<SealPurpose, SealedTable>> = {
  totp: { table: 'totp', key: 'user_id', type: 'uuid', column: 'sealed_secret' },
  WEBHOOK_SECRET: { table: 'webhook_secret', key: 'id', type: 'uuid', column: 'sealed_secret' },
  'wallet-seed': { table: 'wallet_seed', key: 'network', type: 'text', column: 'sealed_seed' },
};

export const createSealedSecrets = (pool: Pool): SealedSecrets => ({
  async after(purpose, rowId, limit) {
    const { table, key, type, column } = TABLES[purpose];
    const { rows } = await pool.query<SealedRow>(
      `SELECT ${key} AS "rowId", ${column} AS "sealedSecret" FROM ${table}
       WHERE $1::${type} IS NULL OR ${key} > $1 ORDER BY ${key} LIMIT $2`,
      [rowId, limit],
    );
    return rows;
  },

  async replace(purpose, { rowId, sealedSecret: before }, after) {
    const { table, key, column } = TABLES[purpose];
    const { rowCount } = await pool.query(
      `UPDATE ${table} SET ${column} = $3 WHERE ${key} = $1 AND ${column} = $2`,
      [rowId, before, after],
    );
    return rowCount === 1;
  },
});
