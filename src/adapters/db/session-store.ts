import type { Pool } from 'pg';
import { SESSION_TOUCH_MS } from '../../domain/account/session-state.ts';
import type { IdSource } from '../../usecases/ports/id-source.ts';
import type { LiveSession, SessionStore, SignIn } from '../../usecases/ports/session-store.ts';
import { eventRows, insertEvents, writeEvents } from './event-insert.ts';
import { startHold } from './hold-insert.ts';
import { endSessions } from './session-ending.ts';
import { inTransaction } from './transaction.ts';

const CREATE_SESSION = `
  WITH opened AS (
    INSERT INTO session (id, user_id, token_hash, ip, user_agent, device, second_factor_at, created_at, active_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)
  )
  ${insertEvents('$9')}`;

const LIVE_SESSION = `
  SELECT s.id AS "sessionId", s.user_id AS "userId", s.created_at AS "createdAt", s.active_at AS "activeAt",
    u.pin_hash IS NOT NULL AS "hasPin", s.second_factor_at AS "secondFactorAt", s.stepped_up_at AS "steppedUpAt",
    (SELECT coalesce(json_agg(json_build_object('merchantId', m.merchant_id, 'role', m.role,
        'projectIds', CASE WHEN m.restricted THEN m.project_ids END) ORDER BY m.id), '[]')
      FROM member m JOIN merchant ON merchant.id = m.merchant_id
      WHERE m.user_id = s.user_id AND m.disabled_at IS NULL AND merchant.closed_at IS NULL) AS memberships,
    (SELECT o.role FROM operator o WHERE o.user_id = s.user_id AND o.disabled_at IS NULL) AS "operatorRole"
  FROM session s JOIN "user" u ON u.id = s.user_id WHERE s.ended_at IS NULL AND `;

const END_SESSION = `
  WITH ended AS (
    UPDATE session SET ended_at = $2 WHERE id = $1 AND user_id = $4 AND ended_at IS NULL RETURNING id
  ), told AS (
    ${insertEvents('$3', 'EXISTS (SELECT FROM ended)')}
  )
  SELECT id FROM ended`;

const SIGN_IN = `
  SELECT s.id AS "sessionId", s.created_at AS "createdAt", s.active_at AS "activeAt", s.ip, s.device,
    u.pin_hash IS NOT NULL AS "hasPin", s.ended_at AS "endedAt", s.disowned_at AS "disownedAt"
  FROM session s JOIN "user" u ON u.id = s.user_id WHERE s.user_id = $1`;

const SIGN_INS = `${SIGN_IN} AND ($2::uuid IS NULL OR s.id = $2) ORDER BY s.created_at DESC, s.id DESC LIMIT $3`;

/** The person first, as every writer does that locks both. */
const LOCK_PERSON = 'SELECT FROM "user" WHERE id = $1 FOR UPDATE';

const DISOWN = 'UPDATE session SET disowned_at = $2, ended_at = coalesce(ended_at, $2) WHERE id = $1';

export function createSessionStore(pool: Pool, ids: IdSource): SessionStore {
  const liveSession = async (name: string, where: string, value: unknown): Promise<LiveSession | null> => {
    const { rows } = await pool.query<LiveSession>({ name, text: LIVE_SESSION + where, values: [value] });
    return rows[0] ?? null;
  };

  return {
    async createSession(session, event) {
      const { id, userId, tokenHash, ip, userAgent, device, secondFactorAt, at } = session;
      const values = [id, userId, tokenHash, ip, userAgent, device, secondFactorAt, at, eventRows([event])];
      await pool.query({ text: CREATE_SESSION, values });
    },

    sessionOf: (tokenHash) => liveSession('session_by_token', 's.token_hash = $1', tokenHash),
    sessionById: (sessionId) => liveSession('session_by_id', 's.id = $1', sessionId),

    async touchSession(sessionId, at) {
      const before = new Date(at.getTime() - SESSION_TOUCH_MS);
      await pool.query({
        name: 'session_touch',
        text: 'UPDATE session SET active_at = $2 WHERE id = $1 AND ended_at IS NULL AND active_at <= $3',
        values: [sessionId, at, before],
      });
    },

    async endSession({ sessionId, userId }, at, event) {
      const values = [sessionId, at, eventRows([event]), userId];
      const { rows } = await pool.query({ text: END_SESSION, values });
      return rows.length > 0;
    },

    endOtherSessions: ({ sessionId, userId }, at, eventFor) =>
      inTransaction(pool, async (client) => {
        const ended = await endSessions(client, { userId, except: sessionId, at });
        await writeEvents(client, ended.map(eventFor));
        return ended.length;
      }),

    async signIns(userId, { limit, sessionId = null }) {
      const values = [userId, sessionId, limit];
      return (await pool.query<SignIn>({ name: 'sign_ins', text: SIGN_INS, values })).rows;
    },

    disownSession: ({ sessionId, userId, at }, eventsFor) =>
      inTransaction(pool, async (client) => {
        await client.query(LOCK_PERSON, [userId]);
        const found = await client.query<SignIn>(`${SIGN_IN} AND s.id = $2 FOR UPDATE OF s`, [
          userId,
          sessionId,
        ]);
        const signIn = found.rows[0];
        if (!signIn) return 'unknown';
        if (signIn.disownedAt !== null) return 'disowned_before';
        await client.query(DISOWN, [sessionId, at]);
        await startHold(client, ids, { userId, merchantId: null, reason: 'SESSION_DISOWNED', at });
        await writeEvents(client, eventsFor(signIn));
        return 'disowned';
      }),
  };
}
