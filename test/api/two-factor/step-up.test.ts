import { beforeEach, describe, expect, test } from 'vitest';
import { accepted } from '../../../src/demo/api-client.ts';
import { openMerchant } from '../../../src/demo/merchant.ts';
import * as operations from '../../../src/generated/documents.ts';
import { wrongCode } from '../../testkit/authenticator.ts';
import { rowCounts } from '../../testkit/facts.ts';
import { connectWebSocket } from '../../testkit/live-clients.ts';
import { createMovableClock } from '../../testkit/movable-clock.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { errorCodes, postGraphQL } from '../../testkit/raw-graphql.ts';
import { forgetPresence } from '../../testkit/sessions.ts';
import {
  eventData,
  holdsOf,
  openPersonWithAuthenticator,
  openPerson,
  PASSWORD,
  stepUp,
} from './two-factor-kit.ts';

const clock = createMovableClock();
const kit = usePlatform({ overrides: { clock } });
const WRITTEN = ['session', 'event', 'withdrawal_hold', 'recovery_code'] as const;

beforeEach(() => clock.advance({ seconds: 16 * 60 }));

const requestCode = async (token: string) =>
  (
    await kit.platform.api
      .as(token)
      .send(operations.TwoFactorEnrollRequestDocument, { input: { channel: 'EMAIL' } })
  ).twoFactorEnrollRequest;

