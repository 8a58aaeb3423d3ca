import type { Pool } from 'pg';
import type { SignInStore } from '../../usecases/ports/sign-in-store.ts';
import { eventRows, insertEvents } from './event-insert.ts';

const CREDENTIALS = `
  SELECT u.id, u.email, u.password_hash, u.email_confirmed_at, t.sealed_secret
  FROM "user" u LEFT JOIN totp t ON t.user_id = u.id AND t.enabled_at IS NOT NULL
  WHERE u.email_key = $1`;

/** Sessions that ended count: somebody was let in there. */
const ADDRESSES = `
  SELECT DISTINCT s.ip FROM "user" u JOIN session s ON s.user_id = u.id
  WHERE u.email_key = $1 AND s.created_at > $2`;

interface CredentialsRow {
  readonly id: string;
  readonly email: string;
  readonly password_hash: string;
  readonly email_confirmed_at: Date | null;
  readonly sealed_secret: Uint8Array | null;
}

/**
 * The person's row is locked against changes: a statement that replaces the password comes before, and then this opens
 * nothing, or after, and then it ends this session with the others.
 */
const OPEN_SESSION = `
  WITH verified AS MATERIALIZED (
    SELECT id FROM "user" WHERE id = $2 AND password_hash = $9 AND email_confirmed_at IS NOT NULL FOR SHARE
  ), opened AS (
    INSERT INTO session (id, user_id, token_hash, ip, user_agent, device, second_factor_at, created_at, active_at)
    SELECT $1, id, $3, $4, $5, $6, $7::timestamptz, $8, $8 FROM verified
    WHERE $7 IS NOT NULL OR NOT EXISTS (SELECT FROM totp WHERE user_id = $2 AND enabled_at IS NOT NULL)
    RETURNING id
  ), told AS (
    ${insertEvents('$10', 'EXISTS (SELECT FROM opened)')}
  )
  SELECT id FROM opened`;

const STEP_UP = `
  WITH stepped AS (
    UPDATE session SET token_hash = $2, stepped_up_at = $3,
      second_factor_at = CASE WHEN $4 THEN $3 ELSE second_factor_at END
    WHERE id = $1 AND ended_at IS NULL RETURNING id
  ), told AS (
    ${insertEvents('$5', 'EXISTS (SELECT FROM stepped)')}
  )
  SELECT id FROM stepped`;

export function createSignInStore(pool: Pool): SignInStore {
  return {
    async credentialsOf(emailKey) {
      const { rows } = await pool.query<CredentialsRow>({
        name: 'sign_in_credentials',
        text: CREDENTIALS,
        values: [emailKey],
      });
      const [row] = rows;
      return row
        ? {
            userId: row.id,
            email: row.email,
            passwordHash: row.password_hash,
            emailConfirmed: row.email_confirmed_at !== null,
            sealedTotp: row.sealed_secret,
          }
        : null;
    },

    async addressesOf(emailKey, since) {
      const { rows } = await pool.query<{ ip: string }>({
        name: 'sign_in_addresses',
        text: ADDRESSES,
        values: [emailKey, since],
      });
      return rows.map(({ ip }) => ip);
    },

    async openSession(session, passwordHash, event) {
      const { id, userId, tokenHash, ip, userAgent, device, secondFactorAt, at } = session;
      const { rows } = await pool.query({
        text: OPEN_SESSION,
        values: [
          id,
          userId,
          tokenHash,
          ip,
          userAgent,
          device,
          secondFactorAt,
          at,
          passwordHash,
          eventRows([event]),
        ],
      });
      return rows.length > 0;
    },

    async stepUp({ sessionId, tokenHash, withSecondFactor, at }, event) {
      const { rows } = await pool.query({
        text: STEP_UP,
        values: [sessionId, tokenHash, at, withSecondFactor, eventRows([event])],
      });
      return rows.length > 0;
    },
  };
}
