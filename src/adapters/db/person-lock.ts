import type { PoolClient } from 'pg';

const LOCK = 'SELECT email FROM "user" WHERE id = $1 FOR UPDATE';
/** After the lock, as a statement of its own: it sees what the one before us in the line has committed. */
const SESSION_IS_LIVE = 'SELECT id FROM session WHERE id = $1 AND user_id = $2 AND ended_at IS NULL';

/**
 * Locks a person's row within a transaction, for a change that a session of the person asks for, and gives the e-mail
 * address. Null when the session is over: a new password, say, may have ended it since the request was let in.
 */
export async function lockPerson(
  client: PoolClient,
  { userId, sessionId }: { readonly userId: string; readonly sessionId: string },
): Promise<string | null> {
  const { rows } = await client.query<{ email: string }>(LOCK, [userId]);
  const live = await client.query(SESSION_IS_LIVE, [sessionId, userId]);
  return live.rowCount === 0 ? null : (rows[0]?.email ?? null);
}
