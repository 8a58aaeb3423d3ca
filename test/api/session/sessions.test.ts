import { beforeAll, describe, expect, test } from 'vitest';
import { accepted } from '../../../src/demo/api-client.ts';
import { openMerchant, signIn, type DemoMerchant } from '../../../src/demo/merchant.ts';
import * as operations from '../../../src/generated/documents.ts';
import { globalIdOf, rowCounts } from '../../testkit/facts.ts';
import { connectWebSocket } from '../../testkit/live-clients.ts';
import { createMovableClock } from '../../testkit/movable-clock.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { errorCodes, postGraphQL } from '../../testkit/raw-graphql.ts';
import { sessionEvents, sessionRow } from '../../testkit/sessions.ts';

const clock = createMovableClock();
const kit = usePlatform({ overrides: { clock } });
let ours: DemoMerchant;
let theirs: DemoMerchant;
beforeAll(async () => {
  ours = await openMerchant(kit.platform, 'ada@shop.example');
  theirs = await openMerchant(kit.platform, 'bob@other.example');
});

const viewer = (token: string) => kit.platform.api.as(token).send(operations.ViewerDocument, {});
const act = (token: string) =>
  kit.platform.api.as(token).send(operations.TelegramLinkCreateDocument, { input: { bot: 'INFO' } });
const sessionsOf = async (token: string, page: operations.SessionsQueryVariables = {}) =>
  (await kit.platform.api.as(token).send(operations.SessionsDocument, page)).viewer.sessions.edges;
const end = async (token: string, sessionId?: string) =>
  (
    await kit.platform.api
      .as(token)
      .send(operations.SessionEndDocument, sessionId === undefined ? {} : { input: { sessionId } })
  ).sessionEnd;
const row = (token: string) => sessionRow(kit.database.pool, token);
const activeAt = async (token: string) => (await row(token)).active_at.getTime();
const globalId = async (token: string) => globalIdOf('Session', (await row(token)).id);
/** A new session of ours on which nothing was done yet. */
const open = () => signIn(kit.platform, ours.email);

describe('activity', () => {
  test('is a mutation, also over a socket, and a query that says so; no other query is', async () => {
    const token = await open();
    const began = await activeAt(token);
    clock.advance({ seconds: 120 });
    await viewer(token);
    const sent = (headers: Record<string, string>) =>
      postGraphQL(
        kit.platform.url,
        operations.ViewerDocument,
        {},
        { authorization: `Bearer ${token}`, ...headers },
      );
    await sent({ 'x-paybell-activity': 'poll' });
    await sent({ 'x-paybell-activity': '' });
    expect(await activeAt(token)).toBe(began);

    await sent({ 'x-paybell-activity': 'user' });
    const declared = await activeAt(token);
    expect(declared).toBeGreaterThanOrEqual(began + 120_000);

    clock.advance({ seconds: 120 });
    await act(token);
    const changed = await activeAt(token);
    expect(changed).toBeGreaterThanOrEqual(declared + 120_000);

    clock.advance({ seconds: 120 });
    const socket = connectWebSocket(kit.platform.url, token);
    await socket.iterate(operations.ViewerDocument, {}).next();
    expect(await activeAt(token)).toBe(changed);
    socket.dispose();
    const other = connectWebSocket(kit.platform.url, token);
    await other.iterate(operations.TelegramLinkCreateDocument, { input: { bot: 'INFO' } }).next();
    expect(await activeAt(token)).toBeGreaterThanOrEqual(changed + 120_000);
    other.dispose();
  });

  test('counts over the way of Yoga too, and though the mutation is refused', async () => {
    const token = await open();
    const began = await activeAt(token);
    clock.advance({ seconds: 120 });
    const headers = { authorization: `Bearer ${token}`, accept: 'multipart/mixed, application/json' };
    const input = { merchantId: theirs.merchantId, name: 'not mine' };
    await postGraphQL(kit.platform.url, operations.ProjectCreateDocument, { input }, headers);
    expect(await activeAt(token)).toBeGreaterThanOrEqual(began + 120_000);
  });

  test('is written once a minute at most, and never backwards', async () => {
    const token = await open();
    const began = await activeAt(token);
    clock.advance({ seconds: 55 });
    await Promise.all(Array.from({ length: 5 }, () => act(token)));
    expect(await activeAt(token)).toBe(began);
    clock.advance({ seconds: 10 });
    await Promise.all(Array.from({ length: 5 }, () => act(token)));
    const later = await activeAt(token);
    expect(later).toBeGreaterThan(began);
    // A process whose clock is behind.
    clock.advance({ hours: -1 });
    await act(token);
    expect(await activeAt(token)).toBe(later);
    clock.advance({ hours: 1 });
  });

  test('does not come from polling, whatever its rhythm: the session ends', async () => {
    const token = await open();
    for (let polls = 0; polls < 6; polls++) {
      await viewer(token);
      clock.advance({ hours: 1 });
    }
    expect(await errorCodes(viewer(token))).toEqual(['UNAUTHENTICATED']);
  });

  test('keeps no session beyond thirty days', async () => {
    const token = await open();
    const { id } = await row(token);
    await kit.database.pool.query(
      `UPDATE session SET created_at = created_at - interval '30 days' + interval '1 minute' WHERE id = $1`,
      [id],
    );
    await act(token);
    clock.advance({ seconds: 61 });
    expect(await errorCodes(act(token))).toEqual(['UNAUTHENTICATED']);
  });
});

