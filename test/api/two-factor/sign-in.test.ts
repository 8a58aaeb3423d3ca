import { beforeEach, describe, expect, test } from 'vitest';
import { createTwoFactorStore } from '../../../src/adapters/db/two-factor-store.ts';
import { uuidSource } from '../../../src/adapters/system/uuid-source.ts';
import { accepted, ApiErrors } from '../../../src/demo/api-client.ts';
import * as operations from '../../../src/generated/documents.ts';
import { totpAt, wrongCode } from '../../testkit/authenticator.ts';
import { rowCounts } from '../../testkit/facts.ts';
import { createMovableClock } from '../../testkit/movable-clock.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { errorCodes } from '../../testkit/raw-graphql.ts';
import {
  eventData,
  holdsOf,
  openPerson,
  openPersonWithAuthenticator,
  PASSWORD,
  signInWith,
} from './two-factor-kit.ts';

const clock = createMovableClock();
const kit = usePlatform({ overrides: { clock } });
const WRITTEN = ['session', 'withdrawal_hold', 'event'] as const;

/** All tests come from one address. */
beforeEach(() => clock.advance({ seconds: 16 * 60 }));

const signIn = (email: string, input: Partial<operations.SessionCreateInput> = {}) =>
  signInWith(kit.platform.api, { email, password: PASSWORD, ...input });
const refusals = async (userId: string) =>
  (await eventData(kit, userId, 'session.refused')).map((data) => (data as { reason: string }).reason);
/** What came of many attempts at once. */
const outcomes = async (attempts: readonly Promise<{ __typename: string }>[]) =>
  (await Promise.allSettled(attempts)).map((settled) => {
    if (settled.status === 'fulfilled') return settled.value.__typename;
    const { reason }: { reason: unknown } = settled;
    return (reason instanceof ApiErrors && reason.errors[0]?.extensions?.code) || 'FAULT';
  });

