import type { ExecutionResult } from 'graphql';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { v7 } from 'uuid';
import type { DemoMerchant } from '../../../src/demo/merchant.ts';
import * as operations from '../../../src/generated/documents.ts';
import { createNotificationStore } from '../../../src/adapters/db/notification-store.ts';
import { hearingOf } from '../../../src/domain/notification/hearing.ts';
import { everythingTold, globalIdOf, rowIdOf } from '../../testkit/facts.ts';
import {
  connectSse,
  connectWebSocket,
  endingCodes,
  type LiveConnection,
} from '../../testkit/live-clients.ts';
import { openShop } from '../../testkit/open-shop.ts';
import { insertSession, insertUser } from '../../testkit/people.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { happen, insertNotification, personal } from './centre-kit.ts';

const kit = usePlatform();
let shop: DemoMerchant;
let userId: string;
let token: string;
beforeAll(async () => {
  shop = await openShop(kit, 'owner@shop.example');
  // Those who join later are not told of the shop's opening.
  await everythingTold(kit.database.pool);
});
/** A person of the test's own, member of the shop. */
beforeEach(async () => {
  const { pool } = kit.database;
  userId = await insertUser(pool, `${crypto.randomUUID()}@shop.example`);
  await pool.query(
    `INSERT INTO member (id, merchant_id, user_id, role, created_at) VALUES ($1, $2, $3, 'DEVELOPER', now())`,
    [v7(), rowIdOf(shop.merchantId), userId],
  );
  ({ token } = await insertSession(pool, userId));
});

type Transport = readonly [name: string, end: string, connect: (secret: string) => LiveConnection];
const transports: readonly Transport[] = [
  ['WebSocket', '4403', (secret) => connectWebSocket(kit.platform.url, secret)],
  ['server-sent events', 'FORBIDDEN', (secret) => connectSse(kit.platform.url, secret)],
];

/** What a stream ends with: the code of its error, or with which the socket was closed. */
const endOf = async (results: AsyncIterable<ExecutionResult<unknown>>): Promise<string> => {
  try {
    return (await endingCodes(results)).join(' ');
  } catch (thrown) {
    return typeof thrown === 'object' && thrown !== null && 'code' in thrown
      ? String(thrown.code)
      : String(thrown);
  }
};

async function next<T>(results: AsyncIterator<ExecutionResult<T>>): Promise<T> {
  const { done, value } = await results.next();
  if (done || !value.data) throw new Error(`the stream ended: ${JSON.stringify(value)}`);
  return value.data;
}
const added = async (results: AsyncIterator<ExecutionResult<operations.NotificationAddedSubscription>>) =>
  (await next(results)).notificationAdded;
const counted = async (results: AsyncIterator<ExecutionResult<operations.CountsChangedSubscription>>) =>
  (await next(results)).notificationCountsChanged;

/** Something that the person is told; each with a number. */
const tell = (numbers: readonly number[]) =>
  happen(kit.database.pool, ...numbers.map((number) => ({ ...personal(userId), data: { number } })));
const idsInTable = async () => {
  const { rows } = await kit.database.pool.query<{ id: string }>(
    'SELECT id FROM notification WHERE user_id = $1 ORDER BY seq',
    [userId],
  );
  return rows.map(({ id }) => globalIdOf('Notification', id));
};

