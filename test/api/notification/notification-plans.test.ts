import { beforeAll, expect, test } from 'vitest';
import { v7 } from 'uuid';
import { deliveryPage } from '../../../src/adapters/db/delivery-reads.ts';
import { markUpToOf } from '../../../src/adapters/db/notification-store.ts';
import type { ApiClient } from '../../../src/demo/api-client.ts';
import type { DemoMerchant } from '../../../src/demo/merchant.ts';
import * as operations from '../../../src/generated/documents.ts';
import { rowIdOf } from '../../testkit/facts.ts';
import { openShop } from '../../testkit/open-shop.ts';
import { asked, pagesOf, planOf } from '../../testkit/plans.ts';
import { usePlatform } from '../../testkit/platform.ts';

const kit = usePlatform({ env: { ROLES: 'api' } });
const TOLD = 100_000;
const OTHERS = 20_000;
let shop: DemoMerchant;
let api: ApiClient;
let userId: string;

/** A person who was told a lot and read most of it, and a second one who read nothing. */
beforeAll(async () => {
  shop = await openShop(kit, 'ada@shop.example');
  api = shop.owner;
  userId = rowIdOf((await api.send(operations.ViewerDocument, {})).viewer.id);
  const { pool } = kit.database;
  const client = await pool.connect();
  try {
    await client.query('SET session_replication_role = replica');
    for (const [person, told, unread] of [
      [userId, TOLD, 50],
      [v7(), OTHERS, OTHERS],
    ] as const) {
      await client.query(
        `INSERT INTO notification (id, event_id, user_id, merchant_id, project_id, mode, event_type, category, severity,
           data, created_at, read_at, seen_at)
         SELECT gen_random_uuid(), gen_random_uuid(), $1, $2, $3, 'LIVE', 'invoice.paid', 'PAYMENTS', 'SUCCESS', '{}',
           now() - n * interval '1 second', CASE WHEN n > $4 THEN now() END, CASE WHEN n > $4 / 2 THEN now() END
         FROM generate_series(1, ${told}) AS n`,
        [person, rowIdOf(shop.merchantId), rowIdOf(shop.projectId), unread],
      );
      await client.query(
        `INSERT INTO delivery (id, event_id, channel, target, user_id, event_type, status, created_at)
         SELECT gen_random_uuid(), gen_random_uuid(), 'EMAIL', 'x', $1, 'invoice.paid',
           (CASE WHEN n % 1000 = 0 THEN 'FAILED' ELSE 'SENT' END)::"DeliveryStatus", now() - n * interval '1 second'
         FROM generate_series(1, ${OTHERS}) AS n`,
        [person],
      );
    }
    await client.query('RESET session_replication_role');
    await client.query('VACUUM ANALYZE notification, delivery');
  } finally {
    client.release();
  }
}, 120_000);

test.each<[string, string, RegExp, () => Promise<unknown>]>([
  ['the counts', 'notification', /notification_unread_idx/, () => api.send(operations.CountsDocument, {})],
  [
    'what is unread',
    'notification',
    /notification_unread_idx/,
    () => api.send(operations.CentreDocument, { first: 20, filter: { state: 'UNREAD' } }),
  ],
  [
    'a page of all',
    'notification',
    /notification_user_id_created_at_id_idx/,
    () => api.send(operations.CentreDocument, { first: 20, filter: { state: 'ALL' } }),
  ],
  [
    'failed messages',
    'delivery',
    /delivery_user_unsent_idx|delivery_unsent_idx/,
    () => api.send(operations.DeliveriesDocument, { first: 20, filter: { status: 'FAILED' } }),
  ],
])('%s are read by their index', async (_name, table, index, work) => {
  const [statement] = await asked(table, work);
  if (!statement) throw new Error('nothing was asked');
  const plan = await planOf(kit.database.pool, statement);
  expect(plan).toMatch(index);
  expect(plan).not.toMatch(/Seq Scan on (notification|delivery)/);
  expect(pagesOf(plan), plan).toBeLessThan(300);
});

test('the counts are exact', async () => {
  const { notificationCounts } = await api.send(operations.CountsDocument, {});
  expect(notificationCounts).toEqual({ unread: 50, unseen: 25 });
});

test('what operators see of the messages that failed is read by its index', async () => {
  const place = { after: null, before: null, limit: 21, fromEnd: false };
  const plan = await planOf(kit.database.pool, deliveryPage({ hearing: null, status: 'FAILED', ...place }));
  expect(plan).toMatch(/delivery_(user_)?unsent_idx/);
  expect(pagesOf(plan), plan).toBeLessThan(300);
});

test('marking all reads what is unread, not what was', async () => {
  const { rows } = await kit.database.pool.query<{ id: string }>(
    'SELECT id FROM notification WHERE user_id = $1 ORDER BY seq DESC LIMIT 1',
    [userId],
  );
  const grants = [
    { merchantId: rowIdOf(shop.merchantId), everywhere: true, projectId: null, types: ['invoice.paid'] },
  ];
  const values = [userId, ['session.created'], JSON.stringify(grants), rows[0]?.id, new Date()];
  const plan = await planOf(kit.database.pool, { text: markUpToOf('READ'), values });
  expect(plan).toMatch(/notification_unread_idx/);
  expect(plan).not.toMatch(/Seq Scan on notification/);
});