describe('signing in with an authenticator', () => {
  test('asks for a code after a right password only', async () => {
    const { email, userId, nextCode } = await openPersonWithAuthenticator(kit, clock, 'ada@shop.example');
    const before = await rowCounts(kit.database.pool, WRITTEN);
    expect(await signIn(email)).toMatchObject({ code: 'SECOND_FACTOR_REQUIRED' });
    expect(await rowCounts(kit.database.pool, WRITTEN)).toEqual(before);
    const totpCode = nextCode();
    expect(await signIn(email, { password: 'wrong', totpCode })).toMatchObject({
      code: 'INVALID_CREDENTIALS',
    });
    // The code beside the wrong password was not even looked at: it works still.
    const { token } = accepted(await signIn(email, { totpCode }), 'SessionCreatePayload');
    const { viewer } = await kit.platform.api.as(token).send(operations.ViewerDocument, {});
    expect(viewer.email).toBe(email);
    const { rows } = await kit.database.pool.query<{ given: boolean }>(
      `SELECT second_factor_at IS NOT NULL AS given FROM session WHERE user_id = $1 ORDER BY created_at DESC LIMIT 1`,
      [userId],
    );
    expect(rows).toEqual([{ given: true }]);
    expect(await refusals(userId)).toEqual(['WRONG_PASSWORD']);
  });

  test('takes a code once, also in parallel', async () => {
    const { email, userId, nextCode } = await openPersonWithAuthenticator(kit, clock, 'ben@shop.example');
    const totpCode = nextCode();
    const before = (await eventData(kit, userId, 'session.created')).length;
    const results = await outcomes(Array.from({ length: 10 }, () => signIn(email, { totpCode })));
    expect(results.filter((name) => name === 'SessionCreatePayload')).toHaveLength(1);
    expect(await eventData(kit, userId, 'session.created')).toHaveLength(before + 1);
    clock.advance({ seconds: 16 * 60 });
    expect(await signIn(email, { totpCode })).toMatchObject({ code: 'CODE_REFUSED' });
  });

  test('takes a step once, whoever asks the database for it', async () => {
    const { userId } = await openPersonWithAuthenticator(kit, clock, 'step@shop.example');
    const factors = createTwoFactorStore(kit.database.pool, uuidSource);
    const { totp } = await factors.factorsOf(userId);
    const sealedSecret = totp?.sealedSecret ?? new Uint8Array();
    const step = Math.floor(clock.now().getTime() / 30_000) + 10;
    const taken = await Promise.all(
      Array.from({ length: 10 }, () => factors.acceptStep({ userId, sealedSecret, step })),
    );
    expect(taken.filter(Boolean)).toHaveLength(1);
    // RFC 6238, 5.2: nor an earlier one, nor one of a secret that is not there any more.
    expect(await factors.acceptStep({ userId, sealedSecret, step: step - 1 })).toBe(false);
    expect(await factors.acceptStep({ userId, sealedSecret: new Uint8Array(57), step: step + 1 })).toBe(
      false,
    );
    expect(await factors.acceptStep({ userId, sealedSecret, step: step + 1 })).toBe(true);
  });

  test('refuses codes of other steps, and a wrong one as well', async () => {
    const { email, userId, secret, nextCode } = await openPersonWithAuthenticator(
      kit,
      clock,
      'cleo@shop.example',
    );
    clock.advance({ seconds: 600 });
    const at = (steps: number) => totpAt(secret, new Date(clock.now().getTime() + steps * 30_000));
    for (const totpCode of [at(-3), at(3), wrongCode(secret, clock.now())]) {
      expect(await signIn(email, { totpCode })).toMatchObject({
        code: 'CODE_REFUSED',
        path: ['input', 'totpCode'],
      });
    }
    expect(await refusals(userId)).toEqual(['WRONG_CODE', 'WRONG_CODE', 'WRONG_CODE']);
    const typed = nextCode().replace(/^(...)/, ' $1 ');
    accepted(await signIn(email, { totpCode: typed }), 'SessionCreatePayload');
  });

  test('refuses a code of the step before, once a later one was taken', async () => {
    const { email, secret, nextCode } = await openPersonWithAuthenticator(kit, clock, 'dora@shop.example');
    accepted(await signIn(email, { totpCode: nextCode() }), 'SessionCreatePayload');
    const earlier = totpAt(secret, new Date(clock.now().getTime() - 30_000));
    expect(await signIn(email, { totpCode: earlier })).toMatchObject({ code: 'CODE_REFUSED' });
  });

  test('refuses a flood: five tries in five minutes, then not even the right code', async () => {
    const { email, userId, secret, nextCode } = await openPersonWithAuthenticator(
      kit,
      clock,
      'emil@shop.example',
    );
    const totpCode = wrongCode(secret, clock.now());
    const results = await outcomes(Array.from({ length: 8 }, () => signIn(email, { totpCode })));
    expect(results.filter((name) => name === 'CodeRefusedError')).toHaveLength(5);
    expect(results.filter((name) => name === 'RATE_LIMITED')).toHaveLength(3);
    const right = nextCode();
    expect(await errorCodes(signIn(email, { totpCode: right }))).toEqual(['RATE_LIMITED']);
    expect((await refusals(userId)).toSorted()).toEqual(['RATE_LIMITED', ...Array(5).fill('WRONG_CODE')]);
    clock.advance({ seconds: 301 });
    accepted(await signIn(email, { totpCode: nextCode() }), 'SessionCreatePayload');
  });

  test.each<[string, Partial<operations.SessionCreateInput>, string]>([
    ['both codes', { totpCode: '123456', recoveryCode: '0123-4567-89AB-CDEF-GHJK-MNPQ' }, 'recoveryCode'],
    ['no six digits', { totpCode: '12345' }, 'totpCode'],
    ['an empty code', { totpCode: '' }, 'totpCode'],
    ['no recovery code', { recoveryCode: 'hello' }, 'recoveryCode'],
    ['a recovery code without end', { recoveryCode: '0'.repeat(10_000) }, 'recoveryCode'],
  ])('refuses %s before anything else, and writes nothing', async (_what, input, field) => {
    const before = await rowCounts(kit.database.pool, [...WRITTEN, 'attempt_count']);
    expect(await signIn('ada@shop.example', input)).toMatchObject({
      code: 'INVALID_INPUT',
      path: ['input', field],
    });
    expect(await rowCounts(kit.database.pool, [...WRITTEN, 'attempt_count'])).toEqual(before);
  });

  test('needs no code where no authenticator is set up, and does not mind one', async () => {
    const { email } = await openPerson(kit, 'plain@shop.example');
    accepted(await signIn(email, { totpCode: '123456' }), 'SessionCreatePayload');
  });
});

