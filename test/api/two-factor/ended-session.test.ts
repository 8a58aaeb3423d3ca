import { expect, test } from 'vitest';
import * as operations from '../../../src/generated/documents.ts';
import { totpAt } from '../../testkit/authenticator.ts';
import { createMovableClock } from '../../testkit/movable-clock.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { beginEnrollment, openPerson, openPersonWithAuthenticator, type Person } from './two-factor-kit.ts';

const clock = createMovableClock();
const kit = usePlatform({ overrides: { clock } });

/**
 * Sends the request of a session that somebody else ends at the same moment, as a new password does: the request has
 * been let in, and waits for the person's row.
 */
async function whileSessionEnds({ userId }: Person, send: () => Promise<unknown>): Promise<unknown> {
  const client = await kit.database.pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('SELECT FROM "user" WHERE id = $1 FOR UPDATE', [userId]);
    let answered = false;
    const answer = send().finally(() => (answered = true));
    await expect
      .poll(
        async () => {
          const { rows } = await kit.database.pool.query<{ waiting: number }>(
            `SELECT count(*)::int AS waiting FROM pg_stat_activity
           WHERE datname = current_database() AND wait_event_type = 'Lock'`,
          );
          return answered || (rows[0]?.waiting ?? 0) > 0;
        },
        { timeout: 10_000 },
      )
      .toBe(true);
    await client.query('UPDATE session SET ended_at = $2 WHERE user_id = $1', [userId, clock.now()]);
    await client.query('COMMIT');
    return await answer;
  } finally {
    client.release(true);
  }
}
const factors = async ({ userId }: Person) =>
  (
    await kit.database.pool.query<Record<string, unknown>>(
      `SELECT enabled_at, (SELECT array_agg(code_hash) FROM recovery_code r WHERE r.user_id = t.user_id) AS codes
       FROM totp t WHERE user_id = $1`,
      [userId],
    )
  ).rows;
const WRONG_STATE = { code: 'WRONG_STATE' };

test('a session that has just ended switches no authenticator on', async () => {
  const person = await openPerson(kit, 'ada@shop.example');
  const totpCode = totpAt(await beginEnrollment(kit, person), clock.now());
  const answer = await whileSessionEnds(person, async () => {
    const input = { totpCode };
    return (await person.client.send(operations.TwoFactorEnableDocument, { input })).twoFactorEnable;
  });
  expect(answer).toMatchObject(WRONG_STATE);
  expect(await factors(person)).toEqual([{ enabled_at: null, codes: null }]);
});

test('a session that has just ended gets no new recovery codes', async () => {
  const person = await openPersonWithAuthenticator(kit, clock, 'ben@shop.example');
  const before = await factors(person);
  const answer = await whileSessionEnds(
    person,
    async () => (await person.client.send(operations.RecoveryCodesRenewDocument, {})).recoveryCodesRenew,
  );
  expect(answer).toMatchObject(WRONG_STATE);
  expect(await factors(person)).toEqual(before);
});

test('a session that has just ended takes no authenticator off', async () => {
  const person = await openPersonWithAuthenticator(kit, clock, 'cleo@shop.example');
  const before = await factors(person);
  const input = { totpCode: person.nextCode() };
  const answer = await whileSessionEnds(
    person,
    async () => (await person.client.send(operations.TwoFactorDisableDocument, { input })).twoFactorDisable,
  );
  expect(answer).toMatchObject(WRONG_STATE);
  expect(await factors(person)).toEqual(before);
});
