import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAttemptLimits } from '../../src/adapters/db/attempt-limits.ts';
import { ATTEMPT_LIMITS } from '../../src/domain/access/attempt-limits.ts';
import type { AttemptLimits } from '../../src/usecases/ports/attempt-limits.ts';
import { createTestDatabase, type TestDatabase } from '../testkit/database.ts';
import { dump } from '../testkit/facts.ts';

const START = new Date('2026-01-01T00:00:00Z');
const after = (seconds: number) => new Date(START.getTime() + seconds * 1000);
const SECOND_FACTOR = ATTEMPT_LIMITS.second_factor[0];

let database: TestDatabase;
let limits: AttemptLimits;
beforeAll(async () => {
  database = await createTestDatabase();
  limits = createAttemptLimits(database.pool);
});
afterAll(() => database.drop());

const take = (account: string, at = START) => limits.take('second_factor', { account }, at);

describe('attempts', () => {
  test('are counted exactly, also at once and from two pools of one database', async () => {
    const tries = await Promise.all(Array.from({ length: 40 }, () => take('parallel')));
    expect(tries.filter((wait) => wait === null)).toHaveLength(SECOND_FACTOR.max);
    expect(new Set(tries.filter((wait) => wait !== null))).toEqual(new Set([SECOND_FACTOR.windowSeconds]));
  });

  test('may be made again when the window is over, which later attempts do not move', async () => {
    for (let n = 0; n < SECOND_FACTOR.max; n += 1) expect(await take('window')).toBeNull();
    expect(await take('window', after(SECOND_FACTOR.windowSeconds - 1))).toBe(1);
    expect(await take('window', after(SECOND_FACTOR.windowSeconds))).toBeNull();
  });

  test('a right one forgives the account, not the address', async () => {
    const subject = { account: 'forgiven', address: '192.0.2.1' };
    const { max } = ATTEMPT_LIMITS.second_factor[1];
    for (let n = 0; n < max; n += 1) await limits.take('second_factor', { address: '192.0.2.1' }, START);
    expect(await limits.take('second_factor', subject, START)).not.toBeNull();
    await limits.forgive('second_factor', subject);
    expect(await take('forgiven')).toBeNull();
    expect(await limits.take('second_factor', subject, START)).not.toBeNull();
  });

  test('that a stranger uses up at one address leave the account open from others', async () => {
    const from = (address: string) =>
      limits.take('sign_in', { account: 'owner@shop.example', address }, START);
    for (let n = 0; n < ATTEMPT_LIMITS.sign_in[0].max; n += 1) expect(await from('192.0.2.66')).toBeNull();
    expect(await from('192.0.2.66')).not.toBeNull();
    expect(await from('192.0.2.7')).toBeNull();
  });
  test.each(['sign_in', 'second_factor', 'verification_code', 'password', 'pin', 'token'] as const)(
    'at a secret of the kind %s are limited for an address as well, whoever it tries to be',
    async (kind) => {
      const { max } = ATTEMPT_LIMITS[kind].find(({ by }) => by === 'address') ?? { max: 0 };
      const from = (account: string) => limits.take(kind, { account, address: '192.0.2.99' }, START);
      for (let n = 0; n < max; n += 1) expect(await from(`person ${n}`)).toBeNull();
      expect(await from('one more')).not.toBeNull();
    },
  );

  test.each([
    ['2001:db8:1:2::1', '2001:db8:1:2:ffff:ffff:ffff:ffff', true],
    ['2001:db8:1:2::1', '2001:db8:1:3::1', false],
    ['::1', '0:0:0:0:0:0:0:2', true],
    ['::ffff:198.51.100.7', '198.51.100.7', true],
    ['198.51.100.7', '198.51.100.8', false],
  ])('%s and %s count together: %s', async (one, other, together) => {
    const { max } = ATTEMPT_LIMITS.token[0];
    const at = after(crypto.getRandomValues(new Uint32Array(1))[0] ?? 0);
    for (let n = 0; n < max; n += 1) await limits.take('token', { address: one }, at);
    expect((await limits.take('token', { address: other }, at)) !== null).toBe(together);
    await database.pool.query('DELETE FROM attempt_count');
  });

  test('leave no address of anybody behind', async () => {
    await limits.take('sign_in', { account: 'ada@shop.example', address: '203.0.113.9' }, START);
    const text = JSON.stringify(await dump(database.pool));
    expect(text).not.toContain('ada@shop.example');
    expect(text).not.toContain('203.0.113.9');
  });
});
