import { beforeEach, describe, expect, test } from 'vitest';
import { accepted, type ApiClient } from '../../../src/demo/api-client.ts';
import * as operations from '../../../src/generated/documents.ts';
import { totpAt } from '../../testkit/authenticator.ts';
import { globalIdOf, rowCounts, rowIdOf } from '../../testkit/facts.ts';
import { createMovableClock } from '../../testkit/movable-clock.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { errorCodes } from '../../testkit/raw-graphql.ts';
import { openTwoFactorOperator } from './two-factor-operator.ts';
import {
  enableAuthenticator,
  eventData,
  holdsOf,
  openPerson,
  openPersonWithAuthenticator,
  PASSWORD,
  secrets,
  signInWith,
} from './two-factor-kit.ts';

const clock = createMovableClock();
const kit = usePlatform({ overrides: { clock } });
const WRITTEN = ['two_factor_reset_request', 'totp', 'recovery_code', 'withdrawal_hold', 'event'] as const;
const REASON = 'My phone fell into the sea.';
const ANSWER = 'We spoke on the phone.';

beforeEach(() => clock.advance({ seconds: 16 * 60 }));

const ask = async (email: string, password = PASSWORD) =>
  (await kit.platform.api.send(operations.TwoFactorResetRequestDocument, { input: { email, password } }))
    .twoFactorResetRequest;
const file = async (token: string, reason = REASON) =>
  (await kit.platform.api.send(operations.TwoFactorResetFileDocument, { input: { token, reason } }))
    .twoFactorResetFile;
const decide = async (client: ApiClient, input: operations.TwoFactorResetDecideInput) =>
  (await client.send(operations.TwoFactorResetDecideDocument, { input })).twoFactorResetDecide;
const listed = async (client: ApiClient, status: operations.TwoFactorResetStatus = 'PENDING') =>
  (await client.send(operations.TwoFactorResetRequestsDocument, { status, first: 100 }))
    .twoFactorResetRequests.edges;
const counts = () => rowCounts(kit.database.pool, WRITTEN);

/** The tokens of the links that the person was mailed, oldest first. */
const linksOf = async (userId: string): Promise<string[]> =>
  (await eventData(kit, userId, 'user.two_factor_reset_requested')).map(
    (data) => secrets.derive('TWO_FACTOR_RESET', (data as { tokenId: string }).tokenId).secret,
  );
async function linkOf({ email, userId }: { email: string; userId: string }): Promise<string> {
  await ask(email);
  return (await linksOf(userId)).at(-1) ?? '';
}
/** Files a request and gives its global id. */
async function fileFor(person: { email: string; userId: string }): Promise<string> {
  accepted(await file(await linkOf(person)), 'TwoFactorResetFilePayload');
  const { rows } = await kit.database.pool.query<{ id: string }>(
    `SELECT id FROM two_factor_reset_request WHERE user_id = $1 AND status = 'PENDING'`,
    [person.userId],
  );
  return globalIdOf('TwoFactorResetRequest', rows[0]?.id ?? '');
}