describe('a recovery code', () => {
  test('stands for the authenticator once, holds payouts and is told', async () => {
    const person = await openPersonWithAuthenticator(kit, clock, 'finn@shop.example');
    const { email, userId, merchantId, client } = person;
    const [first = '', second = ''] = person.recoveryCodes;
    const typed = first.toLowerCase().replaceAll('-', ' ');
    accepted(await signIn(email, { recoveryCode: typed }), 'SessionCreatePayload');
    expect(await signIn(email, { recoveryCode: first })).toMatchObject({
      code: 'CODE_REFUSED',
      path: ['input', 'recoveryCode'],
    });
    expect(await holdsOf(kit, merchantId)).toContain('RECOVERY_CODE_USED');
    expect(await eventData(kit, userId, 'user.recovery_code_used')).toEqual([{ remaining: 9 }]);
    const results = await outcomes(Array.from({ length: 5 }, () => signIn(email, { recoveryCode: second })));
    expect(results.filter((name) => name === 'SessionCreatePayload')).toHaveLength(1);
    expect(await eventData(kit, userId, 'user.recovery_code_used')).toEqual([
      { remaining: 9 },
      { remaining: 8 },
    ]);
    const { viewer } = await client.send(operations.TwoFactorOfViewerDocument, {});
    expect(viewer).toMatchObject({ twoFactorEnabled: true, recoveryCodesLeft: 8 });
  });
});

describe('guessing passwords', () => {
  test('is refused after ten tries from an address, for a known and an unknown account alike', async () => {
    const { email, userId } = await openPerson(kit, 'gus@shop.example');
    clock.advance({ seconds: 16 * 60 });
    const wrong = (address: string) =>
      outcomes(Array.from({ length: 14 }, () => signIn(address, { password: 'wrong' })));
    const tries = await wrong(email);
    expect(tries.filter((name) => name === 'InvalidCredentialsError')).toHaveLength(10);
    expect(tries.filter((name) => name === 'RATE_LIMITED')).toHaveLength(4);
    const others = await wrong('nobody@shop.example');
    expect(others.toSorted()).toEqual(tries.toSorted());
    // Also under another spelling, and also with the right password.
    expect(await errorCodes(signIn('GUS@Shop.Example '))).toEqual(['RATE_LIMITED']);
    expect((await refusals(userId)).toSorted()).toEqual([
      'RATE_LIMITED',
      ...Array(10).fill('WRONG_PASSWORD'),
    ]);
    clock.advance({ seconds: 15 * 60 + 1 });
    accepted(await signIn(email), 'SessionCreatePayload');
  });

  test('is forgotten after a right one', async () => {
    const { email } = await openPerson(kit, 'hugo@shop.example');
    for (let round = 0; round < 3; round += 1) {
      for (let n = 0; n < 6; n += 1) await signIn(email, { password: 'wrong' });
      accepted(await signIn(email), 'SessionCreatePayload');
    }
  });

  test('leaves nothing in the log for an address without account', async () => {
    const before = await rowCounts(kit.database.pool, WRITTEN);
    expect(await signIn('nobody.else@shop.example')).toMatchObject({ code: 'INVALID_CREDENTIALS' });
    expect(await rowCounts(kit.database.pool, WRITTEN)).toEqual(before);
  });
});

test('a password that was replaced between its check and the session opens nothing', async () => {
  const { email, userId } = await openPerson(kit, 'iris@shop.example');
  const locker = await kit.database.pool.connect();
  try {
    await locker.query('BEGIN');
    await locker.query(`UPDATE "user" SET password_hash = 'replaced' WHERE id = $1`, [userId]);
    const pending = signIn(email);
    // The sign-in has checked the old password and waits for the row.
    await expect
      .poll(
        async () =>
          (
            await kit.database.pool.query<{ n: number }>(
              `SELECT count(*)::int AS n FROM pg_stat_activity
               WHERE datname = current_database() AND wait_event_type = 'Lock'`,
            )
          ).rows[0]?.n,
        { timeout: 10_000 },
      )
      .toBe(1);
    await locker.query('COMMIT');
    expect(await pending).toMatchObject({ code: 'INVALID_CREDENTIALS' });
  } finally {
    locker.release();
  }
});
