import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { v7 } from 'uuid';
import type { ApiClient } from '../../../src/demo/api-client.ts';
import type { DemoMerchant } from '../../../src/demo/merchant.ts';
import * as operations from '../../../src/generated/documents.ts';
import { everythingTold, globalIdOf, rowIdOf } from '../../testkit/facts.ts';
import { openShop } from '../../testkit/open-shop.ts';
import { insertSession, insertUser } from '../../testkit/people.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { errorCodes } from '../../testkit/raw-graphql.ts';
import { insertNotification } from './centre-kit.ts';

const kit = usePlatform();
let shop: DemoMerchant;
let api: ApiClient;
let userId: string;
let other: string;
let otherApi: ApiClient;
beforeAll(async () => {
  shop = await openShop(kit, 'ada@shop.example');
  const { pool } = kit.database;
  api = shop.owner;
  userId = rowIdOf((await api.send(operations.ViewerDocument, {})).viewer.id);
  other = await insertUser(pool, 'bob@other.example');
  otherApi = kit.platform.api.as((await insertSession(pool, other)).token);
  // What the shop's opening tells its owner comes before the tests.
  await everythingTold(pool);
});
beforeEach(async () => {
  await kit.database.pool.query('DELETE FROM notification');
});

const add = (facts: Partial<Parameters<typeof insertNotification>[1]> = {}) =>
  insertNotification(kit.database.pool, { userId, ...facts });
const list = async (variables: operations.CentreQueryVariables = {}) =>
  (await api.send(operations.CentreDocument, { first: 100, ...variables })).notifications.edges;
const ids = async (filter: operations.NotificationFilter | null = null) =>
  (await list({ filter })).map(({ node }) => node.id);
const counts = async (client = api) => (await client.send(operations.CountsDocument, {})).notificationCounts;
const rows = async () =>
  (await kit.database.pool.query('SELECT * FROM notification ORDER BY seq')).rows as Record<
    string,
    unknown
  >[];

const DOCUMENTS = {
  read: operations.MarkReadDocument,
  unread: operations.MarkUnreadDocument,
  archive: operations.ArchiveDocument,
  unarchive: operations.UnarchiveDocument,
} as const;
const mark = async (what: keyof typeof DOCUMENTS, notificationIds: readonly string[], client = api) =>
  (await client.send(DOCUMENTS[what], { input: { notificationIds } })).outcome;
const seen = async (until: string, client = api) =>
  (await client.send(operations.MarkSeenDocument, { input: { until } })).outcome;
const allRead = async (until: string, client = api) =>
  (await client.send(operations.MarkAllReadDocument, { input: { until } })).outcome;

describe('the list', () => {
  test('is newest first, in pages whose cursors are good for this very list of this person', async () => {
    const at = new Date('2026-06-01T00:00:00Z');
    const all: string[] = [];
    for (let i = 0; i < 5; i += 1) all.unshift(await add({ at }));
    all.unshift(await add({ at: new Date('2026-06-02T00:00:00Z') }));
    const found: string[] = [];
    let after: string | null = null;
    do {
      const { notifications }: operations.CentreQuery = await api.send(operations.CentreDocument, {
        first: 2,
        after,
      });
      found.push(...notifications.edges.map(({ node }) => node.id));
      after = notifications.pageInfo.hasNextPage ? (notifications.pageInfo.endCursor ?? null) : null;
    } while (after !== null);
    expect(found).toEqual(all);
    const [first, , third] = await list();
    const back = await api.send(operations.CentreDocument, { last: 1, before: third?.cursor ?? '' });
    expect(back.notifications.edges.map(({ node }) => node.id)).toEqual([all[1]]);
    const cursor = first?.cursor ?? '';
    const refused = ['INVALID_INPUT'];
    expect(await errorCodes(list({ after: cursor, filter: { state: 'UNREAD' } }))).toEqual(refused);
    expect(await errorCodes(otherApi.send(operations.CentreDocument, { after: cursor }))).toEqual(refused);
  });

  test('is filtered by what became of it, and by what it is about', async () => {
    const merchantId = rowIdOf(shop.merchantId);
    const projectId = rowIdOf(shop.projectId);
    const unread = await add({ at: new Date('2026-01-01T00:00:00Z') });
    const read = await add({ severity: 'CRITICAL' });
    const archived = await add();
    const ofProject = await add({
      type: 'invoice.paid',
      category: 'PAYMENTS',
      severity: 'SUCCESS',
      mode: 'LIVE',
      merchantId,
      projectId,
    });
    await mark('read', [read]);
    await mark('archive', [archived]);
    expect(await ids()).toEqual([ofProject, read, unread]);
    expect(await ids({ state: 'UNREAD' })).toEqual([ofProject, unread]);
    expect(await ids({ state: 'READ' })).toEqual([read]);
    expect(await ids({ state: 'ARCHIVED' })).toEqual([archived]);
    expect(await ids({ state: 'ALL' })).toEqual([ofProject, archived, read, unread]);
    expect(await ids({ category: 'PAYMENTS' })).toEqual([ofProject]);
    expect(await ids({ severity: 'CRITICAL' })).toEqual([read]);
    expect(await ids({ mode: 'LIVE' })).toEqual([ofProject]);
    expect(await ids({ mode: 'TEST' })).toEqual([]);
    expect(await ids({ projectId: shop.projectId })).toEqual([ofProject]);
    expect(await ids({ projectId: globalIdOf('Project', v7()) })).toEqual([]);
    expect(await ids({ since: '2026-01-01T00:00:00.001Z' })).toEqual([ofProject, read]);
  });

  test('leads to the project, the merchant and the thing', async () => {
    const { rows: events } = await kit.database.pool.query<{ id: string; subject_id: string }>(
      `SELECT id, subject_id FROM event WHERE type = 'project.created' AND merchant_id = $1`,
      [rowIdOf(shop.merchantId)],
    );
    const [event] = events;
    const place = { merchantId: rowIdOf(shop.merchantId), projectId: rowIdOf(shop.projectId) };
    const id = await add({ type: 'project.created', category: 'PROJECT', ...place });
    await kit.database.pool.query('UPDATE notification SET event_id = $2 WHERE id = $1', [
      rowIdOf(id),
      event?.id,
    ]);
    expect((await list())[0]?.node).toMatchObject({
      project: { id: shop.projectId },
      merchant: { id: shop.merchantId, name: 'Corner Shop' },
      subjectId: globalIdOf('Project', event?.subject_id ?? ''),
    });
  });
});

