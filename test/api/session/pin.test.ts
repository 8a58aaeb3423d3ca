import { beforeAll, describe, expect, test } from 'vitest';
import { openMerchant, signIn, type DemoMerchant } from '../../../src/demo/merchant.ts';
import * as operations from '../../../src/generated/documents.ts';
import { eventTypes, globalIdOf, rowCounts } from '../../testkit/facts.ts';
import { connectSse, connectWebSocket, endingCodes } from '../../testkit/live-clients.ts';
import { createMovableClock } from '../../testkit/movable-clock.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { errorCodes, postGraphQL } from '../../testkit/raw-graphql.ts';
import { forgetPresence, sessionEvents, sessionRow, stepUp } from '../../testkit/sessions.ts';

const PIN = '0417';
const WRONG = '7104';
const LOCKED = ['SESSION_LOCKED'];

const clock = createMovableClock();
const kit = usePlatform({ overrides: { clock } });
let ours: DemoMerchant;
let shops = 0;
beforeAll(async () => {
  ours = await openMerchant(kit.platform, 'ada@shop.example');
});

const as = (token: string) => kit.platform.api.as(token);
const viewer = (token: string) => as(token).send(operations.ViewerDocument, {});
const setPin = async (token: string, pin: string) =>
  (await as(token).send(operations.PinSetDocument, { input: { pin } })).pinSet;
const removePin = async (token: string) => (await as(token).send(operations.PinRemoveDocument, {})).pinRemove;
const unlock = async (token: string, pin: string) =>
  (await as(token).send(operations.SessionUnlockDocument, { input: { pin } })).sessionUnlock;
const row = (token: string) => sessionRow(kit.database.pool, token);
const told = async (token: string) => sessionEvents(kit.database.pool, (await row(token)).id);
const idle = () => clock.advance({ seconds: 15 * 60 });
const OPEN_AGAIN = { __typename: 'SessionUnlockPayload', unlocked: true };

/** A person of the test's own with a PIN, signed in. */
async function openWithPin() {
  const shop = await openMerchant(kit.platform, `pin${(shops += 1)}@shop.example`);
  const token = await signIn(kit.platform, shop.email);
  await stepUp(kit.database.pool, token, clock.now());
  expect(await setPin(token, PIN)).toEqual({ __typename: 'PinPayload', hasPin: true });
  return { ...shop, token };
}

