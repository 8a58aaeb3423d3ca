import type { Pool, PoolClient } from 'pg';
import type { HoldReason } from '../../domain/access/withdrawal-hold.ts';
import type { IdSource } from '../../usecases/ports/id-source.ts';
import type { PasswordOwner, PasswordStore } from '../../usecases/ports/password-store.ts';
import { unmarkPerson } from './email-bounce.ts';
import { eventRows, insertEvents, writeEvents } from './event-insert.ts';
import { startHold } from './hold-insert.ts';
import { voidCodes, voidLinks } from './sent-secrets.ts';
import { endSessions } from './session-ending.ts';
import { inTransaction } from './transaction.ts';

const OWNER = `
  SELECT u.id AS "userId", u.email, u.password_hash AS "passwordHash",
    array(SELECT m.name FROM merchant m JOIN member ON member.merchant_id = m.id
      WHERE member.user_id = u.id ORDER BY m.id LIMIT 100) AS "merchantNames"
  FROM "user" u`;

const OPEN_RESET = `token_hash = $1 AND purpose = 'PASSWORD_RESET' AND used_at IS NULL AND expires_at > $2`;

const CREATE_RESET = `
  WITH link AS (
    INSERT INTO user_token (id, user_id, purpose, token_hash, created_at, expires_at)
    VALUES ($1, $2, 'PASSWORD_RESET', $3, $4, $5)
  )
  ${insertEvents('$6')}`;

/** Two links of one person wait for each other here, before either is used. */
const LOCK_OWNER = `
  SELECT u.id, u.email_confirmed_at IS NOT NULL AS confirmed FROM "user" u
  WHERE u.id = (SELECT user_id FROM user_token WHERE ${OPEN_RESET}) FOR UPDATE`;

const USE_RESET = `UPDATE user_token SET used_at = $2 WHERE ${OPEN_RESET} RETURNING id`;

const RESET = `
  UPDATE "user" SET password_hash = $2, email_confirmed_at = coalesce(email_confirmed_at, $3) WHERE id = $1`;

const LOCK_PASSWORD = 'SELECT id FROM "user" WHERE id = $1 AND password_hash = $2 FOR UPDATE';

const REPLACE = 'UPDATE "user" SET password_hash = $3 WHERE id = $1 AND password_hash = $2';

export function createPasswordStore(pool: Pool, ids: IdSource): PasswordStore {
  const owner = async (where: string, values: unknown[]): Promise<PasswordOwner | null> =>
    (await pool.query<PasswordOwner>({ text: `${OWNER} ${where}`, values })).rows[0] ?? null;

  return {
    ownerOf: (userId) => owner('WHERE u.id = $1', [userId]),

    ownerOfReset: (tokenHash, at) =>
      owner(`WHERE u.id = (SELECT user_id FROM user_token WHERE ${OPEN_RESET})`, [tokenHash, at]),

    async createReset({ id, userId, hash, at, expiresAt }, events) {
      const values = [id, userId, hash, at, expiresAt, eventRows(events)];
      await pool.query({ text: CREATE_RESET, values });
    },

    resetPassword: ({ tokenHash, passwordHash, at }, eventsFor) =>
      inTransaction(pool, async (client) => {
        const locked = await client.query<{ id: string; confirmed: boolean }>(LOCK_OWNER, [tokenHash, at]);
        const person = locked.rows[0];
        if (!person || (await client.query(USE_RESET, [tokenHash, at])).rowCount === 0) return false;
        const { id: userId } = person;
        await client.query(RESET, [userId, passwordHash, at]);
        await unmarkPerson(client, userId);
        const change = { userId, except: null, reason: 'PASSWORD_RESET', at } as const;
        const endedSessions = await afterNewPassword(client, ids, change);
        await writeEvents(client, eventsFor({ userId, emailConfirmed: !person.confirmed, endedSessions }));
        return true;
      }),

    changePassword: ({ userId, sessionId, expectedHash, passwordHash, at }, eventsFor) =>
      inTransaction(pool, async (client) => {
        const locked = await client.query(LOCK_PASSWORD, [userId, expectedHash]);
        if (locked.rowCount === 0) return null;
        await client.query(REPLACE, [userId, expectedHash, passwordHash]);
        const change = { userId, except: sessionId, reason: 'PASSWORD_CHANGED', at } as const;
        const endedSessions = await afterNewPassword(client, ids, change);
        await writeEvents(client, eventsFor(endedSessions));
        return endedSessions;
      }),

    async replaceHash(userId, expectedHash, passwordHash) {
      await pool.query(REPLACE, [userId, expectedHash, passwordHash]);
    },
  };
}

/** What a new password asks for besides itself; gives the sessions that ended. */
async function afterNewPassword(
  client: PoolClient,
  ids: IdSource,
  { userId, except, reason, at }: { userId: string; except: string | null; reason: HoldReason; at: Date },
): Promise<string[]> {
  await voidLinks(client, userId, at);
  await voidCodes(client, userId, at);
  await startHold(client, ids, { userId, merchantId: null, reason, at });
  return endSessions(client, { userId, except, at });
}
