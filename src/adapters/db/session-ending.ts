import type { PoolClient } from 'pg';
import { SESSION_MAX_MS } from '../../domain/account/session-state.ts';

const END_SESSIONS = `
  UPDATE session SET ended_at = $2
  WHERE user_id = $1 AND ended_at IS NULL AND ($3::uuid IS NULL OR id <> $3)
  RETURNING id, created_at AS "createdAt"`;

/**
 * Ends a person's sessions within a transaction, all or all but one, and gives the ids of those not over by their age
 * before: write a `session.ended` event for each, so that their sockets close.
 */
export async function endSessions(
  client: PoolClient,
  { userId, except, at }: { userId: string; except: string | null; at: Date },
): Promise<string[]> {
  const { rows } = await client.query<{ id: string; createdAt: Date }>({
    text: END_SESSIONS,
    values: [userId, at, except],
  });
  const oldest = at.getTime() - SESSION_MAX_MS;
  return rows.flatMap(({ id, createdAt }) => (createdAt.getTime() > oldest ? [id] : []));
}
