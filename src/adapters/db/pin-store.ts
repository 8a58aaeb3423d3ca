import type { Pool, PoolClient } from 'pg';
import { MAX_PIN_FAILURES } from '../../domain/account/pin.ts';
import { SESSION_IDLE_MS, SESSION_LOCK_MS, SESSION_MAX_MS } from '../../domain/account/session-state.ts';
import type { PinStore } from '../../usecases/ports/pin-store.ts';
import { eventRows, insertEvents, writeEvents } from './event-insert.ts';
import { inTransaction } from './transaction.ts';

/** Without a PIN idle sessions are over, but not ended: with the first one they would be locked, and so live again. */
const SET_PIN = `
  WITH person AS MATERIALIZED (SELECT id, pin_hash FROM "user" WHERE id = $1 FOR UPDATE),
  changed AS (UPDATE "user" SET pin_hash = $2 FROM person WHERE "user".id = person.id),
  over AS (
    UPDATE session SET ended_at = $4 FROM person
    WHERE user_id = person.id AND person.pin_hash IS NULL AND ended_at IS NULL AND active_at <= $5
  )
  ${insertEvents('$3')}`;

const REMOVE_PIN = `UPDATE "user" SET pin_hash = NULL WHERE id = $1 AND pin_hash IS NOT NULL`;

const END_LOCKED = `
  UPDATE session SET ended_at = $2
  WHERE user_id = $1 AND ended_at IS NULL AND id <> $3 AND active_at <= $4 AND created_at > $5
  RETURNING id`;

const TAKE_ATTEMPT = `
  UPDATE session SET pin_failures = pin_failures + 1 FROM "user" u
  WHERE session.id = $1 AND session.ended_at IS NULL AND session.pin_failures < ${MAX_PIN_FAILURES}
    AND u.id = session.user_id AND u.pin_hash IS NOT NULL
  RETURNING u.pin_hash AS "pinHash"`;

const UNLOCK = `
  WITH opened AS (
    UPDATE session SET pin_failures = 0, active_at = greatest(active_at, $2)
    WHERE id = $1 AND ended_at IS NULL RETURNING id
  ), told AS (
    ${insertEvents('$3', 'EXISTS (SELECT FROM opened)')}
  )
  SELECT id FROM opened`;

/** Not when a right PIN gave the attempts back meanwhile. */
const END_WITHOUT_ATTEMPTS = `
  UPDATE session SET ended_at = $2
  WHERE id = $1 AND ended_at IS NULL AND pin_failures >= ${MAX_PIN_FAILURES}`;

export function createPinStore(pool: Pool): PinStore {
  const endWithoutAttempts = async (client: PoolClient, sessionId: string, at: Date): Promise<boolean> =>
    (await client.query(END_WITHOUT_ATTEMPTS, [sessionId, at])).rowCount === 1;

  return {
    async setPin({ userId, pinHash, at }, event) {
      const idleSince = new Date(at.getTime() - SESSION_IDLE_MS);
      await pool.query(SET_PIN, [userId, pinHash, eventRows([event]), at, idleSince]);
    },

    removePin: ({ userId, sessionId, at }, event, endedEventFor) =>
      inTransaction(pool, async (client) => {
        const removed = await client.query(REMOVE_PIN, [userId]);
        if (removed.rowCount === 0) return null;
        const ago = (ms: number) => new Date(at.getTime() - ms);
        const locked = [userId, at, sessionId, ago(SESSION_LOCK_MS), ago(SESSION_MAX_MS)];
        const { rows } = await client.query<{ id: string }>(END_LOCKED, locked);
        await writeEvents(client, [event, ...rows.map(({ id }) => endedEventFor(id))]);
        return 'removed';
      }),

    async takePinAttempt(sessionId) {
      const { rows } = await pool.query<{ pinHash: string }>(TAKE_ATTEMPT, [sessionId]);
      return rows[0] ?? null;
    },

    async unlockSession({ sessionId, at }, event) {
      const { rows } = await pool.query(UNLOCK, [sessionId, at, eventRows([event])]);
      return rows.length > 0;
    },

    refusePin: ({ sessionId, at }, refused, ended) =>
      inTransaction(pool, async (client) => {
        const isOver = await endWithoutAttempts(client, sessionId, at);
        await writeEvents(client, isOver ? [refused, ended] : [refused]);
        return isOver ? 'ended' : 'locked';
      }),

    endWithoutAttempts: ({ sessionId, at }, ended) =>
      inTransaction(pool, async (client) => {
        if (await endWithoutAttempts(client, sessionId, at)) await writeEvents(client, [ended]);
      }),
  };
}