describe('the list of sessions', () => {
  test('shows the person’s own live ones, newest first, and which is current', async () => {
    const shop = await openMerchant(kit.platform, 'cleo@shop.example');
    const answer = await postGraphQL(
      kit.platform.url,
      operations.SessionCreateDocument,
      { input: { email: shop.email, password: 'correct horse battery staple' } },
      { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' },
    );
    const { sessionCreate } = answer.body.data as operations.SessionCreateMutation;
    const { token } = accepted(sessionCreate, 'SessionCreatePayload');
    const edges = await sessionsOf(token);
    expect(edges.map(({ node }) => node.id)).toEqual([
      await globalId(token),
      await globalId(shop.sessionToken),
    ]);
    expect(edges[0]?.node).toMatchObject({
      device: 'Firefox on Linux',
      ip: '127.0.0.1',
      current: true,
      secondFactor: false,
    });
    expect(edges[1]?.node).toMatchObject({ current: false });
    const [first] = await sessionsOf(token, { first: 1 });
    const second = await sessionsOf(token, { first: 1, after: first?.cursor ?? '' });
    expect(second.map(({ node }) => node.id)).toEqual([edges[1]?.node.id]);

    clock.advance({ hours: 5 });
    await act(token);
    clock.advance({ hours: 1 });
    // The other one is over by its idle time.
    expect((await sessionsOf(token)).map(({ node }) => node.id)).toEqual([edges[0]?.node.id]);
  });

  test('and its rows are nobody else’s', async () => {
    const token = await open();
    const bob = await signIn(kit.platform, theirs.email);
    const id = await globalId(token);
    const node = (secret: string) => kit.platform.api.as(secret).send(operations.NodeDocument, { id });
    expect((await node(token)).node).toEqual({ __typename: 'Session', id });
    expect((await node(bob)).node).toBeNull();
    expect((await node(ours.liveKey)).node).toBeNull();
    const answer = await kit.platform.api.send(operations.NodeDocument, { id });
    expect(answer.node).toBeNull();
    await end(token);
    const again = await open();
    expect((await node(again)).node).toBeNull();
  });
});

describe('ending', () => {
  test('another session of one’s own, once', async () => {
    const [mine, lost] = [await open(), await open()];
    const id = await globalId(lost);
    expect(await end(mine, id)).toEqual({ __typename: 'SessionEndPayload', ended: true });
    expect(await errorCodes(viewer(lost))).toEqual(['UNAUTHENTICATED']);
    expect(await viewer(mine)).toMatchObject({ viewer: { email: ours.email } });
    const { id: rowId } = await row(lost);
    const told = ['session.created', 'session.ended ENDED_BY_PERSON'];
    expect(await sessionEvents(kit.database.pool, rowId)).toEqual(told);
    expect(await end(mine, id)).toMatchObject({ __typename: 'NotFoundError', path: ['input', 'sessionId'] });
    expect(await sessionEvents(kit.database.pool, rowId)).toEqual(told);
  });

  test('the current one, named or not; only one event is written, however often', async () => {
    const [named, unnamed] = [await open(), await open()];
    expect(await end(named, await globalId(named))).toMatchObject({ ended: true });
    await Promise.allSettled(Array.from({ length: 10 }, () => end(unnamed)));
    for (const token of [named, unnamed]) {
      expect(await errorCodes(viewer(token))).toEqual(['UNAUTHENTICATED']);
      const told = await sessionEvents(kit.database.pool, (await row(token)).id);
      expect(told).toEqual(['session.created', 'session.ended SIGNED_OUT']);
    }
  });

  test('a stranger’s session is not possible, nor by an id of another type', async () => {
    const [token, bob] = [await open(), await signIn(kit.platform, theirs.email)];
    const before = await rowCounts(kit.database.pool, ['event']);
    expect(await end(bob, await globalId(token))).toMatchObject({ code: 'NOT_FOUND' });
    const nowhere = globalIdOf('Session', '019a0000-0000-7000-8000-000000000000');
    expect(await end(bob, nowhere)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await end(bob, theirs.projectId)).toMatchObject({ code: 'INVALID_INPUT' });
    expect(await rowCounts(kit.database.pool, ['event'])).toEqual(before);
    expect(await viewer(token)).toMatchObject({ viewer: { email: ours.email } });
    expect(await viewer(bob)).toMatchObject({ viewer: { email: theirs.email } });
  });

  test('all others leaves the current one and strangers', async () => {
    const shop = await openMerchant(kit.platform, 'dora@shop.example');
    const others = [shop.sessionToken, await signIn(kit.platform, shop.email)];
    const mine = await signIn(kit.platform, shop.email);
    const bob = await signIn(kit.platform, theirs.email);
    const endOthers = () => kit.platform.api.as(mine).send(operations.SessionsEndOthersDocument, {});
    expect(await endOthers()).toEqual({ sessionsEndOthers: { endedCount: 2 } });
    for (const token of others) {
      expect(await errorCodes(viewer(token))).toEqual(['UNAUTHENTICATED']);
      const told = await sessionEvents(kit.database.pool, (await row(token)).id);
      expect(told.at(-1)).toBe('session.ended ENDED_BY_PERSON');
    }
    expect(await viewer(mine)).toMatchObject({ viewer: { email: shop.email } });
    expect(await viewer(bob)).toMatchObject({ viewer: { email: theirs.email } });
    expect(await endOthers()).toEqual({ sessionsEndOthers: { endedCount: 0 } });
  });

  test('is refused to keys and strangers', async () => {
    const { api } = kit.platform;
    expect(await errorCodes(api.as(ours.liveKey).send(operations.SessionsEndOthersDocument, {}))).toEqual([
      'FORBIDDEN',
    ]);
    expect(await errorCodes(api.send(operations.SessionsEndOthersDocument, {}))).toEqual(['UNAUTHENTICATED']);
    expect(await errorCodes(api.as(ours.liveKey).send(operations.SessionEndDocument, {}))).toEqual([
      'FORBIDDEN',
    ]);
  });
});
