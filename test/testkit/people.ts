import type { Pool } from 'pg';
import { createArgon2Hasher } from '../../src/adapters/secrets/argon2-hasher.ts';
import { createSecrets } from '../../src/adapters/secrets/token-secrets.ts';
import { uuidSource } from '../../src/adapters/system/uuid-source.ts';

/** The password of every person made here. */
export const PERSON_PASSWORD = 'correct horse battery staple';

/** Random secrets need no key. */
const secrets = createSecrets(new Uint8Array(32));
let passwordHash: Promise<string> | undefined;

const INSERT_USER = `
  INSERT INTO "user" (id, email, email_key, password_hash, email_confirmed_at, created_at)
  VALUES ($1, $2, lower($2), $3, $4, $4)`;

/** A person with a confirmed address and no merchant, straight into the table; gives the id. */
export async function insertUser(pool: Pool, email: string, at = new Date()): Promise<string> {
  passwordHash ??= createArgon2Hasher().then((hasher) => hasher.hash(PERSON_PASSWORD));
  const id = uuidSource.next();
  await pool.query(INSERT_USER, [id, email, await passwordHash, at]);
  return id;
}

export interface SessionFacts {
  /** When the second factor was given; null (the default) for a session without. */
  readonly secondFactorAt?: Date | null;
  /** When the person proved to be there; null (the default) for never. */
  readonly steppedUpAt?: Date | null;
  readonly at?: Date;
}

const INSERT_SESSION = `
  INSERT INTO session (id, user_id, token_hash, ip, user_agent, device, second_factor_at, stepped_up_at,
    created_at, active_at)
  VALUES ($1, $2, $3, '192.0.2.1', 'test', 'Test', $4, $5, $6, $6)`;

/** A session of a person, straight into the table, without the event of a sign-in; gives its token and id. */
export async function insertSession(
  pool: Pool,
  userId: string,
  { secondFactorAt = null, steppedUpAt = null, at = new Date() }: SessionFacts = {},
): Promise<{ token: string; sessionId: string }> {
  const { secret: token, hash } = secrets.issue('pbss_');
  const sessionId = uuidSource.next();
  await pool.query(INSERT_SESSION, [sessionId, userId, hash, secondFactorAt, steppedUpAt, at]);
  return { token, sessionId };
}
