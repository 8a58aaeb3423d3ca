import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDepositAddresses } from '../../src/adapters/db/deposit-addresses.ts';
import { removeFormerAddresses } from '../../src/adapters/db/former-addresses.ts';
import { uuidSource as ids } from '../../src/adapters/system/uuid-source.ts';
import { createTestDatabase, type TestDatabase } from '../testkit/database.ts';

let db: TestDatabase;
beforeAll(async () => (db = await createTestDatabase()));
afterAll(() => db.drop());

test('ten that find no free address derive one batch between them', async () => {
  const addresses = createDepositAddresses(
    db.pool,
    { networks: ['ETHEREUM'], derive: (_network, index) => `address-${index}` },
    ids,
  );
  const given = await Promise.all(
    Array.from({ length: 10 }, () => addresses.assign('ETHEREUM', ids.next(), new Date())),
  );
  expect(new Set(given).size).toBe(10);
  const { rows } = await db.pool.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM deposit_address',
  );
  expect(rows[0]?.count).toBe(64);
});

test('what was derived from a former key is not given out any more', async () => {
  const deriverOf = (key: string) => ({
    networks: ['POLYGON'],
    derive: (_network: string, index: number) => `${key}-${index}`,
  });
  const assign = (key: string) =>
    createDepositAddresses(db.pool, deriverOf(key), ids).assign('POLYGON', ids.next(), new Date());
  expect(await assign('former')).toBe('former-0');
  await removeFormerAddresses(db.pool, deriverOf('former'));
  expect(await assign('former')).toBe('former-1');
  await removeFormerAddresses(db.pool, deriverOf('today'));
  expect(await assign('today')).toBe('today-2');
});
