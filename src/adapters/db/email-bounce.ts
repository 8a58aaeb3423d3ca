import type { Pool, PoolClient } from 'pg';
import { emailKeyOf } from '../../domain/account/email-address.ts';
import type { NewEvent } from '../../domain/event/event.ts';
import { eventRows, insertEvents } from './event-insert.ts';

const OWNER = 'SELECT id FROM "user" WHERE email_key = $1';

/** Locked: an address that is given up at the same moment is nobody's when the mark is set. */
const MARK = `
  WITH person AS (
    SELECT id FROM "user" WHERE id = $4 AND email_key = $1 FOR SHARE
  ), marked AS (
    INSERT INTO email_bounce (email_key, bounced_at, reason) SELECT $1, $2, $3 FROM person
    ON CONFLICT (email_key) DO NOTHING RETURNING email_key
  )
  ${insertEvents('$5', 'EXISTS (SELECT FROM marked)')}`;

/** `DeliveryStore.addressBounced`. */
export async function markBounced(
  pool: Pool,
  { address, at, reason }: { readonly address: string; readonly at: Date; readonly reason: string },
  eventFor: (userId: string) => NewEvent,
): Promise<boolean> {
  const emailKey = emailKeyOf(address);
  const owners = await pool.query<{ id: string }>({ name: 'email_owner', text: OWNER, values: [emailKey] });
  const userId = owners.rows[0]?.id;
  if (userId === undefined) return false;
  const values = [emailKey, at, reason, userId, eventRows([eventFor(userId)])];
  const { rowCount } = await pool.query({ name: 'email_bounced', text: MARK, values });
  return rowCount === 1;
}

/** A branch that takes the mark off the addresses of e-mails that arrived. Rows of `delivered` are deliveries. */
export const unmarkDelivered = (delivered: string): string => `
  DELETE FROM email_bounce USING ${delivered} AS d, "user" AS u
  WHERE d.channel = 'EMAIL' AND u.id = d.user_id AND u.email = d.target AND email_bounce.email_key = u.email_key`;

/** Within a transaction: a person has just shown that mail arrives. */
export async function unmarkPerson(client: PoolClient, userId: string): Promise<void> {
  await client.query(
    'DELETE FROM email_bounce USING "user" AS u WHERE u.id = $1 AND email_bounce.email_key = u.email_key',
    [userId],
  );
}
