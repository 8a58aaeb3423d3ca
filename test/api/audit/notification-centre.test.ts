import { v7 } from 'uuid';
import { beforeAll, expect, test } from 'vitest';
import type { ApiClient } from '../../../src/demo/api-client.ts';
import { openMerchant, signIn, type DemoMerchant } from '../../../src/demo/merchant.ts';
import * as operations from '../../../src/generated/documents.ts';
import { newEvent, writeEvents } from '../../bus/bus-fixture.ts';
import { everythingRouted, everythingTold, rowIdOf } from '../../testkit/facts.ts';
import { insertSession, insertUser } from '../../testkit/people.ts';
import { usePlatform } from '../../testkit/platform.ts';

const kit = usePlatform();
let shop: DemoMerchant;
let merchantId: string;
let projectId: string;
let userId: string;
let memberApi: ApiClient;

/** Changes the membership as the use cases do. */
const become = (set: string) =>
  kit.database.pool.query(`UPDATE member SET ${set} WHERE merchant_id = $1 AND user_id = $2`, [
    merchantId,
    userId,
  ]);

const centre = async (): Promise<{ id: string; type: string }[]> =>
  (await memberApi.send(operations.AuditCentreDocument, { first: 100 })).notifications.edges.map(
    ({ node }) => node,
  );
const types = async () => (await centre()).map(({ type }) => type).toSorted();
const nodeOf = async (id: string) => (await memberApi.send(operations.AuditCentreEntryDocument, { id })).node;

const ALL = ['API_KEY_CREATED', 'INVOICE_PAID', 'MERCHANT_UPDATED', 'USER_PASSWORD_CHANGED'];

beforeAll(async () => {
  shop = await openMerchant(kit.platform, 'owner@shop.example');
  merchantId = rowIdOf(shop.merchantId);
  projectId = rowIdOf(shop.projectId);
  const { pool } = kit.database;
  // What opened the shop is told before there is somebody else to tell it to.
  await everythingRouted(pool);
  userId = await insertUser(pool, 'dev@shop.example');
  await pool.query(
    `INSERT INTO member (id, merchant_id, user_id, role, created_at) VALUES ($1, $2, $3, 'DEVELOPER', now())`,
    [v7(), merchantId, userId],
  );
  memberApi = kit.platform.api.as((await insertSession(pool, userId)).token);
  await writeEvents(
    pool,
    newEvent({ type: 'api_key.created', merchantId, projectId }),
    newEvent({ type: 'invoice.paid', merchantId, projectId }),
    newEvent({ type: 'merchant.updated', merchantId, mode: null }),
    newEvent({ type: 'member.joined', merchantId, mode: null }),
    newEvent({ type: 'user.password_changed', mode: null, subject: { type: 'USER', id: userId } }),
  );
  // Signing in wakes the readers of the events.
  await signIn(kit.platform, 'owner@shop.example');
  await everythingTold(pool);
});

test('the centre has what the role may hear of', async () => {
  expect(await types()).toEqual(ALL);
});

test('entries vanish with the right and come back with it, in the list and by their ids', async () => {
  const key = (await centre()).find(({ type }) => type === 'API_KEY_CREATED')?.id ?? '';
  expect(await nodeOf(key)).toEqual({ __typename: 'Notification', id: key });

  await become(`role = 'VIEWER'`);
  expect(await types()).toEqual(ALL.filter((type) => type !== 'API_KEY_CREATED'));
  expect(await nodeOf(key)).toBeNull();

  await become(`role = 'DEVELOPER', restricted = true, project_ids = ARRAY['${projectId}']::uuid[]`);
  expect(await types()).toEqual(ALL);
  await become(`project_ids = ARRAY['${v7()}']::uuid[]`);
  expect(await types()).toEqual(['MERCHANT_UPDATED', 'USER_PASSWORD_CHANGED']);
  expect(await nodeOf(key)).toBeNull();
  await become(`project_ids = '{}'`);
  expect(await types()).toEqual(['MERCHANT_UPDATED', 'USER_PASSWORD_CHANGED']);

  await become(`restricted = false, disabled_at = now()`);
  expect(await types()).toEqual(['USER_PASSWORD_CHANGED']);
  expect(await nodeOf(key)).toBeNull();
  await become('disabled_at = NULL');
  expect(await types()).toEqual(ALL);
});

test('what happens while a person is disabled is never told', async () => {
  await become('disabled_at = now()');
  await writeEvents(kit.database.pool, newEvent({ type: 'invoice.overpaid', merchantId, projectId }));
  await signIn(kit.platform, 'owner@shop.example');
  await everythingTold(kit.database.pool);
  await become('disabled_at = NULL');
  expect(await types()).toEqual(ALL);
  const { rows } = await kit.database.pool.query(
    `SELECT target FROM delivery JOIN event ON event.id = delivery.event_id WHERE event.type = 'invoice.overpaid'`,
  );
  expect(rows).toEqual([{ target: 'owner@shop.example' }]);
});

test('a person who was removed keeps only the own entries', async () => {
  await kit.database.pool.query('DELETE FROM member WHERE merchant_id = $1 AND user_id = $2', [
    merchantId,
    userId,
  ]);
  expect(await types()).toEqual(['USER_PASSWORD_CHANGED']);
});

test('members hear of the closing of their merchant, and of nothing after it', async () => {
  const { pool } = kit.database;
  const closedAt = new Date();
  await pool.query('UPDATE merchant SET closed_at = $2 WHERE id = $1', [merchantId, closedAt]);
  const data = { merchantName: 'Corner Shop' };
  await writeEvents(
    pool,
    newEvent({ type: 'merchant.closed', merchantId, mode: null, data, occurredAt: closedAt }),
    newEvent({ type: 'invoice.paid', merchantId, projectId, occurredAt: new Date(closedAt.getTime() + 1) }),
  );
  const before = kit.platform.mail.mails.length;
  await signIn(kit.platform, 'owner@shop.example');
  await everythingTold(pool);
  expect(kit.platform.mail.mails.slice(before).map(({ parsed }) => parsed.subject)).toEqual([
    'The account Corner Shop was closed',
  ]);
});
