import type { Pool, PoolClient } from 'pg';
import type { OperatorRole } from '../../domain/access/rights.ts';
import type {
  NewOperator,
  OperatorCreation,
  OperatorRecord,
  OperatorRefusal,
  OperatorStore,
} from '../../usecases/ports/operator-store.ts';
import { writeEvents } from './event-insert.ts';
import { endSessions } from './session-ending.ts';
import { inTransaction } from './transaction.ts';

/** A handful of rows that hardly ever change: whoever writes them waits for the others; readers do not. */
const ONE_AT_A_TIME = 'LOCK TABLE operator IN SHARE ROW EXCLUSIVE MODE';

const LOCK_PERSON = 'SELECT FROM "user" WHERE email_key = $1 FOR NO KEY UPDATE';

/** Asked under the lock, by a statement of its own: one that waited for the lock would not see who just joined. */
const PERSON = `
  SELECT u.id, EXISTS (SELECT FROM member m WHERE m.user_id = u.id) AS "isMember",
    EXISTS (SELECT FROM operator o WHERE o.user_id = u.id AND o.disabled_at IS NULL) AS "isOperator"
  FROM "user" u WHERE u.email_key = $1`;

/** The address counts as confirmed: the only way in is the link that is sent there. */
const INSERT_PERSON = `
  INSERT INTO "user" (id, email, email_key, password_hash, email_confirmed_at, created_at)
  VALUES ($1, $2, $3, $4, $5, $5)
  ON CONFLICT (email_key) DO NOTHING RETURNING id`;

const INSERT_LINK = `
  INSERT INTO user_token (id, user_id, purpose, token_hash, created_at, expires_at)
  VALUES ($1, $2, 'PASSWORD_RESET', $3, $4, $5)`;

const INSERT_OPERATOR = `
  INSERT INTO operator (user_id, role, created_at) VALUES ($1, $2::"OperatorRole", $3)
  ON CONFLICT (user_id) DO UPDATE SET role = EXCLUDED.role, disabled_at = NULL`;

const OPERATOR = `
  SELECT o.user_id AS "userId", u.email, o.role, o.disabled_at IS NOT NULL AS disabled,
    NOT EXISTS (SELECT FROM operator a WHERE a.role = 'ADMIN' AND a.disabled_at IS NULL AND a.user_id <> o.user_id)
      AS "isLastAdmin"
  FROM operator o JOIN "user" u ON u.id = o.user_id WHERE o.user_id = $1`;

export function createOperatorStore(pool: Pool): OperatorStore {
  return {
    createOperator: (operator, eventsFor) =>
      inTransaction(pool, async (client) => {
        await client.query(ONE_AT_A_TIME);
        const person = await personFor(client, operator);
        if (person.isMember) return { outcome: 'is_member' };
        if (person.isOperator) return { outcome: 'is_operator' };
        const { id: userId, isNewPerson } = person;
        await client.query({ text: INSERT_OPERATOR, values: [userId, operator.role, operator.at] });
        await writeEvents(client, eventsFor(userId, isNewPerson));
        return { outcome: 'created', userId, isNewPerson } satisfies OperatorCreation;
      }),

    changeRole: (userId, role, eventFor) =>
      inTransaction(pool, async (client) => {
        const operator = await operatorBefore(client, userId, role);
        if (typeof operator === 'string') return operator;
        if (operator.role === role) return 'unchanged';
        await client.query({
          text: 'UPDATE operator SET role = $2::"OperatorRole" WHERE user_id = $1',
          values: [userId, role],
        });
        await writeEvents(client, [eventFor(operator)]);
        return 'changed';
      }),

    disableOperator: (userId, at, eventsFor) =>
      inTransaction(pool, async (client) => {
        const operator = await operatorBefore(client, userId, null);
        if (typeof operator === 'string') return operator;
        await client.query({
          text: 'UPDATE operator SET disabled_at = $2 WHERE user_id = $1',
          values: [userId, at],
        });
        const ended = await endSessions(client, { userId, except: null, at });
        await writeEvents(client, eventsFor(operator, ended));
        return 'disabled';
      }),
  };
}

interface PersonRow {
  readonly id: string;
  readonly isMember: boolean;
  readonly isOperator: boolean;
}

/** The person with the address, locked; made with a link for the password when there is none. */
async function personFor(
  client: PoolClient,
  { email, emailKey, account: { userId, passwordHash, token }, at }: NewOperator,
): Promise<PersonRow & { isNewPerson: boolean }> {
  const made = await client.query({
    text: INSERT_PERSON,
    values: [userId, email, emailKey, passwordHash, at],
  });
  if (made.rowCount === 1) {
    await client.query({ text: INSERT_LINK, values: [token.id, userId, token.hash, at, token.expiresAt] });
    return { id: userId, isMember: false, isOperator: false, isNewPerson: true };
  }
  await client.query({ text: LOCK_PERSON, values: [emailKey] });
  const { rows } = await client.query<PersonRow>({ text: PERSON, values: [emailKey] });
  const [person] = rows;
  if (!person) throw new Error('a person who was just there is gone');
  return { ...person, isNewPerson: false };
}

/** The enabled operator as it is before a change to the role (null: to none); else why it may not be changed. */
async function operatorBefore(
  client: PoolClient,
  userId: string,
  role: OperatorRole | null,
): Promise<OperatorRecord | OperatorRefusal> {
  await client.query(ONE_AT_A_TIME);
  const { rows } = await client.query<OperatorRecord & { disabled: boolean; isLastAdmin: boolean }>({
    text: OPERATOR,
    values: [userId],
  });
  const [operator] = rows;
  if (!operator) return 'unknown';
  if (operator.disabled) return 'is_disabled';
  return operator.role === 'ADMIN' && role !== 'ADMIN' && operator.isLastAdmin ? 'last_admin' : operator;
}