describe('a proof of presence', () => {
  test('by the password opens sensitive changes for ten minutes', async () => {
    const { owner, sessionToken } = await openMerchant(kit.platform, 'ada@shop.example');
    await forgetPresence(kit.database.pool);
    expect(await requestCode(sessionToken)).toMatchObject({ code: 'STEP_UP_REQUIRED' });
    const { token, until } = accepted(await stepUp(owner, { password: PASSWORD }), 'SessionStepUpPayload');
    const minutes = (new Date(until).getTime() - clock.now().getTime()) / 60_000;
    expect(minutes).toBeGreaterThan(9);
    expect(minutes).toBeLessThanOrEqual(10);
    expect(await requestCode(token)).toMatchObject({ channel: 'EMAIL' });
    clock.advance({ seconds: 600 });
    expect(await requestCode(token)).toMatchObject({ code: 'STEP_UP_REQUIRED' });
  });

  test('gives the session another token; the one before is void', async () => {
    const { owner, sessionToken } = await openMerchant(kit.platform, 'ben@shop.example');
    const { token } = accepted(await stepUp(owner, { password: PASSWORD }), 'SessionStepUpPayload');
    expect(token).not.toBe(sessionToken);
    expect(await errorCodes(owner.send(operations.ViewerDocument, {}))).toEqual(['UNAUTHENTICATED']);
    const { viewer } = await kit.platform.api.as(token).send(operations.ViewerDocument, {});
    expect(viewer.email).toBe('ben@shop.example');
  });

  test('closes the sockets that the former token had opened: they do not rise with the person', async () => {
    const { owner, sessionToken, projectId } = await openMerchant(kit.platform, 'bea@shop.example');
    await forgetPresence(kit.database.pool);
    const copied = connectWebSocket(kit.platform.url, sessionToken);
    const ask = () =>
      copied.iterate(operations.TwoFactorEnrollRequestDocument, { input: { channel: 'EMAIL' } }).next();
    // Stays open between its operations.
    const idle = copied.iterate(operations.EventsDocument, { projectId, mode: 'LIVE' }).next();
    idle.catch(() => undefined);
    expect((await ask()).value).toMatchObject({
      data: { twoFactorEnrollRequest: { code: 'STEP_UP_REQUIRED' } },
    });
    const { token } = accepted(await stepUp(owner, { password: PASSWORD }), 'SessionStepUpPayload');
    expect(await copied.closed).toBe(4403);
    const own = connectWebSocket(kit.platform.url, token);
    const { value } = await own
      .iterate(operations.TwoFactorEnrollRequestDocument, { input: { channel: 'EMAIL' } })
      .next();
    expect(value).toMatchObject({ data: { twoFactorEnrollRequest: { channel: 'EMAIL' } } });
    own.dispose();
  });

  test('sent over a socket is answered there before the socket closes', async () => {
    const { sessionToken, projectId } = await openMerchant(kit.platform, 'bill@shop.example');
    const socket = connectWebSocket(kit.platform.url, sessionToken);
    const idle = socket.iterate(operations.EventsDocument, { projectId, mode: 'LIVE' }).next();
    idle.catch(() => undefined);
    const { value } = await socket
      .iterate(operations.SessionStepUpDocument, { input: { password: PASSWORD } })
      .next();
    expect(value).toMatchObject({
      data: { sessionStepUp: { token: expect.stringMatching(/^pbss_/) as string } },
    });
    expect(await socket.closed).toBe(4403);
  });

  test('sets the cookie of a browser anew', async () => {
    const { sessionToken } = await openMerchant(kit.platform, 'cleo@shop.example');
    const answer = await postGraphQL(
      kit.platform.url,
      operations.SessionStepUpDocument,
      { input: { password: PASSWORD } },
      { authorization: `Bearer ${sessionToken}` },
    );
    expect(answer.headers.get('set-cookie')).toMatch(/pbss_[\w-]+; Path=\/; HttpOnly; SameSite=Lax/);
  });

  test('by a wrong password opens nothing, and ten of them are the end for a while', async () => {
    const { owner, sessionToken } = await openMerchant(kit.platform, 'dora@shop.example');
    await forgetPresence(kit.database.pool);
    const wrong = () => stepUp(owner, { password: 'wrong' });
    for (let n = 0; n < 10; n += 1) {
      expect(await wrong()).toMatchObject({ code: 'INVALID_CREDENTIALS', path: ['input', 'password'] });
    }
    const before = await rowCounts(kit.database.pool, WRITTEN);
    expect(await errorCodes(wrong())).toEqual(['RATE_LIMITED']);
    expect(await errorCodes(stepUp(owner, { password: PASSWORD }))).toEqual(['RATE_LIMITED']);
    expect(await rowCounts(kit.database.pool, WRITTEN)).toEqual(before);
    expect(await requestCode(sessionToken)).toMatchObject({ code: 'STEP_UP_REQUIRED' });
    clock.advance({ seconds: 901 });
    accepted(await stepUp(owner, { password: PASSWORD }), 'SessionStepUpPayload');
  });

  test('needs the authenticator where there is one: the password is not enough', async () => {
    const person = await openPersonWithAuthenticator(kit, clock, 'emil@shop.example');
    const before = await rowCounts(kit.database.pool, WRITTEN);
    for (const password of [PASSWORD, 'wrong']) {
      expect(await stepUp(person.client, { password })).toMatchObject({ code: 'SECOND_FACTOR_REQUIRED' });
    }
    expect(await rowCounts(kit.database.pool, WRITTEN)).toEqual(before);
    const totpCode = wrongCode(person.secret, clock.now());
    expect(await stepUp(person.client, { totpCode })).toMatchObject({ code: 'CODE_REFUSED' });
    const { token } = accepted(
      await stepUp(person.client, { totpCode: person.nextCode() }),
      'SessionStepUpPayload',
    );
    const [recoveryCode = ''] = person.recoveryCodes;
    accepted(await stepUp(kit.platform.api.as(token), { recoveryCode }), 'SessionStepUpPayload');
    expect(await holdsOf(kit, person.merchantId)).toContain('RECOVERY_CODE_USED');
    expect(await eventData(kit, person.userId, 'session.step_up_refused')).toHaveLength(1);
    expect((await eventData(kit, person.userId, 'session.stepped_up')).length).toBeGreaterThanOrEqual(3);
  });

  test('takes a code once, also when ten sessions send it at once', async () => {
    const person = await openPersonWithAuthenticator(kit, clock, 'finn@shop.example');
    const totpCode = person.nextCode();
    const tries = await Promise.allSettled(
      Array.from({ length: 10 }, () => stepUp(person.client, { totpCode })),
    );
    const proven = tries.filter(
      (attempt) => attempt.status === 'fulfilled' && attempt.value.__typename === 'SessionStepUpPayload',
    );
    expect(proven).toHaveLength(1);
  });

  test.each<[string, operations.SessionStepUpInput]>([
    ['nothing', {}],
    ['both', { password: PASSWORD, totpCode: '123456' }],
    ['two codes', { totpCode: '123456', recoveryCode: '0123-4567-89AB-CDEF-GHJK-MNPQ' }],
    ['no code', { totpCode: 'abc' }],
  ])('of %s is refused, and nobody else may give one', async (what, input) => {
    const { client } = await openPerson(kit, `${what.replace(' ', '.')}@shop.example`);
    const before = await rowCounts(kit.database.pool, WRITTEN);
    expect(await stepUp(client, input)).toMatchObject({ code: 'INVALID_INPUT' });
    expect(await errorCodes(stepUp(kit.platform.api, input))).toEqual(['UNAUTHENTICATED']);
    expect(await rowCounts(kit.database.pool, WRITTEN)).toEqual(before);
  });

  test('by a code without an authenticator is none', async () => {
    const { client } = await openPerson(kit, 'gus@shop.example');
    expect(await stepUp(client, { totpCode: '123456' })).toMatchObject({ code: 'WRONG_STATE' });
  });
});
