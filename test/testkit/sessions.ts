import { createHash } from 'node:crypto';
import type { Pool } from 'pg';

export interface SessionRow {
  readonly id: string;
  readonly user_id: string;
  readonly active_at: Date;
  readonly pin_failures: number;
  readonly ended_at: Date | null;
}

/** The session of a token, as the table has it. */
export async function sessionRow(pool: Pool, token: string): Promise<SessionRow> {
  const { rows } = await pool.query<SessionRow>('SELECT * FROM session WHERE token_hash = $1', [
    createHash('sha256').update(token).digest(),
  ]);
  if (!rows[0]) throw new Error('there is no session with this token');
  return rows[0];
}

/** Stands for a password or code given just now: what asks for one is open for ten minutes. */
export async function stepUp(pool: Pool, token: string, at: Date): Promise<void> {
  const { id } = await sessionRow(pool, token);
  await pool.query('UPDATE session SET stepped_up_at = $2 WHERE id = $1', [id, at]);
}

/** Takes away the proof of presence of everybody's sessions. */
export const forgetPresence = async (pool: Pool): Promise<void> =>
  void (await pool.query('UPDATE session SET stepped_up_at = NULL'));

/** What the log tells of a session: type, and the reason where there is one. */
export async function sessionEvents(pool: Pool, sessionId: string): Promise<string[]> {
  const { rows } = await pool.query<{ told: string }>(
    `SELECT concat_ws(' ', type, data->>'reason') AS told FROM event
     WHERE data->>'sessionId' = $1 ORDER BY txid, seq`,
    [sessionId],
  );
  return rows.map(({ told }) => told);
}
