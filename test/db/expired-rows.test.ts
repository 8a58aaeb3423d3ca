import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAttemptLimits } from '../../src/adapters/db/attempt-limits.ts';
import { createExpiredRows } from '../../src/adapters/db/expired-rows.ts';
import { createTestDatabase, type TestDatabase } from '../testkit/database.ts';
import { rowCounts } from '../testkit/facts.ts';

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