describe('marks', () => {
  test('read, unread, archived and back, each told with the counts', async () => {
    const [a, b, c] = [await add(), await add(), await add()];
    expect(await counts()).toEqual({ unread: 3, unseen: 3 });
    const done = await mark('read', [a, b]);
    expect(done).toMatchObject({ __typename: 'NotificationsPayload', counts: { unread: 1, unseen: 1 } });
    expect(done).toMatchObject({ notifications: [{ id: b }, { id: a }] });
    expect(await mark('unread', [a])).toMatchObject({
      notifications: [{ id: a, readAt: null, seenAt: expect.any(String) }],
      counts: { unread: 2, unseen: 1 },
    });
    expect(await mark('archive', [a, c])).toMatchObject({ counts: { unread: 0, unseen: 0 } });
    expect(await mark('unarchive', [a, c])).toMatchObject({ counts: { unread: 2, unseen: 0 } });
  });

  test('are kept when they are made again', async () => {
    const a = await add();
    await mark('read', [a]);
    const before = await rows();
    const again = await Promise.all(Array.from({ length: 10 }, () => mark('read', [a, a])));
    for (const outcome of again) expect(outcome).toMatchObject({ notifications: [{ id: a }] });
    expect(await rows()).toEqual(before);
  });

  test('leave what came meanwhile as it is', async () => {
    const [older, shown, later] = [await add(), await add(), await add()];
    expect(await seen(shown)).toMatchObject({ counts: { unread: 3, unseen: 1 } });
    expect(await allRead(shown)).toMatchObject({ counts: { unread: 1, unseen: 1 } });
    expect(await ids({ state: 'UNREAD' })).toEqual([later]);
    expect(await ids({ state: 'READ' })).toEqual([shown, older]);
  });

  test('go beyond one step, and stop at the place', async () => {
    await kit.database.pool.query(
      `INSERT INTO notification (id, event_id, user_id, event_type, category, severity, data, created_at)
       SELECT gen_random_uuid(), gen_random_uuid(), $1, 'session.created', 'SECURITY', 'INFO', '{}', now()
       FROM generate_series(1, 12000)`,
      [userId],
    );
    const last = await add();
    await add();
    const outcomes = await Promise.all([allRead(last), seen(last), allRead(last), mark('archive', [last])]);
    for (const outcome of outcomes) expect(outcome).not.toHaveProperty('code');
    expect(await counts()).toEqual({ unread: 1, unseen: 1 });
  });

  test("pass over what is not the person's", async () => {
    const mine = await add();
    const theirs = await insertNotification(kit.database.pool, { userId: other });
    const gone = await add({ type: 'invoice.paid', category: 'PAYMENTS', merchantId: v7() });
    const before = await rows();
    const foreign = [theirs, gone, globalIdOf('Notification', v7())];
    for (const what of ['read', 'unread', 'archive', 'unarchive'] as const)
      expect(await mark(what, foreign)).toMatchObject({ notifications: [] });
    for (const id of foreign) {
      expect(await seen(id)).toMatchObject({ code: 'NOT_FOUND', path: ['input', 'until'] });
      expect(await allRead(id)).toMatchObject({ code: 'NOT_FOUND' });
    }
    expect(await rows()).toEqual(before);
    expect(await counts()).toEqual({ unread: 1, unseen: 1 });
    await allRead(mine);
    const { rows: untouched } = await kit.database.pool.query(
      'SELECT 1 FROM notification WHERE id = ANY($1) AND read_at IS NULL AND seen_at IS NULL',
      [[rowIdOf(theirs), rowIdOf(gone)]],
    );
    expect(untouched).toHaveLength(2);
  });

  test('take 1 to 100 notifications', async () => {
    expect(await mark('read', [])).toMatchObject({
      code: 'INVALID_INPUT',
      path: ['input', 'notificationIds'],
    });
    const many = Array.from({ length: 101 }, () => globalIdOf('Notification', v7()));
    expect(await mark('read', many)).toMatchObject({ code: 'INVALID_INPUT' });
    expect(await mark('read', many.slice(1))).toMatchObject({ notifications: [] });
  });
});
