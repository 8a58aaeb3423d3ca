import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createAccountStore } from '../../src/adapters/db/account-store.ts';
import { createContactStore } from '../../src/adapters/db/contact-store.ts';
import { createDeliveryStore } from '../../src/adapters/db/delivery-store.ts';
import { createPasswordStore } from '../../src/adapters/db/password-store.ts';
import { createSecrets } from '../../src/adapters/secrets/token-secrets.ts';
import { uuidSource } from '../../src/adapters/system/uuid-source.ts';
import { userEvent, type NewEvent } from '../../src/domain/event/event.ts';
import { stampEvent } from '../../src/usecases/stamp-event.ts';
import type { DeliveryStore } from '../../src/usecases/ports/delivery-store.ts';
import { createTestDatabase, type TestDatabase } from '../testkit/database.ts';
import { insertSession, insertUser } from '../testkit/people.ts';

const AT = new Date('2026-11-21T08:00:00.000Z');
const secrets = createSecrets(new Uint8Array(32));

let db: TestDatabase;
let deliveries: DeliveryStore;
beforeAll(async () => {
  db = await createTestDatabase();
  deliveries = createDeliveryStore(db.pool);
});
afterAll(() => db.drop());

const told = (userId: string): NewEvent =>
  stampEvent(userEvent('user.email_bounced', userId, {}), {
    id: uuidSource.next(),
    actor: { type: 'SYSTEM', id: null },
    at: AT,
  });

const bounce = (address: string): Promise<boolean> =>
  deliveries.addressBounced({ address, at: AT, reason: '550 5.1.1 no such user' }, told);

const marks = async (): Promise<readonly { key: string; reason: string; at: Date }[]> =>
  (
    await db.pool.query<{ key: string; reason: string; at: Date }>(
      'SELECT email_key AS key, reason, bounced_at AS at FROM email_bounce ORDER BY email_key',
    )
  ).rows;
const events = async (): Promise<readonly string[]> =>
  (
    await db.pool.query<{ id: string }>(
      `SELECT subject_id AS id FROM event WHERE type = 'user.email_bounced'`,
    )
  ).rows.map(({ id }) => id);

/** Statements that wait for a row that somebody else holds. */
const waiting = async (): Promise<number> =>
  (
    await db.pool.query(
      `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    )
  ).rows.length;

async function token(userId: string, purpose: string): Promise<Uint8Array> {
  const { hash } = secrets.issue('');
  await db.pool.query(
    `INSERT INTO user_token (id, user_id, purpose, token_hash, password_hash, created_at, expires_at)
     VALUES ($1, $2, $3::"TokenPurpose", $4, 'hash', $5, $5::timestamptz + interval '1 hour')`,
    [uuidSource.next(), userId, purpose, hash, AT],
  );
  return hash;
}

describe('an address that bounces', () => {
  test('is marked and told once, however many mails come back at a time', async () => {
    const userId = await insertUser(db.pool, 'ada@shop.example');
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => bounce('Ada@Shop.example')));
    expect(outcomes.filter(Boolean)).toHaveLength(1);
    expect(await marks()).toEqual([{ key: 'ada@shop.example', reason: '550 5.1.1 no such user', at: AT }]);
    expect(await events()).toEqual([userId]);
  });

  test('that is nobody’s is not marked, nor one that was just given up', async () => {
    expect(await bounce('nobody@shop.example')).toBe(false);
    const userId = await insertUser(db.pool, 'bea@shop.example');
    const client = await db.pool.connect();
    await client.query('BEGIN');
    await client.query(`UPDATE "user" SET email = 'b@b.example', email_key = 'b@b.example' WHERE id = $1`, [
      userId,
    ]);
    const marking = bounce('bea@shop.example');
    await vi.waitUntil(async () => (await waiting()) === 1);
    await client.query('COMMIT');
    client.release();
    expect(await marking).toBe(false);
    expect((await marks()).map(({ key }) => key)).toEqual(['ada@shop.example']);
    expect(await events()).not.toContain(userId);
  });
});

describe('the mark goes', () => {
  let userId: string;
  beforeAll(async () => {
    userId = await insertUser(db.pool, 'cleo@shop.example');
  });
  const isMarked = async (key: string): Promise<boolean> => (await marks()).some((mark) => mark.key === key);

  test('when the address is confirmed', async () => {
    await db.pool.query('UPDATE "user" SET email_confirmed_at = NULL WHERE id = $1', [userId]);
    expect(await bounce('cleo@shop.example')).toBe(true);
    const hash = await token(userId, 'EMAIL_CONFIRMATION');
    expect(await createAccountStore(db.pool).confirmEmail(hash, AT, told)).toBe(userId);
    expect(await isMarked('cleo@shop.example')).toBe(false);
  });

  test('when a new password is set by the link in a mail', async () => {
    expect(await bounce('cleo@shop.example')).toBe(true);
    const tokenHash = await token(userId, 'PASSWORD_RESET');
    const store = createPasswordStore(db.pool, uuidSource);
    expect(await store.resetPassword({ tokenHash, passwordHash: 'hash', at: AT }, () => [])).toBe(true);
    expect(await isMarked('cleo@shop.example')).toBe(false);
  });

  test('when a person proves to have it by a change', async () => {
    await db.pool.query(
      `INSERT INTO email_bounce VALUES ('new@shop.example', now(), 'of who had it before')`,
    );
    const { sessionId } = await insertSession(db.pool, userId);
    const [email, emailKey] = ['New@shop.example', 'new@shop.example'];
    const change = { userId, sessionId, email, emailKey, at: AT };
    expect(await createContactStore(db.pool, uuidSource).changeEmail(change, () => [])).toBe('changed');
    expect(await isMarked(emailKey)).toBe(false);
    expect(await isMarked('ada@shop.example')).toBe(true);
  });
});
