import { DatabaseError, type Pool } from 'pg';
import type { IdSource } from '../../usecases/ports/id-source.ts';
import type { ContactStore } from '../../usecases/ports/contact-store.ts';
import { unmarkPerson } from './email-bounce.ts';
import { writeEvents } from './event-insert.ts';
import { startHold } from './hold-insert.ts';
import { lockPerson } from './person-lock.ts';
import { voidCodes, voidLinks } from './sent-secrets.ts';
import { endSessions } from './session-ending.ts';
import { inTransaction } from './transaction.ts';

const UNIQUE_VIOLATION = '23505';

const CONTACT = 'SELECT email, phone FROM "user" WHERE id = $1';

const CHANGE_EMAIL = 'UPDATE "user" SET email = $2, email_key = $3, email_confirmed_at = $4 WHERE id = $1';
const CHANGE_PHONE = 'UPDATE "user" SET phone = $2 WHERE id = $1';

export function createContactStore(pool: Pool, ids: IdSource): ContactStore {
  return {
    async contactOf(userId) {
      const { rows } = await pool.query<{ email: string; phone: string | null }>(CONTACT, [userId]);
      return rows[0] ?? null;
    },

    changeEmail({ userId, sessionId, email, emailKey, at }, eventsFor) {
      const change = inTransaction(pool, async (client) => {
        const oldEmail = await lockPerson(client, { userId, sessionId });
        if (oldEmail === null) return 'session_over';
        await client.query(CHANGE_EMAIL, [userId, email, emailKey, at]);
        await unmarkPerson(client, userId);
        await voidLinks(client, userId, at);
        await voidCodes(client, userId, at);
        await startHold(client, ids, { userId, merchantId: null, reason: 'EMAIL_CHANGED', at });
        const endedSessions = await endSessions(client, { userId, except: sessionId, at });
        await writeEvents(client, eventsFor({ oldEmail, endedSessions }));
        return 'changed';
      });
      return change.catch((error: unknown) => {
        if (isTaken(error)) return 'taken';
        throw error;
      });
    },

    changePhone: ({ userId, sessionId, phone, at }, events) =>
      inTransaction(pool, async (client) => {
        if ((await lockPerson(client, { userId, sessionId })) === null) return 'session_over';
        await client.query(CHANGE_PHONE, [userId, phone]);
        await voidCodes(client, userId, at);
        await startHold(client, ids, { userId, merchantId: null, reason: 'PHONE_CHANGED', at });
        await writeEvents(client, events);
        return 'changed';
      }),
  };
}

const isTaken = (error: unknown): boolean =>
  error instanceof DatabaseError &&
  error.code === UNIQUE_VIOLATION &&
  error.constraint === 'user_email_key_key';
