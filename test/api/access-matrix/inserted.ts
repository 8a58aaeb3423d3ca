import type { Pool } from 'pg';
import { uuidSource } from '../../../src/adapters/system/uuid-source.ts';
import { globalIdOf } from '../../testkit/facts.ts';

/** Runs an INSERT whose first parameter is a new id; gives the global id. */
export async function inserted(
  pool: Pool,
  type: string,
  sql: string,
  values: readonly unknown[],
): Promise<string> {
  const id = uuidSource.next();
  await pool.query(sql, [id, ...values]);
  return globalIdOf(type, id);
}