describe('setting a PIN', () => {
  test('asks for a step-up of the last ten minutes', async () => {
    const { sessionToken: token } = await openMerchant(kit.platform, 'stepped@shop.example');
    await forgetPresence(kit.database.pool);
    const { user_id: userId } = await row(token);
    expect(await setPin(token, PIN)).toMatchObject({ code: 'STEP_UP_REQUIRED' });
    await stepUp(kit.database.pool, token, clock.now());
    clock.advance({ seconds: 600 });
    expect(await setPin(token, PIN)).toMatchObject({ code: 'STEP_UP_REQUIRED' });
    expect((await as(token).send(operations.SessionsDocument, {})).viewer.hasPin).toBe(false);
    await stepUp(kit.database.pool, token, clock.now());
    expect(await setPin(token, PIN)).toMatchObject({ hasPin: true });
    expect((await as(token).send(operations.SessionsDocument, {})).viewer.hasPin).toBe(true);
    expect(await eventTypes(kit.database.pool, globalIdOf('User', userId))).toContain('user.pin_set');
    const { rows } = await kit.database.pool.query<{ pin_hash: string }>(
      'SELECT pin_hash FROM "user" WHERE id = $1',
      [userId],
    );
    expect(rows[0]?.pin_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  test.each([
    '',
    '123',
    '0000',
    '1234',
    '4321',
    '1212',
    '041',
    '041704171',
    '04a7',
    ' 0417',
    '０４１７',
    '0417\n',
  ])('refuses %j, before it asks for the step-up', async (pin) => {
    const token = await signIn(kit.platform, ours.email);
    const before = await rowCounts(kit.database.pool, ['event']);
    expect(await setPin(token, pin)).toMatchObject({ code: 'INVALID_INPUT', path: ['input', 'pin'] });
    expect(await rowCounts(kit.database.pool, ['event'])).toEqual(before);
  });

  test('brings no session back that had run out without one', async () => {
    const { sessionToken: forgotten, email } = await openMerchant(kit.platform, 'forgetful@shop.example');
    clock.advance({ hours: 5.9 });
    const idle = await signIn(kit.platform, email);
    clock.advance({ hours: 0.1 });
    const token = await signIn(kit.platform, email);
    await stepUp(kit.database.pool, token, clock.now());
    expect(await setPin(token, PIN)).toMatchObject({ hasPin: true });
    expect(await errorCodes(viewer(forgotten))).toEqual(['UNAUTHENTICATED']);
    clock.advance({ seconds: 10 * 60 });
    expect(await errorCodes(viewer(idle))).toEqual(LOCKED);
    // Another PIN in place of one ends nothing: a locked session lives on.
    clock.advance({ hours: 6 });
    const again = await signIn(kit.platform, email);
    await stepUp(kit.database.pool, again, clock.now());
    expect(await setPin(again, '7104')).toMatchObject({ hasPin: true });
    expect(await errorCodes(viewer(idle))).toEqual(LOCKED);
  });

  test('is for people', async () => {
    const input = { pin: PIN };
    expect(await errorCodes(as(ours.liveKey).send(operations.PinSetDocument, { input }))).toEqual([
      'FORBIDDEN',
    ]);
    expect(await errorCodes(kit.platform.api.send(operations.PinSetDocument, { input }))).toEqual([
      'UNAUTHENTICATED',
    ]);
    expect(await errorCodes(as(ours.liveKey).send(operations.SessionUnlockDocument, { input }))).toEqual([
      'FORBIDDEN',
    ]);
  });
});

describe('a session of a person with PIN', () => {
  test('is locked after fifteen minutes, not before, and lives on for longer than six hours', async () => {
    const { token } = await openWithPin();
    clock.advance({ seconds: 14 * 60 });
    await viewer(token);
    clock.advance({ seconds: 60 });
    expect(await errorCodes(viewer(token))).toEqual(LOCKED);
    clock.advance({ hours: 24 * 7 });
    expect(await errorCodes(viewer(token))).toEqual(LOCKED);
    expect(await unlock(token, PIN)).toEqual(OPEN_AGAIN);
    expect(await viewer(token)).toMatchObject({ viewer: { email: expect.stringContaining('@') } });
    expect(await told(token)).toEqual(['session.created', 'session.unlocked']);
    idle();
    expect(await errorCodes(viewer(token))).toEqual(LOCKED);
    clock.advance({ hours: 24 * 30 });
    expect(await errorCodes(unlock(token, PIN))).toEqual(['UNAUTHENTICATED']);
  });

  test('locked answers nothing but SESSION_LOCKED, and nothing is activity', async () => {
    const { token, projectId, merchantId } = await openWithPin();
    idle();
    const { active_at: before } = await row(token);
    const rows = await rowCounts(kit.database.pool, ['event', 'user', 'project']);
    const signUp = { email: 'new@shop.example', password: 'correct horse battery', merchantName: 'New' };
    const another = globalIdOf('Session', (await row(ours.sessionToken)).id);
    const asked = [
      () => viewer(token),
      () => as(token).send(operations.NodeDocument, { id: merchantId }),
      () => as(token).send(operations.ProjectsDocument, {}),
      () => as(token).send(operations.ProjectCreateDocument, { input: { merchantId, name: 'another' } }),
      () => as(token).send(operations.SessionsEndOthersDocument, {}),
      () => as(token).send(operations.LockedEverythingDocument, { signUp }),
      () => as(token).send(operations.UnlockAndMoreDocument, { input: { pin: PIN } }),
      () => setPin(token, PIN),
      () => removePin(token),
      // Another session than its own.
      () =>
        as(token).send(operations.SessionEndDocument, {
          input: { sessionId: another },
        }),
    ];
    for (const ask of asked) expect(await errorCodes(ask())).toEqual(LOCKED);
    const declared = await postGraphQL(
      kit.platform.url,
      operations.ViewerDocument,
      {},
      { authorization: `Bearer ${token}`, 'x-paybell-activity': 'user' },
    );
    expect(declared.body).toMatchObject({ data: null, errors: [{ extensions: { code: 'SESSION_LOCKED' } }] });
    const sse = connectSse(kit.platform.url, token);
    const events = sse.iterate(operations.EventsDocument, { projectId, mode: 'TEST' });
    expect(await endingCodes(events)).toEqual(LOCKED);
    const socket = connectWebSocket(kit.platform.url, token);
    await expect(socket.iterate(operations.ViewerDocument, {}).next()).rejects.toMatchObject({ code: 4403 });
    expect((await row(token)).active_at).toEqual(before);
    expect(await rowCounts(kit.database.pool, ['event', 'user', 'project'])).toEqual(rows);
  });

  test('can be ended while it is locked: a forgotten PIN means signing in anew', async () => {
    const { token, email } = await openWithPin();
    idle();
    const { sessionEnd } = await as(token).send(operations.SessionEndDocument, {});
    expect(sessionEnd).toMatchObject({ ended: true });
    expect(await errorCodes(viewer(token))).toEqual(['UNAUTHENTICATED']);
    expect(await viewer(await signIn(kit.platform, email))).toMatchObject({ viewer: { email } });
  });

  test('needs no PIN while it is open', async () => {
    const { token } = await openWithPin();
    expect(await unlock(token, WRONG)).toMatchObject({ code: 'WRONG_STATE' });
    expect((await row(token)).pin_failures).toBe(0);
  });
});

describe('wrong PINs', () => {
  test('four leave the session, and a right one gives all five back', async () => {
    const { token } = await openWithPin();
    idle();
    for (const _round of [1, 2]) {
      for (let tries = 0; tries < 4; tries++)
        expect(await unlock(token, WRONG)).toMatchObject({ code: 'CODE_REFUSED', path: ['input', 'pin'] });
      expect(await errorCodes(viewer(token))).toEqual(LOCKED);
      expect(await unlock(token, PIN)).toEqual(OPEN_AGAIN);
      idle();
    }
    expect((await row(token)).pin_failures).toBe(0);
  });

  test('what is no PIN is not counted', async () => {
    const { token } = await openWithPin();
    idle();
    for (const pin of ['', '041', ` ${PIN}`, '0'.repeat(10_000)])
      expect(await unlock(token, pin)).toMatchObject({ code: 'INVALID_INPUT' });
    expect((await row(token)).pin_failures).toBe(0);
  });

  test('the fifth ends the session', async () => {
    const { token } = await openWithPin();
    idle();
    for (let tries = 0; tries < 5; tries++)
      expect(await unlock(token, WRONG)).toMatchObject({ code: 'CODE_REFUSED' });
    expect(await errorCodes(unlock(token, PIN))).toEqual(['UNAUTHENTICATED']);
    const refused = Array.from({ length: 5 }, () => 'session.unlock_refused');
    expect(await told(token)).toEqual(['session.created', ...refused, 'session.ended WRONG_PINS']);
  });

  test('ten at once are five at most: it ends once', async () => {
    const { token } = await openWithPin();
    idle();
    const tries = await Promise.allSettled(Array.from({ length: 10 }, () => unlock(token, WRONG)));
    for (const tried of tries)
      if (tried.status === 'fulfilled') expect(tried.value).toMatchObject({ code: 'CODE_REFUSED' });
    expect(await errorCodes(unlock(token, PIN))).toEqual(['UNAUTHENTICATED']);
    const events = await told(token);
    expect(events.filter((event) => event === 'session.ended WRONG_PINS')).toHaveLength(1);
    expect(events.filter((event) => event === 'session.unlock_refused').length).toBeLessThanOrEqual(5);
  });

  test('are limited for the person over all sessions', async () => {
    const { email } = await openWithPin();
    const sessions = await Promise.all(Array.from({ length: 6 }, () => signIn(kit.platform, email)));
    idle();
    for (const token of sessions.slice(0, 5))
      for (let tries = 0; tries < 4; tries++)
        expect(await unlock(token, WRONG)).toMatchObject({ code: 'CODE_REFUSED' });
    const last = sessions[5] ?? '';
    expect(await errorCodes(unlock(last, PIN))).toEqual(['RATE_LIMITED']);
    expect((await row(last)).pin_failures).toBe(0);
    clock.advance({ hours: 1 });
    expect(await unlock(last, PIN)).toEqual(OPEN_AGAIN);
  });
});

describe('removing the PIN', () => {
  test('asks for a step-up, and ends the sessions that it had locked', async () => {
    const { token: locked, email } = await openWithPin();
    const stale = await signIn(kit.platform, email);
    idle();
    const open = await signIn(kit.platform, email);
    const mine = await signIn(kit.platform, email);
    expect(await removePin(mine)).toMatchObject({ code: 'STEP_UP_REQUIRED' });
    await stepUp(kit.database.pool, mine, clock.now());
    expect(await removePin(mine)).toEqual({ __typename: 'PinPayload', hasPin: false });
    for (const token of [locked, stale]) {
      expect(await errorCodes(viewer(token))).toEqual(['UNAUTHENTICATED']);
      expect((await told(token)).at(-1)).toBe('session.ended ENDED_BY_PERSON');
    }
    for (const token of [mine, open]) expect(await viewer(token)).toMatchObject({ viewer: { email } });
    expect(await removePin(mine)).toMatchObject({ code: 'WRONG_STATE' });
    const { user_id: userId } = await row(mine);
    const types = await eventTypes(kit.database.pool, globalIdOf('User', userId));
    expect(types.filter((type) => type.startsWith('user.pin_'))).toEqual([
      'user.pin_set',
      'user.pin_removed',
    ]);
    clock.advance({ hours: 5.9 });
    expect(await viewer(mine)).toMatchObject({ viewer: { email } });
  });
});
