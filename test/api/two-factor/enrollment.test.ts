import { describe, expect, test } from 'vitest';
import { accepted, type ApiClient } from '../../../src/demo/api-client.ts';
import { openMerchant } from '../../../src/demo/merchant.ts';
import * as operations from '../../../src/generated/documents.ts';
import { totpAt, wrongCode } from '../../testkit/authenticator.ts';
import { dump, rowCounts } from '../../testkit/facts.ts';
import { createMovableClock } from '../../testkit/movable-clock.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { forgetPresence } from '../../testkit/sessions.ts';
import { errorCodes } from '../../testkit/raw-graphql.ts';
import {
  beginEnrollment,
  enableAuthenticator,
  eventData,
  holdsOf,
  openPerson,
  openPersonWithAuthenticator,
  PASSWORD,
  secrets,
  sentCode,
  signInWith,
  stepUp,
} from './two-factor-kit.ts';

const clock = createMovableClock();
const kit = usePlatform({ overrides: { clock } });
const WRITTEN = [
  'totp',
  'recovery_code',
  'verification_code',
  'withdrawal_hold',
  'event',
  'session',
] as const;

const requestCode = async (client: ApiClient, channel: 'EMAIL' | 'SMS' = 'EMAIL') =>
  (await client.send(operations.TwoFactorEnrollRequestDocument, { input: { channel } }))
    .twoFactorEnrollRequest;
const enroll = async (client: ApiClient, code: string) =>
  (await client.send(operations.TwoFactorEnrollDocument, { input: { code } })).twoFactorEnroll;
const enable = async (client: ApiClient, totpCode: string) =>
  (await client.send(operations.TwoFactorEnableDocument, { input: { totpCode } })).twoFactorEnable;
const disable = async (client: ApiClient, input: operations.TwoFactorDisableInput) =>
  (await client.send(operations.TwoFactorDisableDocument, { input })).twoFactorDisable;
const renew = async (client: ApiClient) =>
  (await client.send(operations.RecoveryCodesRenewDocument, {})).recoveryCodesRenew;
const factorsOf = async (client: ApiClient) => {
  const { viewer } = await client.send(operations.TwoFactorOfViewerDocument, {});
  return { enabled: viewer.twoFactorEnabled, left: viewer.recoveryCodesLeft };
};
const counts = () => rowCounts(kit.database.pool, WRITTEN);

