import pg from 'pg';
import type { Pool } from 'pg';
import { vi } from 'vitest';

export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** What this process asks of a table while `work` runs. */
export async function asked(table: string, work: () => Promise<unknown>): Promise<Statement[]> {
  const spy = vi.spyOn(pg.Client.prototype, 'query');
  try {
    await work();
    return spy.mock.calls
      .map(([statement]) => statement as Partial<Statement>)
      .flatMap(({ text, values = [] }) => (text?.includes(table) ? [{ text, values }] : []));
  } finally {
    spy.mockRestore();
  }
}

/** The plan with what it read; what it wrote is taken back. */
export async function planOf(pool: Pool, { text, values }: Statement): Promise<string> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(`EXPLAIN (ANALYZE, BUFFERS) ${text}`, [
      ...values,
    ]);
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
}

/** Pages of 8 KB that a statement touched. */
export const pagesOf = (plan: string): number =>
  [...(/Buffers: (.*)/.exec(plan)?.[1] ?? '').matchAll(/(?:hit|read)=(\d+)/g)].reduce(
    (sum, [, n]) => sum + Number(n),
    0,
  );
