import type { Pool } from 'pg';
import { vi } from 'vitest';

/** The uuid inside a global id, as the tables have it. */
export const rowIdOf = (globalId: string): string =>
  Buffer.from(globalId, 'base64url').toString('utf8').split(':')[1] ?? '';

export const globalIdOf = (typename: string, rowId: string): string =>
  Buffer.from(`${typename}:${rowId}`).toString('base64url');

/** What happened to a thing, in the order that readers follow. */
export async function eventTypes(pool: Pool, subject: string): Promise<string[]> {
  const { rows } = await pool.query<{ type: string }>(
    'SELECT type FROM event WHERE subject_id = $1 ORDER BY txid, seq',
    [rowIdOf(subject)],
  );
  return rows.map((row) => row.type);
}

/** Waits for the worker to end an invoice whose time is over; business time has to be moved before. */
export const expired = (pool: Pool, invoiceId: string): Promise<boolean> =>
  vi.waitUntil(async () => (await eventTypes(pool, invoiceId)).includes('invoice.canceled'), {
    timeout: 10_000,
  });

/** How many rows each table has; to show that a refused request wrote none. */
export async function rowCounts(pool: Pool, tables: readonly string[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const table of tables) {
    const { rows } = await pool.query<{ n: number }>(`SELECT count(*)::int AS n FROM "${table}"`);
    counts[table] = rows[0]?.n ?? 0;
  }
  return counts;
}

/** Every row of every table of the database as text, by table. */
export async function dump(pool: Pool): Promise<Record<string, string>> {
  const { rows: tables } = await pool.query<{ name: string }>(`
    SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
    WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`);
  const texts: Record<string, string> = {};
  for (const { name } of tables) {
    const { rows } = await pool.query<{ text: string }>(`SELECT t::text AS text FROM ${name} t`);
    texts[name] = rows.map((row) => row.text).join('\n');
  }
  return texts;
}

const ROUTED = `
  SELECT NOT EXISTS (SELECT FROM event e LEFT JOIN event_cursor c ON c.reader = 'relay'
      WHERE c.reader IS NULL OR (e.txid, e.seq) > (c.txid, c.seq))`;
const TOLD = `${ROUTED}
    AND NOT EXISTS (SELECT FROM delivery
      WHERE status = 'PENDING' AND (digest_key IS NULL OR next_attempt_at <= created_at))`;

const holds = (pool: Pool, sql: string): Promise<boolean> =>
  vi.waitUntil(
    async () => (await pool.query<{ holds: boolean }>(`${sql} AS holds`)).rows[0]?.holds === true,
    { timeout: 20_000 },
  );

/** Waits until every event so far has been routed, whatever became of its deliveries. */
export const everythingRouted = (pool: Pool): Promise<boolean> => holds(pool, ROUTED);

/**
 * Waits until every event so far has been routed and every delivery is done, but for those that are collected into one
 * message: what has no mail now gets none before that.
 */
export const everythingTold = (pool: Pool): Promise<boolean> => holds(pool, TOLD);
