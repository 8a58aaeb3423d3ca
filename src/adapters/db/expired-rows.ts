import type { Pool } from 'pg';
import type { ExpiredRows } from '../../usecases/ports/expired-rows.ts';

/** Rows of a table in one statement: short enough to hold nobody up. */
const BATCH = 1000;
/** Links and codes stay for a day after their end, for whoever looks into a complaint. */
const KEPT_MS = 24 * 3_600_000;

const TABLES = [
  { table: 'attempt_count', key: 'key', keptMs: 0 },
  { table: 'user_token', key: 'id', keptMs: KEPT_MS },
  { table: 'verification_code', key: 'id', keptMs: KEPT_MS },
] as const;

export const createExpiredRows = (pool: Pool): ExpiredRows => ({
  async removeSome(at) {
    let more = false;
    for (const { table, key, keptMs } of TABLES) {
      const { rowCount } = await pool.query(
        `DELETE FROM ${table} WHERE ${key} IN (SELECT ${key} FROM ${table} WHERE expires_at < $1 LIMIT ${BATCH})`,
        [new Date(at.getTime() - keptMs)],
      );
      more ||= rowCount === BATCH;
    }
    return more;
  },
});