describe('asking for the link', () => {
  test('mails it, however many links for a new password strangers asked for', async () => {
    const person = await openPersonWithAuthenticator(kit, clock, 'abe@shop.example');
    const recover = () =>
      kit.platform.api.send(operations.PasswordResetRequestDocument, { input: { email: person.email } });
    for (let n = 0; n < 5; n += 1) await recover();
    expect(await errorCodes(recover())).toEqual(['RATE_LIMITED']);
    await ask(person.email);
    expect(await linksOf(person.userId)).toHaveLength(1);
  });

  test('is answered alike for everybody, writes as much, and mails only where all is right', async () => {
    const person = await openPersonWithAuthenticator(kit, clock, 'ada@shop.example');
    const plain = await openPerson(kit, 'ben@shop.example');
    const tokens = () => rowCounts(kit.database.pool, ['user_token']);
    const before = await counts();
    const links = (await tokens())['user_token'] ?? 0;
    for (const [email, password] of [
      [plain.email, PASSWORD],
      [person.email, 'wrong'],
      ['nobody@shop.example', PASSWORD],
    ] as const) {
      expect(await ask(email, password)).toEqual({ __typename: 'TwoFactorResetRequestPayload', email });
    }
    expect(await counts()).toEqual(before);
    expect(await ask(` ${person.email.toUpperCase()} `)).toMatchObject({
      __typename: 'TwoFactorResetRequestPayload',
    });
    expect(await tokens()).toEqual({ user_token: links + 4 });
    expect(await linksOf(person.userId)).toHaveLength(1);
    expect(await linksOf(plain.userId)).toEqual([]);
  });

  test('mails five links an hour, and the sixth is answered as the others', async () => {
    const person = await openPersonWithAuthenticator(kit, clock, 'cleo@shop.example');
    for (let n = 0; n < 7; n += 1) {
      expect(await ask(person.email)).toMatchObject({ __typename: 'TwoFactorResetRequestPayload' });
    }
    expect(await linksOf(person.userId)).toHaveLength(5);
  });

  test('counts as an attempt to sign in: it is no way to guess passwords', async () => {
    const person = await openPersonWithAuthenticator(kit, clock, 'dora@shop.example');
    clock.advance({ seconds: 16 * 60 });
    for (let n = 0; n < 10; n += 1) await ask(person.email, 'wrong');
    expect(await errorCodes(ask(person.email))).toEqual(['RATE_LIMITED']);
    expect(
      await errorCodes(signInWith(kit.platform.api, { email: person.email, password: PASSWORD })),
    ).toEqual(['RATE_LIMITED']);
    expect(await linksOf(person.userId)).toEqual([]);
  });
});

describe('the link', () => {
  test('files one request, once, and tells the person', async () => {
    const person = await openPersonWithAuthenticator(kit, clock, 'emil@shop.example');
    const link = await linkOf(person);
    const other = await linkOf(person);
    expect(await file(link)).toEqual({ __typename: 'TwoFactorResetFilePayload', filed: true });
    expect(await file(link)).toMatchObject({ code: 'INVALID_TOKEN', path: ['input', 'token'] });
    expect(await file(other)).toMatchObject({ code: 'WRONG_STATE' });
    expect(await eventData(kit, person.userId, 'user.two_factor_reset_filed')).toEqual([
      { requestId: expect.any(String), reason: REASON },
    ]);
    const totpCode = person.nextCode();
    // Nothing has changed by asking.
    accepted(
      await signInWith(kit.platform.api, { email: person.email, password: PASSWORD, totpCode }),
      'SessionCreatePayload',
    );
  });

  test('used by many at once files one request', async () => {
    const person = await openPersonWithAuthenticator(kit, clock, 'finn@shop.example');
    const link = await linkOf(person);
    const results = await Promise.all(Array.from({ length: 10 }, () => file(link)));
    expect(results.filter((result) => result.__typename === 'TwoFactorResetFilePayload')).toHaveLength(1);
    expect(await eventData(kit, person.userId, 'user.two_factor_reset_filed')).toHaveLength(1);
  });

  test('is refused when it is made up, too old, or of another purpose, and files nothing', async () => {
    const person = await openPersonWithAuthenticator(kit, clock, 'gus@shop.example');
    const old = await linkOf(person);
    const { rows } = await kit.database.pool.query<{ id: string }>(
      `SELECT id FROM user_token WHERE user_id = $1 AND purpose = 'EMAIL_CONFIRMATION'`,
      [person.userId],
    );
    const confirmation = secrets.derive('EMAIL_CONFIRMATION', rows[0]?.id ?? '').secret;
    clock.advance({ seconds: 3600 });
    const before = await counts();
    for (const token of [old, confirmation, 'made-up', '', 'x'.repeat(10_000), 'a\u0000b']) {
      expect(await file(token)).toMatchObject({ code: 'INVALID_TOKEN' });
    }
    for (const reason of ['short', ' '.repeat(50), 'x'.repeat(1001), `${REASON}\u0000`]) {
      expect(await file(old, reason)).toMatchObject({ code: 'INVALID_INPUT', path: ['input', 'reason'] });
    }
    expect(await counts()).toEqual(before);
  });

  test('opens a page that asks for the reason; opening it changes nothing', async () => {
    const person = await openPersonWithAuthenticator(kit, clock, 'hugo@shop.example');
    const token = await linkOf(person);
    const url = `${kit.platform.url}/two-factor-reset`;
    const before = await counts();
    const shown = await fetch(`${url}?token=${token}`);
    expect(shown.status).toBe(200);
    expect(shown.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await shown.text()).toContain(`value="${token}"`);
    const send = (fields: Record<string, string>) =>
      fetch(url, { method: 'POST', body: new URLSearchParams(fields) });
    const script = '<script>alert(1)</script>';
    expect((await send({ token, reason: 'no' })).status).toBe(422);
    expect(await (await send({ token: script, reason: REASON })).text()).not.toContain(script);
    expect((await fetch(`${url}?${new URLSearchParams({ token: script })}`)).status).toBe(410);
    expect((await fetch(url, { method: 'PUT' })).status).toBe(405);
    expect((await send({ token, reason: 'x'.repeat(20_000) })).status).toBe(413);
    expect(await counts()).toEqual(before);
    const sent = await send({ token, reason: `${REASON}\r\nReally.` });
    expect([sent.status, await sent.text()]).toEqual([200, expect.stringContaining('We have your request')]);
    expect((await send({ token, reason: REASON })).status).toBe(410);
    expect((await send({ token: await linkOf(person), reason: REASON })).status).toBe(409);
  });
});

