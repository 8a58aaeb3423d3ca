import type { Pool, PoolClient } from 'pg';
import type { Role } from '../../domain/access/actor.ts';
import type { NewEvent } from '../../domain/event/event.ts';
import type { Join, Joined, Joiner, JoinProblem } from '../../usecases/ports/team-store.ts';
import { unmarkPerson } from './email-bounce.ts';
import { writeEvents } from './event-insert.ts';
import { LOCK_MERCHANT } from './merchant-lock.ts';
import { inTransaction } from './transaction.ts';

const MERCHANT_OF = 'SELECT merchant_id AS "merchantId" FROM invitation WHERE id = $1';

const OFFER = `
  SELECT email, email_key AS "emailKey", role, restricted, project_ids AS "projectIds" FROM invitation
  WHERE id = $1 AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at > $2`;

/** Locked: whoever makes an operator of a person takes the same lock, and so does a change of the address. */
const USER = `
  SELECT id, email, email_key AS "emailKey", email_confirmed_at IS NOT NULL AS confirmed FROM "user"
  WHERE id = $1 OR email_key = $2 FOR NO KEY UPDATE`;

const CREATE_USER = `
  INSERT INTO "user" (id, email, email_key, password_hash, email_confirmed_at, locale, created_at)
  VALUES ($1, $2, $3, $4, $6, $5, $6) ON CONFLICT (email_key) DO NOTHING RETURNING id`;

const CONFIRM_USER = `
  UPDATE "user" SET password_hash = $2, locale = $3, email_confirmed_at = $4 WHERE id = $1`;

const IS_BARRED = `
  SELECT EXISTS (SELECT FROM operator WHERE user_id = $1) AS operator,
    EXISTS (SELECT FROM member WHERE merchant_id = $2 AND user_id = $1) AS member`;

const ADD_MEMBER = `
  INSERT INTO member (id, merchant_id, user_id, role, restricted, project_ids, created_at, paying_since)
  VALUES ($1, $2, $3, $4::"Role", $5, $6, $7, $7)`;

const ACCEPT = 'UPDATE invitation SET accepted_at = $2 WHERE id = $1';

interface OfferRow {
  readonly email: string;
  readonly emailKey: string;
  readonly role: Role;
  readonly restricted: boolean;
  readonly projectIds: readonly string[];
}

interface UserRow {
  readonly id: string;
  readonly email: string;
  readonly emailKey: string;
  readonly confirmed: boolean;
}

/** `TeamStore.join`: all checks come before the first write, under the locks of merchant and person. */
export const join = (
  pool: Pool,
  request: Join,
  eventsFor: (joined: Joined) => readonly NewEvent[],
): Promise<Joined | JoinProblem> =>
  inTransaction(pool, async (client) => {
    const { invitationId, memberId, joiner, at } = request;
    const merchantId = await lockMerchantOf(client, invitationId);
    const offers = await client.query<OfferRow>(OFFER, [invitationId, at]);
    const offer = offers.rows[0];
    if (merchantId === null || !offer) return 'INVITATION_GONE';
    const person = await personFor(client, joiner, offer);
    if (typeof person === 'string') return person;
    if (person) {
      const barred = await client.query<{ operator: boolean; member: boolean }>(IS_BARRED, [
        person.id,
        merchantId,
      ]);
      if (barred.rows[0]?.operator) return 'OPERATOR';
      if (barred.rows[0]?.member) return 'MEMBER_ALREADY';
    }
    const userId = await accountOf(client, joiner, person, offer, at);
    if (userId === null) return 'ACCOUNT_EXISTS';
    await unmarkPerson(client, userId);
    const { role, restricted, projectIds } = offer;
    await client.query(ADD_MEMBER, [memberId, merchantId, userId, role, restricted, projectIds, at]);
    await client.query(ACCEPT, [invitationId, at]);
    const joined = { merchantId, userId, email: person?.email ?? offer.email, role };
    await writeEvents(client, eventsFor(joined));
    return joined;
  });

async function lockMerchantOf(client: PoolClient, invitationId: string): Promise<string | null> {
  const place = await client.query<{ merchantId: string }>(MERCHANT_OF, [invitationId]);
  const merchantId = place.rows[0]?.merchantId ?? null;
  const merchant = await client.query(LOCK_MERCHANT, [merchantId]);
  return merchant.rows.length > 0 ? merchantId : null;
}

/** The account that joins; null where there is none yet. */
async function personFor(
  client: PoolClient,
  joiner: Joiner,
  offer: OfferRow,
): Promise<UserRow | null | JoinProblem> {
  const byId = 'userId' in joiner;
  const { rows } = await client.query<UserRow>(USER, byId ? [joiner.userId, null] : [null, offer.emailKey]);
  const person = rows[0] ?? null;
  if (!byId) return person?.confirmed ? 'ACCOUNT_EXISTS' : person;
  if (!person?.confirmed) return 'NOT_CONFIRMED';
  return person.emailKey === offer.emailKey ? person : 'OTHER_ADDRESS';
}

/** The id of the person, made or confirmed if needed; null when a sign-up took the address meanwhile. */
async function accountOf(
  client: PoolClient,
  joiner: Joiner,
  person: UserRow | null,
  { email, emailKey }: OfferRow,
  at: Date,
): Promise<string | null> {
  if ('userId' in joiner) return joiner.userId;
  const { newUserId, passwordHash, locale } = joiner;
  if (person) {
    await client.query(CONFIRM_USER, [person.id, passwordHash, locale, at]);
    return person.id;
  }
  const created = await client.query(CREATE_USER, [newUserId, email, emailKey, passwordHash, locale, at]);
  return created.rows.length > 0 ? newUserId : null;
}
