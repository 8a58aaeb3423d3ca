import { beforeAll, expect, test } from 'vitest';
import { buildSchema } from '../../../src/graphql/core/schema.ts';
import { rowCounts } from '../../testkit/facts.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { sendTo } from './api-requests.ts';
import { everybody, type ApiCaller } from './callers.ts';
import { ACCOUNT_ROWS } from './account-rows.ts';
import { HUB_ROWS } from './hub-rows.ts';
import { PAYOUT_LIST_ROWS } from './payout-list-rows.ts';
import { PAYOUT_ROWS } from './payout-rows.ts';
import { REFUND_ROWS } from './refund-rows.ts';
import { SHOP_ROWS } from './shop-rows.ts';
import type { Matrix } from './rows.ts';
import { LOST } from './things.ts';
import { WALLET_ROWS } from './wallet-rows.ts';
import { WEBHOOK_ROWS } from './webhook-rows.ts';
import { unanswered } from './answered.ts';
import { uncovered, violations } from './walker.ts';
import { openWorld, rowId, type World } from './world.ts';

const kit = usePlatform();
const schema = buildSchema();
const ROWS = [
  ACCOUNT_ROWS,
  SHOP_ROWS,
  WALLET_ROWS,
  HUB_ROWS,
  WEBHOOK_ROWS,
  REFUND_ROWS,
  PAYOUT_ROWS,
  PAYOUT_LIST_ROWS,
];
const matrix = {
  fields: Object.assign({}, ...ROWS.map(({ fields }) => fields)) as Matrix<World>['fields'],
  nodes: Object.assign({}, ...ROWS.map(({ nodes }) => nodes)) as Matrix<World>['nodes'],
};
/** What no request of the matrix may write. Of sessions those end that were opened for it. */
const UNTOUCHED = [
  'user_token',
  'merchant',
  'project',
  'api_key',
  'invoice',
  'quote',
  'payment',
  'static_wallet',
  'payment_link',
  'payout',
  'payout_policy',
  'payout_approval',
  'bank_account',
  'auto_withdrawal',
  'refund',
  'rebound',
  'webhook_secret',
  'posting',
  'telegram_link',
  'operator',
  'notification_preference',
  'notification_settings',
] as const;

/** How many rows there are, without the people and endpoints that are made to be removed. */
async function rowsLeft(): Promise<Record<string, number | string>> {
  const { rows } = await kit.database.pool.query<{ user: number; member: number }>(
    `SELECT count(*)::int AS "user", count(m.id)::int AS member
     FROM "user" u LEFT JOIN member m ON m.user_id = u.id WHERE u.email NOT LIKE '%@' || $1`,
    [LOST],
  );
  const endpoints = await kit.database.pool.query(
    `SELECT id, url, status, revision FROM webhook_endpoint WHERE deleted_at IS NULL AND strpos(url, $1) = 0 ORDER BY id`,
    [LOST],
  );
  const kept = { webhook_endpoint: JSON.stringify(endpoints.rows) };
  return { ...(await rowCounts(kit.database.pool, UNTOUCHED)), ...rows[0], ...kept };
}

let world: World;
let callers: readonly ApiCaller[];
beforeAll(async () => {
  world = await openWorld(kit);
  callers = await everybody(world);
});

test('every field and type of the schema has a row in the matrix, and every row a field', () => {
  expect(uncovered(schema, matrix)).toEqual([]);
});

test('no key may do what it is refused the answer to', () => {
  const ground = { merchantId: rowId(world.merchantId), projectId: rowId(world.projectId) };
  expect(unanswered(schema, matrix, world, ground)).toEqual([]);
});

test('everybody gets what the rights say and nothing else, and changes nothing', async () => {
  const before = await rowsLeft();
  const found = await violations({
    schema,
    matrix,
    world,
    ground: { merchantId: rowId(world.merchantId), projectId: rowId(world.projectId) },
    callers,
    send: sendTo(kit.platform.url, kit.database.pool),
  });
  expect(found).toEqual([]);
  expect(await rowsLeft()).toEqual(before);
}, 600_000);