describe('an operator', () => {
  test('approves: the authenticator goes, sessions end, payouts are held, the password is asked for still', async () => {
    const operator = await openTwoFactorOperator(kit, clock, 'SUPPORT');
    const person = await openPersonWithAuthenticator(kit, clock, 'iris@shop.example');
    const requestId = await fileFor(person);
    const row = (await listed(operator.client)).find(({ node }) => node.id === requestId);
    expect(row?.node).toEqual({
      id: requestId,
      email: person.email,
      userId: globalIdOf('User', person.userId),
      reason: REASON,
      status: 'PENDING',
    });
    const decided = await decide(operator.client, { requestId, decision: 'APPROVED', answer: ANSWER });
    expect(decided).toMatchObject({ status: 'APPROVED', answer: ANSWER });
    expect(await errorCodes(person.client.send(operations.ViewerDocument, {}))).toEqual(['UNAUTHENTICATED']);
    expect(await holdsOf(kit, person.merchantId)).toContain('TWO_FACTOR_RESET');
    expect(await eventData(kit, person.userId, 'user.two_factor_reset_decided')).toEqual([
      { requestId: rowIdOf(requestId), decision: 'APPROVED', answer: ANSWER },
    ]);
    const ended = await eventData(kit, person.userId, 'session.ended');
    expect(ended).toContainEqual({ sessionId: expect.any(String), reason: 'TWO_FACTOR_RESET' });
    const { rows } = await kit.database.pool.query(
      'SELECT 1 FROM session WHERE user_id = $1 AND ended_at IS NULL',
      [person.userId],
    );
    expect(rows).toEqual([]);
    const { api } = kit.platform;
    expect(await signInWith(api, { email: person.email, password: 'wrong' })).toMatchObject({
      code: 'INVALID_CREDENTIALS',
    });
    const { token } = accepted(
      await signInWith(api, { email: person.email, password: PASSWORD }),
      'SessionCreatePayload',
    );
    const { viewer } = await api.as(token).send(operations.TwoFactorOfViewerDocument, {});
    expect(viewer).toMatchObject({ twoFactorEnabled: false, recoveryCodesLeft: 0 });
  });

  test('rejects: nothing changes, and the person may ask again', async () => {
    const operator = await openTwoFactorOperator(kit, clock, 'ADMIN');
    const person = await openPersonWithAuthenticator(kit, clock, 'jan@shop.example');
    const requestId = await fileFor(person);
    expect(await decide(operator.client, { requestId, decision: 'REJECTED', answer: ANSWER })).toMatchObject({
      status: 'REJECTED',
    });
    const { viewer } = await person.client.send(operations.TwoFactorOfViewerDocument, {});
    expect(viewer).toMatchObject({ twoFactorEnabled: true, recoveryCodesLeft: 10 });
    expect(await holdsOf(kit, person.merchantId)).not.toContain('TWO_FACTOR_RESET');
    expect(await decide(operator.client, { requestId, decision: 'APPROVED', answer: ANSWER })).toMatchObject({
      code: 'WRONG_STATE',
    });
    expect(await fileFor(person)).not.toBe(requestId);
  });

  test('and another one decide once between them', async () => {
    const one = await openTwoFactorOperator(kit, clock, 'SUPPORT');
    const other = await openTwoFactorOperator(kit, clock, 'SUPPORT');
    const person = await openPersonWithAuthenticator(kit, clock, 'kim@shop.example');
    const requestId = await fileFor(person);
    const decisions = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        decide(n % 2 ? one.client : other.client, {
          requestId,
          decision: n % 3 ? 'APPROVED' : 'REJECTED',
          answer: ANSWER,
        }),
      ),
    );
    expect(decisions.filter((result) => result.__typename === 'TwoFactorResetRequest')).toHaveLength(1);
    expect(await eventData(kit, person.userId, 'user.two_factor_reset_decided')).toHaveLength(1);
  });

  test('does not take off an authenticator that was set up after the request', async () => {
    const operator = await openTwoFactorOperator(kit, clock, 'SUPPORT');
    const person = await openPersonWithAuthenticator(kit, clock, 'lea@shop.example');
    const requestId = await fileFor(person);
    const input = { totpCode: person.nextCode() };
    await person.client.send(operations.TwoFactorDisableDocument, { input });
    const approve = () => decide(operator.client, { requestId, decision: 'APPROVED', answer: ANSWER });
    expect(await approve()).toMatchObject({ code: 'WRONG_STATE' });
    await enableAuthenticator(kit, clock, person);
    expect(await approve()).toMatchObject({ code: 'WRONG_STATE' });
    const { viewer } = await person.client.send(operations.TwoFactorOfViewerDocument, {});
    expect(viewer.twoFactorEnabled).toBe(true);
  });

  test('does not decide on the own request', async () => {
    const operator = await openTwoFactorOperator(kit, clock, 'ADMIN');
    const { rows } = await kit.database.pool.query<{ id: string }>(
      `INSERT INTO two_factor_reset_request (id, user_id, reason, created_at)
       VALUES (gen_random_uuid(), $1, 'mine, all mine', $2) RETURNING id`,
      [operator.userId, clock.now()],
    );
    const requestId = globalIdOf('TwoFactorResetRequest', rows[0]?.id ?? '');
    expect(await decide(operator.client, { requestId, decision: 'APPROVED', answer: ANSWER })).toMatchObject({
      code: 'WRONG_STATE',
    });
  });

  test('decides on another operator only where it manages operators', async () => {
    const admin = await openTwoFactorOperator(kit, clock, 'ADMIN');
    const { rows } = await kit.database.pool.query<{ id: string }>(
      `INSERT INTO two_factor_reset_request (id, user_id, reason, created_at)
       VALUES (gen_random_uuid(), $1, 'the phone is gone', $2) RETURNING id`,
      [admin.userId, clock.now()],
    );
    const requestId = globalIdOf('TwoFactorResetRequest', rows[0]?.id ?? '');
    const support = await openTwoFactorOperator(kit, clock, 'SUPPORT');
    const before = await counts();
    for (const decision of ['APPROVED', 'REJECTED'] as const) {
      expect(await decide(support.client, { requestId, decision, answer: ANSWER })).toMatchObject({
        code: 'WRONG_STATE',
      });
    }
    expect(await counts()).toEqual(before);
    const other = await openTwoFactorOperator(kit, clock, 'ADMIN');
    expect(
      await decide(other.client, { requestId, decision: 'REJECTED', answer: ANSWER }),
    ).not.toHaveProperty('code');
  });

  test('needs the right, a second factor in the session, and a proof of presence', async () => {
    const person = await openPersonWithAuthenticator(kit, clock, 'mia@shop.example');
    const requestId = await fileFor(person);
    const input = { requestId, decision: 'APPROVED', answer: ANSWER } as const;
    const before = await counts();
    const moderator = await openTwoFactorOperator(kit, clock, 'MODERATOR');
    const weak = await openTwoFactorOperator(kit, clock, 'ADMIN', { secondFactor: false });
    for (const client of [person.client, moderator.client, weak.client]) {
      expect(await errorCodes(decide(client, input))).toEqual(['FORBIDDEN']);
      expect(await errorCodes(listed(client))).toEqual(['FORBIDDEN']);
      const { node } = await client.send(operations.NodeDocument, { id: requestId });
      expect(node).toBeNull();
    }
    expect(await errorCodes(decide(kit.platform.api, input))).toEqual(['UNAUTHENTICATED']);
    const lazy = await openTwoFactorOperator(kit, clock, 'ADMIN', { steppedUp: false });
    expect(await decide(lazy.client, input)).toMatchObject({ code: 'STEP_UP_REQUIRED' });
    expect(await decide(lazy.client, { ...input, answer: 'no' })).toMatchObject({ code: 'INVALID_INPUT' });
    const operator = await openTwoFactorOperator(kit, clock, 'SUPPORT');
    const nowhere = globalIdOf('TwoFactorResetRequest', '019a0000-0000-7000-8000-000000000000');
    expect(await decide(operator.client, { ...input, requestId: nowhere })).toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(await operator.client.send(operations.NodeDocument, { id: requestId })).toMatchObject({
      node: { id: requestId },
    });
    expect(await counts()).toEqual(before);
  });

  test('without a second factor can still set one up, and has the rights from then on', async () => {
    const operator = await openTwoFactorOperator(kit, clock, 'SUPPORT', { secondFactor: false });
    expect(await errorCodes(listed(operator.client))).toEqual(['FORBIDDEN']);
    const { secret } = await enableAuthenticator(kit, clock, operator);
    expect(await listed(operator.client)).toBeInstanceOf(Array);
    clock.advance({ seconds: 30 });
    const input = { totpCode: totpAt(secret, clock.now()) };
    const off = await operator.client.send(operations.TwoFactorDisableDocument, { input });
    expect(off.twoFactorDisable).toMatchObject({ disabled: true });
    expect(await errorCodes(listed(operator.client))).toEqual(['FORBIDDEN']);
  });

  test('reads the requests page by page', async () => {
    const operator = await openTwoFactorOperator(kit, clock, 'SUPPORT');
    const all = (await listed(operator.client)).map(({ node }) => node.id);
    expect(all.length).toBeGreaterThan(2);
    const paged: string[] = [];
    let after: string | undefined;
    for (;;) {
      const variables = { status: 'PENDING', first: 1, ...(after === undefined ? {} : { after }) } as const;
      const page = await operator.client.send(operations.TwoFactorResetRequestsDocument, variables);
      const [edge] = page.twoFactorResetRequests.edges;
      if (!edge) break;
      paged.push(edge.node.id);
      after = edge.cursor;
    }
    expect(paged).toEqual(all);
    expect(
      await errorCodes(
        operator.client.send(operations.TwoFactorResetRequestsDocument, {
          status: 'PENDING',
          after: 'R1BDOlM6eA==',
        }),
      ),
    ).toEqual(['INVALID_INPUT']);
  });
});
