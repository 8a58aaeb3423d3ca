import type { Pool } from 'pg';
import { createSecrets } from '../../src/adapters/secrets/token-secrets.ts';
import { DEVELOPMENT_SECRET_KEY } from '../../src/config/secrets.ts';
import type { EventType } from '../../src/domain/event/catalogue.ts';
import type { Event } from '../../src/domain/event/event.ts';
import { messageSecrets } from '../../src/usecases/notification/message-secrets.ts';

const secrets = createSecrets(Buffer.from(DEVELOPMENT_SECRET_KEY, 'base64'));

/** What the messages of this person's events of a type carry, oldest first: links and codes. */
async function sent(pool: Pool, type: EventType, email: string): Promise<Readonly<Record<string, string>>[]> {
  const { rows } = await pool.query<Pick<Event, 'type' | 'data'>>(
    `SELECT e.type, e.data FROM event e JOIN "user" u ON u.id = e.subject_id
     WHERE e.type = $1 AND u.email = $2 ORDER BY e.txid, e.seq`,
    [type, email],
  );
  return rows.map((row) => messageSecrets({ secrets, publicUrl: '' }, row as Event));
}

/** The tokens in the links that were sent to a person, oldest first. */
export const sentTokens = async (pool: Pool, type: EventType, email: string): Promise<string[]> =>
  (await sent(pool, type, email)).map(
    ({ link }) => new URL(link ?? '', 'http://host').searchParams.get('token') ?? '',
  );

/** The codes that were sent at the wish of the person with this address, oldest first. */
export const sentCodes = async (pool: Pool, type: EventType, email: string): Promise<string[]> =>
  (await sent(pool, type, email)).map(({ code }) => code ?? '');

/** The last of several; throws when there is none. */
export function newest(values: readonly string[]): string {
  const value = values.at(-1);
  if (value === undefined) throw new Error('nothing was sent');
  return value;
}