describe('setting an authenticator up', () => {
  test('takes the code that was sent, then the first code of the authenticator', async () => {
    const person = await openPerson(kit, 'ada@shop.example');
    expect(await factorsOf(person.client)).toEqual({ enabled: false, left: 0 });
    expect(await requestCode(person.client)).toMatchObject({ channel: 'EMAIL' });
    expect(await eventData(kit, person.userId, 'user.two_factor_code_requested')).toEqual([
      { codeId: expect.any(String), email: 'ada@shop.example', phone: null },
    ]);
    const made = accepted(
      await enroll(person.client, await sentCode(kit, person.userId)),
      'TwoFactorEnrollPayload',
    );
    expect(made.uri).toContain(`secret=${made.secret}`);
    expect(made.qrCode).toMatch(/^data:image\/svg\+xml;base64,/);
    // Nothing is asked for yet.
    accepted(
      await signInWith(kit.platform.api, { email: person.email, password: PASSWORD }),
      'SessionCreatePayload',
    );
    expect(await factorsOf(person.client)).toEqual({ enabled: false, left: 0 });

    const enabled = accepted(
      await enable(person.client, totpAt(made.secret, clock.now())),
      'TwoFactorEnablePayload',
    );
    expect(new Set(enabled.recoveryCodes).size).toBe(10);
    for (const code of enabled.recoveryCodes)
      expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){5}[0-9A-HJKMNP-TV-Z]{4}$/);
    expect(await factorsOf(person.client)).toEqual({ enabled: true, left: 10 });
    expect(await eventData(kit, person.userId, 'user.two_factor_enabled')).toEqual([{}]);
  });

  test('keeps secret and codes in no readable form', async () => {
    const { secret, recoveryCodes } = await openPersonWithAuthenticator(kit, clock, 'dump@shop.example');
    const everything = Object.values(await dump(kit.database.pool)).join('\n');
    expect(everything).toContain('dump@shop.example');
    for (const clear of [
      secret,
      ...recoveryCodes,
      ...recoveryCodes.map((code) => code.replaceAll('-', '')),
    ]) {
      for (const form of [clear, Buffer.from(clear).toString('hex'), Buffer.from(clear).toString('base64')]) {
        expect(everything).not.toContain(form);
      }
    }
  });

  test('asks for a proof of presence first, and for somebody at all', async () => {
    const { owner } = await openMerchant(kit.platform, 'bea@shop.example');
    await forgetPresence(kit.database.pool);
    const before = await counts();
    expect(await requestCode(owner)).toMatchObject({ code: 'STEP_UP_REQUIRED' });
    expect(await renew(owner)).toMatchObject({ code: 'STEP_UP_REQUIRED' });
    expect(await disable(owner, { totpCode: '123456' })).toMatchObject({ code: 'STEP_UP_REQUIRED' });
    for (const request of [requestCode, (client: ApiClient) => enroll(client, '123456'), renew]) {
      expect(await errorCodes(request(kit.platform.api))).toEqual(['UNAUTHENTICATED']);
    }
    expect(await counts()).toEqual(before);
  });

  test('sends an SMS only to a phone that is there', async () => {
    const person = await openPerson(kit, 'cleo@shop.example');
    const before = await counts();
    expect(await requestCode(person.client, 'SMS')).toMatchObject({
      code: 'WRONG_STATE',
      path: ['input', 'channel'],
    });
    expect(await counts()).toEqual(before);
    await kit.database.pool.query('UPDATE "user" SET phone = $2 WHERE id = $1', [person.userId, '+15550100']);
    expect(await requestCode(person.client, 'SMS')).toMatchObject({ channel: 'SMS' });
    expect(await eventData(kit, person.userId, 'user.two_factor_code_requested')).toEqual([
      { codeId: expect.any(String), email: null, phone: '+15550100' },
    ]);
    accepted(await enroll(person.client, await sentCode(kit, person.userId)), 'TwoFactorEnrollPayload');
  });

  test('refuses a code that is wrong, used, too old, of somebody else or replaced', async () => {
    const person = await openPerson(kit, 'dora@shop.example');
    const other = await openPerson(kit, 'emil@shop.example');
    expect(await enroll(person.client, '123456')).toMatchObject({
      code: 'CODE_REFUSED',
      path: ['input', 'code'],
    });
    expect(await enroll(person.client, 'no code')).toMatchObject({ code: 'INVALID_INPUT' });
    await requestCode(person.client);
    const replaced = await sentCode(kit, person.userId);
    await requestCode(other.client);
    const foreign = await sentCode(kit, other.userId);
    clock.advance({ seconds: 1 });
    await requestCode(person.client);
    const fresh = await sentCode(kit, person.userId);
    for (const code of [replaced, foreign].filter((code) => code !== fresh)) {
      expect(await enroll(person.client, code)).toMatchObject({ code: 'CODE_REFUSED' });
    }
    accepted(await enroll(person.client, fresh), 'TwoFactorEnrollPayload');
    expect(await enroll(person.client, fresh)).toMatchObject({ code: 'CODE_REFUSED' });
    const late = await openPerson(kit, 'late@shop.example');
    await requestCode(late.client);
    clock.advance({ seconds: 601 });
    expect(await enroll(late.client, await sentCode(kit, late.userId))).toMatchObject({
      code: 'CODE_REFUSED',
    });
  });

  test('is not finished by a wrong first code, nor after half an hour, nor twice', async () => {
    const person = await openPerson(kit, 'finn@shop.example');
    expect(await enable(person.client, '123456')).toMatchObject({ code: 'WRONG_STATE' });
    const secret = await beginEnrollment(kit, person);
    const before = await counts();
    expect(await enable(person.client, wrongCode(secret, clock.now()))).toMatchObject({
      code: 'CODE_REFUSED',
    });
    clock.advance({ seconds: 1800 });
    expect(await enable(person.client, totpAt(secret, clock.now()))).toMatchObject({ code: 'WRONG_STATE' });
    expect(await counts()).toEqual(before);
    const again = accepted(await stepUp(person.client, { password: PASSWORD }), 'SessionStepUpPayload');
    const client = kit.platform.api.as(again.token);
    const second = await beginEnrollment(kit, { ...person, client });
    const totpCode = totpAt(second, clock.now());
    const tries = await Promise.all([1, 2, 3].map(() => enable(client, totpCode)));
    expect(tries.filter((result) => result.__typename === 'TwoFactorEnablePayload')).toHaveLength(1);
    expect(await factorsOf(client)).toEqual({ enabled: true, left: 10 });
    // The code that switched it on signs nobody in.
    const credentials = { email: person.email, password: PASSWORD };
    expect(await signInWith(kit.platform.api, { ...credentials, totpCode })).toMatchObject({
      code: 'CODE_REFUSED',
    });
  });

  test('does not take the place of an authenticator that is on', async () => {
    const { client } = await openPersonWithAuthenticator(kit, clock, 'gus@shop.example');
    const before = await counts();
    expect(await requestCode(client)).toMatchObject({ code: 'WRONG_STATE' });
    expect(await counts()).toEqual(before);
  });

  test('sends no sixth code within an hour', async () => {
    const { client } = await openPerson(kit, 'hugo@shop.example');
    const tries = await Promise.allSettled(Array.from({ length: 8 }, () => requestCode(client)));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
    expect(await errorCodes(requestCode(client))).toEqual(['RATE_LIMITED']);
    clock.advance({ seconds: 3601 });
    const again = accepted(await stepUp(client, { password: PASSWORD }), 'SessionStepUpPayload');
    expect(await requestCode(kit.platform.api.as(again.token))).toMatchObject({ channel: 'EMAIL' });
  });
});

