import { beforeAll, describe, expect, test } from 'vitest';
import { hash } from '@node-rs/argon2';
import * as operations from '../../../src/generated/documents.ts';
import { createArgon2Hasher } from '../../../src/adapters/secrets/argon2-hasher.ts';
import { createPasswordStore } from '../../../src/adapters/db/password-store.ts';
import { uuidSource } from '../../../src/adapters/system/uuid-source.ts';
import { passwordRehash } from '../../../src/usecases/account/password-rehash.ts';
import { rowCounts } from '../../testkit/facts.ts';
import { createMovableClock } from '../../testkit/movable-clock.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { errorCodes } from '../../testkit/raw-graphql.ts';
import { newest } from '../../testkit/sent-secrets.ts';
import { onlyWinner, PASSWORD, people, times } from './people.ts';

const NEW = 'a horse of another colour';
const WRITTEN = ['user', 'session', 'withdrawal_hold', 'event'] as const;

const clock = createMovableClock();
const kit = usePlatform({ env: { TRUSTED_PROXIES: '127.0.0.1' }, overrides: { clock } });
const shop = people(kit);
const counts = () => rowCounts(kit.database.pool, WRITTEN);

const change = async (session: string, currentPassword: string, newPassword: string) =>
  (
    await shop
      .as(session)
      .send(operations.PasswordChangeDocument, { input: { currentPassword, newPassword } })
  ).passwordChange;
const WRONG = { code: 'INVALID_CREDENTIALS', path: ['input', 'currentPassword'] };

async function passwordHashOf(email: string): Promise<string> {
  const { rows } = await kit.database.pool.query<{ h: string }>(
    'SELECT password_hash AS h FROM "user" WHERE email = $1',
    [email],
  );
  return rows[0]?.h ?? '';
}

describe('changing the password', () => {
  const email = 'ada@shop.example';
  beforeAll(() => shop.join(email));

  test('ends all other sessions and every link, and holds payouts back', async () => {
    const [own, ...others] = [await shop.signIn(email), await shop.signIn(email), await shop.signIn(email)];
    const stranger = 'ben@shop.example';
    await shop.join(stranger);
    const untouched = await shop.signIn(stranger);
    await shop.requestReset(email);
    const link = newest(await shop.resetLinks(email));

    expect(await change(own, PASSWORD, NEW)).toEqual({
      __typename: 'PasswordChangePayload',
      endedSessions: 2,
    });
    expect(await shop.isSignedIn(own)).toBe(true);
    for (const session of others) expect(await shop.isSignedIn(session)).toBe(false);
    expect(await shop.isSignedIn(untouched)).toBe(true);
    expect(await shop.reset(link, PASSWORD)).toMatchObject({ code: 'INVALID_TOKEN' });
    expect(await shop.trySignIn(email)).toMatchObject({ code: 'INVALID_CREDENTIALS' });
    await shop.signIn(email, NEW);
    expect(await shop.holds(email)).toEqual({
      person: ['PASSWORD_CHANGED'],
      merchants: ['PASSWORD_CHANGED'],
    });
    expect(await shop.holds(stranger)).toEqual({ person: [], merchants: [] });
    const types = (await shop.eventsOf(email)).map(({ type, data }) => [type, data['reason']]);
    expect(types.slice(types.findIndex(([type]) => type === 'user.password_changed'))).toEqual([
      ['user.password_changed', undefined],
      ['session.ended', 'PASSWORD_CHANGED'],
      ['session.ended', 'PASSWORD_CHANGED'],
      ['session.refused', 'WRONG_PASSWORD'],
      ['session.created', undefined],
    ]);
  });

  test.each([
    ['a short one', 'short'],
    ['a common one', 'Iloveyou'],
    ['the address', 'ada@shop.example'],
    ['the name of the merchant', 'corner shop!'],
    ['the same again', NEW],
  ])('refuses %s and writes nothing', async (_what, password) => {
    const session = await shop.signIn(email, NEW);
    const before = await counts();
    expect(await change(session, NEW, password)).toMatchObject({
      code: 'INVALID_INPUT',
      path: ['input', 'newPassword'],
    });
    expect(await counts()).toEqual(before);
  });

  test('is done by one of ten at once', async () => {
    const session = await shop.signIn(email, NEW);
    const passwords = Array.from({ length: 10 }, (_, i) => `a horse of colour number ${i}`);
    const answers = await times(10, async (i) => ({
      ...(await change(session, NEW, passwords[i] ?? '')),
      password: passwords[i] ?? '',
    }));
    const winner = onlyWinner(answers, 'PasswordChangePayload');
    for (const answer of answers) if (answer !== winner) expect(answer).toMatchObject(WRONG);
    await shop.signIn(email, winner.password);
  });

  test('takes ten wrong passwords in a quarter of an hour, over all sessions', async () => {
    const person = 'cleo@shop.example';
    await shop.join(person);
    const sessions = [await shop.signIn(person), await shop.signIn(person)];
    const before = await counts();
    const tries = await Promise.allSettled(
      Array.from({ length: 16 }, (_, i) => change(sessions[i % 2] ?? '', `guess number ${i}`, NEW)),
    );
    expect(tries.filter((t) => t.status === 'fulfilled')).toHaveLength(10);
    for (const t of tries) if (t.status === 'fulfilled') expect(t.value).toMatchObject(WRONG);
    // The right one as well: an attempt is counted before it is looked at.
    expect(await errorCodes(change(sessions[0] ?? '', PASSWORD, NEW))).toEqual(['RATE_LIMITED']);
    expect(await counts()).toEqual(before);
    clock.advance({ seconds: 15 * 60 });
    expect(await change(sessions[0] ?? '', PASSWORD, NEW)).toMatchObject({ endedSessions: 1 });
    // A right one is forgiven: nine wrong ones more are looked at.
    for (let i = 0; i < 9; i++)
      expect(await change(sessions[0] ?? '', PASSWORD, `${NEW} ${i}`)).toMatchObject(WRONG);
  });
});

test('a password of weaker parameters is hashed anew when it is known, and no other is', async () => {
  const email = 'dora@shop.example';
  await shop.join(email);
  const { pool } = kit.database;
  const passwords = await createArgon2Hasher();
  const rehash = passwordRehash({ passwords, passwordStore: createPasswordStore(pool, uuidSource) });
  const { rows } = await pool.query<{ id: string }>('SELECT id FROM "user" WHERE email = $1', [email]);
  const userId = rows[0]?.id ?? '';
  const today = await passwordHashOf(email);
  await rehash({ userId, passwordHash: today, password: PASSWORD });
  expect(await passwordHashOf(email)).toBe(today);

  const weak = await hash(PASSWORD, { memoryCost: 8192, timeCost: 1, parallelism: 1 });
  await rehash({ userId, passwordHash: weak, password: 'changed meanwhile' });
  expect(await passwordHashOf(email)).toBe(today);
  await pool.query('UPDATE "user" SET password_hash = $2 WHERE id = $1', [userId, weak]);
  await rehash({ userId, passwordHash: weak, password: PASSWORD });
  const stored = await passwordHashOf(email);
  expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(await passwords.verify(stored, PASSWORD)).toBe(true);
});
