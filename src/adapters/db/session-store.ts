import type { Pool } from 'pg';
import type { Membership } from '../../domain/access/actor.ts';
import type { LiveSession, SessionStore } from '../../usecases/ports/session-store.ts';
import { eventRows, insertEvents } from './event-insert.ts';

const CREATE_SESSION = `
  WITH opened AS (
    INSERT INTO session (id, user_id, token_hash, ip, user_agent, created_at, active_at)
    VALUES ($1, $2, $3, $4, $5, $6, $6)
  )
  ${insertEvents('$7')}`;

const LIVE_SESSION = `
  SELECT s.id, s.user_id, s.active_at,
    (SELECT coalesce(json_agg(json_build_object('merchantId', m.merchant_id, 'role', m.role) ORDER BY m.id), '[]')
      FROM member m WHERE m.user_id = s.user_id) AS memberships
  FROM session s WHERE s.ended_at IS NULL AND `;

const END_SESSION = `
  WITH ended AS (
    UPDATE session SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL RETURNING id
  ), told AS (
    ${insertEvents('$3', 'EXISTS (SELECT FROM ended)')}
  )
  SELECT id FROM ended`;

interface SessionRow {
  id: string;
  user_id: string;
  active_at: Date;
  memberships: Membership[];
}

export function createSessionStore(pool: Pool): SessionStore {
  const liveSession = async (name: string, where: string, value: unknown): Promise<LiveSession | null> => {
    const { rows } = await pool.query<SessionRow>({ name, text: LIVE_SESSION + where, values: [value] });
    const row = rows[0];
    return row
      ? { sessionId: row.id, userId: row.user_id, activeAt: row.active_at, memberships: row.memberships }
      : null;
  };

  return {
    async createSession(session, event) {
      const { id, userId, tokenHash, ip, userAgent, at } = session;
      await pool.query({
        text: CREATE_SESSION,
        values: [id, userId, tokenHash, ip, userAgent, at, eventRows([event])],
      });
    },

    sessionOf: (tokenHash) => liveSession('session_by_token', 's.token_hash = $1', tokenHash),
    sessionById: (sessionId) => liveSession('session_by_id', 's.id = $1', sessionId),

    async touchSession(sessionId, at) {
      await pool.query({
        name: 'session_touch',
        text: 'UPDATE session SET active_at = greatest(active_at, $2) WHERE id = $1 AND ended_at IS NULL',
        values: [sessionId, at],
      });
    },

    async endSession(sessionId, at, event) {
      const { rows } = await pool.query({ text: END_SESSION, values: [sessionId, at, eventRows([event])] });
      return rows.length > 0;
    },
  };
}
