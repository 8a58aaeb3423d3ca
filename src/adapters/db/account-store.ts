import type { Pool } from 'pg';
import type { AccountStore, NewAccount, NewConfirmation } from '../../usecases/ports/account-store.ts';
import { unmarkPerson } from './email-bounce.ts';
import { eventRows, insertEvents } from './event-insert.ts';
import { inTransaction } from './transaction.ts';

const CREATE_ACCOUNT = `
  WITH person AS (
    INSERT INTO "user" (id, email, email_key, password_hash, locale, created_at)
    VALUES ($1, $2, $3, $4, $5, $11)
    ON CONFLICT (email_key) DO NOTHING
    RETURNING id
  ), shop AS (
    INSERT INTO merchant (id, name, type, created_at)
    SELECT $6::uuid, $7, 'PERSONAL', $11::timestamptz FROM person
    RETURNING id
  ), owner AS (
    INSERT INTO member (id, merchant_id, user_id, role, created_at)
    SELECT $8::uuid, shop.id, person.id, 'OWNER', $11::timestamptz FROM person, shop
  ), link AS (
    INSERT INTO user_token (id, user_id, purpose, token_hash, password_hash, created_at, expires_at)
    SELECT $9::uuid, person.id, 'EMAIL_CONFIRMATION', $10, $4, $11::timestamptz, $12::timestamptz FROM person
  ), told AS (
    ${insertEvents('$13', 'EXISTS (SELECT FROM person)')}
  )
  SELECT id FROM person`;

const ADD_CONFIRMATION = `
  WITH link AS (
    INSERT INTO user_token (id, user_id, purpose, token_hash, password_hash, created_at, expires_at)
    VALUES ($1, $2, 'EMAIL_CONFIRMATION', $3, $4, $5, $6)
  )
  ${insertEvents('$7')}`;

const CONFIRMATION = `
  SELECT t.id AS "tokenId", t.password_hash AS "passwordHash" FROM user_token t JOIN "user" u ON u.id = t.user_id
  WHERE t.token_hash = $1 AND t.purpose = 'EMAIL_CONFIRMATION' AND t.used_at IS NULL AND t.expires_at > $2
    AND u.email_confirmed_at IS NULL`;

const USE_CONFIRMATION = `
  UPDATE user_token SET used_at = $2
  WHERE token_hash = $1 AND purpose = 'EMAIL_CONFIRMATION' AND used_at IS NULL AND expires_at > $2
  RETURNING user_id, password_hash`;

const CONFIRM_USER = `
  UPDATE "user" SET email_confirmed_at = $2, password_hash = coalesce($3, password_hash)
  WHERE id = $1 AND email_confirmed_at IS NULL RETURNING id`;

export function createAccountStore(pool: Pool): AccountStore {
  return {
    async createAccount(account, event) {
      const { rows } = await pool.query({
        text: CREATE_ACCOUNT,
        values: accountValues(account, eventRows([event])),
      });
      return rows.length > 0 ? 'created' : 'email_taken';
    },

    async addConfirmation(userId, token, at, event) {
      const values = [token.id, userId, ...confirmationValues(token, at), eventRows([event])];
      await pool.query({ text: ADD_CONFIRMATION, values });
    },

    async credentialsOf(emailKey) {
      const { rows } = await pool.query<{
        id: string;
        email: string;
        password_hash: string;
        email_confirmed_at: Date | null;
      }>({
        name: 'user_credentials',
        text: 'SELECT id, email, password_hash, email_confirmed_at FROM "user" WHERE email_key = $1',
        values: [emailKey],
      });
      const row = rows[0];
      if (!row) return null;
      const { id: userId, email, password_hash: passwordHash } = row;
      return { userId, email, passwordHash, emailConfirmed: row.email_confirmed_at !== null };
    },

    async appendEvent(event) {
      await pool.query({ text: insertEvents('$1'), values: [eventRows([event])] });
    },

    async confirmationOf(tokenHash, at) {
      const { rows } = await pool.query<{ tokenId: string; passwordHash: string | null }>({
        text: CONFIRMATION,
        values: [tokenHash, at],
      });
      return rows[0] ?? null;
    },

    confirmEmail: (tokenHash, at, eventFor) =>
      inTransaction(pool, async (client) => {
        const used = await client.query<{ user_id: string; password_hash: string | null }>({
          text: USE_CONFIRMATION,
          values: [tokenHash, at],
        });
        const token = used.rows[0];
        if (!token) return null;
        const confirmed = await client.query({
          text: CONFIRM_USER,
          values: [token.user_id, at, token.password_hash],
        });
        // Another link of the same person was used before: this one must not bring back its password.
        if (confirmed.rowCount === 0) return null;
        await unmarkPerson(client, token.user_id);
        await client.query({ text: insertEvents('$1'), values: [eventRows([eventFor(token.user_id)])] });
        return token.user_id;
      }),
  };
}

const confirmationValues = (token: NewConfirmation, at: Date): unknown[] => [
  token.hash,
  token.passwordHash,
  at,
  token.expiresAt,
];

const accountValues = ({ user, merchant, memberId, token, at }: NewAccount, events: string): unknown[] => [
  user.id,
  user.email,
  user.emailKey,
  user.passwordHash,
  user.locale,
  merchant.id,
  merchant.name,
  memberId,
  token.id,
  token.hash,
  at,
  token.expiresAt,
  events,
];