describe('recovery codes', () => {
  test('are renewed for a proof of presence; the old ones are void', async () => {
    const person = await openPersonWithAuthenticator(kit, clock, 'iris@shop.example');
    const renewed = accepted(await renew(person.client), 'RecoveryCodesRenewPayload');
    expect(renewed.recoveryCodes).toHaveLength(10);
    expect(renewed.recoveryCodes).not.toEqual(expect.arrayContaining([person.recoveryCodes[0]]));
    expect(await factorsOf(person.client)).toEqual({ enabled: true, left: 10 });
    const [old = '', fresh = ''] = [person.recoveryCodes[0], renewed.recoveryCodes[0]];
    const signIn = (recoveryCode: string) =>
      signInWith(kit.platform.api, { email: person.email, password: PASSWORD, recoveryCode });
    expect(await signIn(old)).toMatchObject({ code: 'CODE_REFUSED' });
    accepted(await signIn(fresh), 'SessionCreatePayload');
    expect(await eventData(kit, person.userId, 'user.recovery_codes_created')).toEqual([{}]);
  });

  test('renewed by many at once are those of one', async () => {
    const { client } = await openPersonWithAuthenticator(kit, clock, 'jan@shop.example');
    const renewals = await Promise.all(Array.from({ length: 10 }, () => renew(client)));
    for (const result of renewals) accepted(result, 'RecoveryCodesRenewPayload');
    expect(await factorsOf(client)).toEqual({ enabled: true, left: 10 });
  });

  test('are not for whoever has no authenticator', async () => {
    const { client } = await openPerson(kit, 'kim@shop.example');
    const before = await counts();
    expect(await renew(client)).toMatchObject({ code: 'WRONG_STATE' });
    expect(await counts()).toEqual(before);
  });
});

describe('taking the authenticator off', () => {
  test('takes one more code and holds payouts', async () => {
    const person = await openPersonWithAuthenticator(kit, clock, 'lea@shop.example');
    expect(await disable(person.client, {})).toMatchObject({
      code: 'INVALID_INPUT',
      path: ['input', 'totpCode'],
    });
    const wrong = wrongCode(person.secret, clock.now());
    expect(await disable(person.client, { totpCode: wrong })).toMatchObject({ code: 'CODE_REFUSED' });
    expect(await factorsOf(person.client)).toEqual({ enabled: true, left: 10 });
    expect(await disable(person.client, { totpCode: person.nextCode() })).toMatchObject({ disabled: true });
    expect(await factorsOf(person.client)).toEqual({ enabled: false, left: 0 });
    expect(await holdsOf(kit, person.merchantId)).toContain('TWO_FACTOR_DISABLED');
    expect(await eventData(kit, person.userId, 'user.two_factor_disabled')).toEqual([{}]);
    accepted(
      await signInWith(kit.platform.api, { email: person.email, password: PASSWORD }),
      'SessionCreatePayload',
    );
    expect(await disable(person.client, { totpCode: person.nextCode() })).toMatchObject({
      code: 'WRONG_STATE',
    });
    // Sessions of the time before have no second factor any more: an operator's rights end with it.
    const { rows } = await kit.database.pool.query(
      'SELECT 1 FROM session WHERE user_id = $1 AND second_factor_at IS NOT NULL',
      [person.userId],
    );
    expect(rows).toEqual([]);
    const anew = await enableAuthenticator(kit, clock, person);
    expect(anew.secret).not.toBe(person.secret);
  });

  test('does not go by a code of another person', async () => {
    const one = await openPersonWithAuthenticator(kit, clock, 'mia@shop.example');
    const other = await openPersonWithAuthenticator(kit, clock, 'nils@shop.example');
    const foreign = [{ totpCode: other.nextCode() }, { recoveryCode: other.recoveryCodes[0] ?? '' }];
    for (const input of foreign)
      expect(await disable(one.client, input)).toMatchObject({ code: 'CODE_REFUSED' });
    expect(await factorsOf(one.client)).toEqual({ enabled: true, left: 10 });
    expect(await factorsOf(other.client)).toEqual({ enabled: true, left: 10 });
  });
});

test('the codes of the tests are those of the gateway', () => {
  expect(secrets.deriveCode('TWO_FACTOR_ENROLLMENT', '019a0000-0000-7000-8000-000000000001')).toMatch(
    /^\d{6}$/,
  );
});
