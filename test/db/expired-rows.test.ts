import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAttemptLimits } from '../../src/adapters/db/attempt-limits.ts';
import { createExpiredRows } from '../../src/adapters/db/expired-rows.ts';
import { createTestDatabase, type TestDatabase } from '../testkit/database.ts';
import { rowCounts } from '../testkit/facts.ts';
import { insertUser } from '../testkit/people.ts';

const START = new Date('2026-01-01T00:00:00Z');
const later = (hours: number) => new Date(START.getTime() + hours * 3_600_000);

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const left = () => rowCounts(database.pool, ['attempt_count', 'user_token']);

test('only what has expired goes, in batches', async () => {
  const limits = createAttemptLimits(database.pool);
  await limits.take('message', { account: 'ada@shop.example' }, START);
  await database.pool.query(
    `INSERT INTO user_token (id, purpose, token_hash, created_at, expires_at)
     SELECT gen_random_uuid(), 'PASSWORD_RESET', sha256(n::text::bytea), $1, $1 FROM generate_series(1, 1500) n`,
    [START],
  );
  const rows = createExpiredRows(database.pool);
  expect(await rows.removeSome(later(0.5))).toBe(false);
  expect(await left()).toEqual({ attempt_count: 1, user_token: 1500 });
  expect(await rows.removeSome(later(2))).toBe(false);
  expect(await left()).toEqual({ attempt_count: 0, user_token: 1500 });
  expect(await rows.removeSome(later(25))).toBe(true);
  expect(await left()).toEqual({ attempt_count: 0, user_token: 500 });
  expect(await rows.removeSome(later(25))).toBe(false);
  expect(await left()).toEqual({ attempt_count: 0, user_token: 0 });
});

test('messages go 90 days after they were settled, attempts after 30 and signing secrets at their end', async () => {
  const { pool } = database;
  await pool.query('ALTER TABLE webhook_secret DROP CONSTRAINT webhook_secret_endpoint_id_fkey');
  const add = (status: 'PENDING' | 'SENT' | 'FAILED') =>
    pool.query(
      `WITH d AS (
         INSERT INTO delivery (id, event_id, channel, target, status, created_at)
         VALUES (gen_random_uuid(), gen_random_uuid(), 'EMAIL', 'ada@shop.example', $1::"DeliveryStatus", $2) RETURNING id
       )
       INSERT INTO delivery_attempt (id, delivery_id, at, duration_ms, outcome, request_headers)
       SELECT gen_random_uuid(), id, $2, 5, $1::"DeliveryStatus", '{}' FROM d`,
      [status, START],
    );
  await add('PENDING');
  await add('SENT');
  await add('FAILED');
  await pool.query(
    `INSERT INTO webhook_secret (id, endpoint_id, sealed_secret, created_at, expires_at)
     SELECT gen_random_uuid(), gen_random_uuid(), '', $1, ends FROM unnest($2::timestamptz[]) AS ends`,
    [START, [null, later(1)]],
  );
  const rows = createExpiredRows(pool);
  const kept = () => rowCounts(pool, ['delivery', 'delivery_attempt', 'webhook_secret']);
  await rows.removeSome(later(1));
  expect(await kept()).toEqual({ delivery: 3, delivery_attempt: 3, webhook_secret: 2 });
  await rows.removeSome(later(30 * 24 + 1));
  expect(await kept()).toEqual({ delivery: 3, delivery_attempt: 0, webhook_secret: 1 });
  await rows.removeSome(later(90 * 24));
  expect(await kept()).toEqual({ delivery: 3, delivery_attempt: 0, webhook_secret: 1 });
  await rows.removeSome(later(90 * 24 + 1));
  expect(await kept()).toEqual({ delivery: 1, delivery_attempt: 0, webhook_secret: 1 });
});

test('old notifications, ended windows of digests and updates that cannot come again go, each in its time', async () => {
  const { pool } = database;
  const userId = await insertUser(pool, 'ada@shop.example', START);
  const told = (days: number) => later(-24 * days);
  for (const at of [told(401), told(399)])
    await pool.query(
      `INSERT INTO notification (id, event_id, user_id, event_type, category, severity, data, created_at)
       VALUES (gen_random_uuid(), gen_random_uuid(), $1, 'session.created', 'SECURITY', 'INFO', '{}', $2)`,
      [userId, at],
    );
  await pool.query(
    `INSERT INTO digest_window (channel, target, key, ends_at) VALUES ('EMAIL', 'a', 'k', $1), ('EMAIL', 'b', 'k', $2)`,
    [later(-1), later(1)],
  );
  await pool.query(
    `INSERT INTO telegram_update (bot, update_id, received_at) VALUES ('INFO', 1, $1), ('MERCHANT', 1, $2)`,
    [told(3.1), told(2.9)],
  );
  expect(await createExpiredRows(pool).removeSome(START)).toBe(false);
  expect(await rowCounts(pool, ['notification', 'digest_window', 'telegram_update'])).toEqual({
    notification: 1,
    digest_window: 1,
    telegram_update: 1,
  });
  const { rows } = await pool.query('SELECT target, bot FROM digest_window, telegram_update');
  expect(rows).toEqual([{ target: 'b', bot: 'MERCHANT' }]);
});

test('a link to a bot that nobody opened goes a day after it expired, one that connects a chat stays', async () => {
  const { pool } = database;
  const userId = await insertUser(pool, 'eve@shop.example', START);
  await pool.query(
    `INSERT INTO telegram_link (id, bot, user_id, token_hash, token_expires_at, created_at, chat_id)
     SELECT gen_random_uuid(), 'INFO', $1, sha256(coalesce(chat::text, '')::bytea), $2, $2, chat
     FROM unnest(ARRAY[NULL, 900]::bigint[]) AS chat`,
    [userId, START],
  );
  const rows = createExpiredRows(pool);
  await rows.removeSome(later(23.9));
  expect(await rowCounts(pool, ['telegram_link'])).toEqual({ telegram_link: 2 });
  await rows.removeSome(later(24.1));
  expect((await pool.query('SELECT chat_id FROM telegram_link')).rows).toEqual([{ chat_id: '900' }]);
});