describe.each(transports)('over %s', (_name, end, connect) => {
  test('what comes is told in order, and from a place on with nothing left out and nothing twice', async () => {
    const first = await insertNotification(kit.database.pool, { userId });
    const connection = connect(token);
    const stream = connection.iterate(operations.NotificationAddedDocument, { after: first });
    await tell([1, 2]);
    const told = [await added(stream), await added(stream)];
    expect(told.map(({ data }) => data)).toEqual([{ number: 1 }, { number: 2 }]);
    connection.kill();
    await tell([3, 4, 5]);
    const again = connect(token);
    const resumed = again.iterate(operations.NotificationAddedDocument, { after: told[0]?.id ?? '' });
    const rest = [await added(resumed), await added(resumed), await added(resumed), await added(resumed)];
    expect(rest.map(({ data }) => data)).toEqual([2, 3, 4, 5].map((number) => ({ number })));
    await tell([6]);
    expect(await added(resumed)).toMatchObject({ data: { number: 6 } });
    again.dispose();
    expect(await idsInTable()).toHaveLength(7);
  });

  test('the counts come at once, after each change, and to each tab', async () => {
    const one = connect(token);
    const counts = one.iterate(operations.CountsChangedDocument, {});
    expect(await counted(counts)).toEqual({ unread: 0, unseen: 0 });
    await tell([1]);
    expect(await counted(counts)).toEqual({ unread: 1, unseen: 1 });
    const tab = one.iterate(operations.CountsChangedDocument, {});
    expect(await counted(tab)).toEqual({ unread: 1, unseen: 1 });
    // Another process: a connection of its own, and no word to this one but by the database.
    const [id = ''] = await idsInTable();
    const hearing = hearingOf({
      type: 'USER',
      userId,
      sessionId: v7(),
      secondFactorAt: null,
      steppedUpAt: null,
      validUntil: new Date(),
      memberships: [],
    });
    if (!hearing) throw new Error('a person hears');
    await createNotificationStore(kit.database.pool).mark(hearing, [rowIdOf(id)], 'READ', new Date());
    expect(await counted(counts)).toEqual({ unread: 0, unseen: 0 });
    expect(await counted(tab)).toEqual({ unread: 0, unseen: 0 });
    one.dispose();
  });

  test('what the person may not read any more is left out, and the session that ends closes it', async () => {
    const connection = connect(token);
    const stream = connection.iterate(operations.NotificationAddedDocument, {
      after: await insertNotification(kit.database.pool, { userId }),
    });
    const place = { merchantId: rowIdOf(shop.merchantId), projectId: rowIdOf(shop.projectId) };
    await happen(kit.database.pool, { type: 'api_key.created', ...place });
    expect(await added(stream)).toMatchObject({ type: 'API_KEY_CREATED' });
    // As if it had been routed while the person was a member there.
    await insertNotification(kit.database.pool, { userId, type: 'api_key.revoked', merchantId: v7() });
    await tell([1]);
    expect(await added(stream)).toMatchObject({ data: { number: 1 } });
    await kit.database.pool.query('UPDATE session SET ended_at = now() WHERE user_id = $1', [userId]);
    await tell([2]);
    expect(await endOf(stream)).toBe(end);
    connection.dispose();
  });
});

test('a right that came after the stream began lets through what it is about', async () => {
  const connection = connectWebSocket(kit.platform.url, token);
  await kit.database.pool.query(`UPDATE member SET role = 'VIEWER' WHERE user_id = $1`, [userId]);
  const stream = connection.iterate(operations.NotificationAddedDocument, {
    after: await insertNotification(kit.database.pool, { userId }),
  });
  await tell([1]);
  expect(await added(stream)).toMatchObject({ data: { number: 1 } });
  await kit.database.pool.query(`UPDATE member SET role = 'DEVELOPER' WHERE user_id = $1`, [userId]);
  const place = { merchantId: rowIdOf(shop.merchantId), projectId: rowIdOf(shop.projectId) };
  await happen(kit.database.pool, { type: 'api_key.created', ...place });
  expect(await added(stream)).toMatchObject({ type: 'API_KEY_CREATED' });
  connection.dispose();
});

test("a place that is none of the person's is refused", async () => {
  const stranger = await insertUser(kit.database.pool, `${crypto.randomUUID()}@other.example`);
  const theirs = await insertNotification(kit.database.pool, { userId: stranger });
  const connection = connectWebSocket(kit.platform.url, token);
  for (const after of [theirs, globalIdOf('Notification', v7()), globalIdOf('Project', v7()), 'x'])
    expect(await endingCodes(connection.iterate(operations.NotificationAddedDocument, { after }))).toEqual([
      'INVALID_INPUT',
    ]);
  connection.dispose();
});

test('a follower that is killed again and again sees each once, in order', async () => {
  const TOLD = 40;
  let after = await insertNotification(kit.database.pool, { userId });
  const seen: number[] = [];
  const telling = (async () => {
    for (let number = 0; number < TOLD; number += 1) await tell([number]);
  })();
  while (seen.length < TOLD) {
    const connection = connectWebSocket(kit.platform.url, token);
    const stream = connection.iterate(operations.NotificationAddedDocument, { after });
    for (let taken = 0; taken < 7 && seen.length < TOLD; taken += 1) {
      const { id, data } = await added(stream);
      after = id;
      seen.push((data as { number: number }).number);
    }
    connection.kill();
  }
  await telling;
  expect(seen).toEqual(Array.from({ length: TOLD }, (_, number) => number));
});
