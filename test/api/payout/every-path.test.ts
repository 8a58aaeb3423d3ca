import type { Pool } from 'pg';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createArgon2Hasher } from '../../../src/adapters/secrets/argon2-hasher.ts';
import { uuidSource } from '../../../src/adapters/system/uuid-source.ts';
import { accepted } from '../../../src/demo/api-client.ts';
import * as operations from '../../../src/generated/documents.ts';
import { globalIdOf, rowIdOf } from '../../testkit/facts.ts';
import { createMovableClock } from '../../testkit/movable-clock.ts';
import { openOperator } from '../../testkit/operator.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { sessionRow } from '../../testkit/sessions.ts';
import { forgetAttempts } from '../../testkit/team.ts';
import { balancesIn, bookAvailable } from '../payout-rules/fiat-shop.ts';
import { paidInvoice } from '../refund/refund-shop.ts';
import { PAYER, type PathGround } from './payout-brought.ts';
import { CONSENTS, TABLE } from './payout-path-table.ts';
import { IN_BACKGROUND, PATHS, PIN, type PathName } from './payout-paths.ts';
import { forgetHolds, openPayoutShop, traces, turnLive, usdtOf } from './payout-shop.ts';

const clock = createMovableClock();
// The tests take the workers' steps themselves.
const kit = usePlatform({ env: { ROLES: 'api' }, overrides: { clock } });
let ground: PathGround;
let merchantId: string;
beforeAll(async () => {
  const { pool } = kit.database;
  const shop = await openPayoutShop(kit, clock, 'ada@paths.example');
  merchantId = rowIdOf(shop.merchantId);
  const invoiceId = await paidInvoice(shop.test, { amount: '1000', customerEmail: PAYER });
  await turnLive(pool, shop.merchantId, invoiceId);
  const { projectUpdate } = await shop.owner.send(operations.ProjectUpdateDocument, {
    input: { projectId: shop.projectId, defaults: { policies: { overpaid: 'REBOUND' } } },
  });
  accepted(projectUpdate, 'Project');
  const { user_id: userId } = await sessionRow(pool, shop.sessionToken);
  const pinHash = await (await createArgon2Hasher()).hash(PIN);
  await pool.query('UPDATE "user" SET pin_hash = $2 WHERE id = $1', [userId, pinHash]);
  const operator = (await openOperator(kit.platform, kit.database, 'MODERATOR', { at: clock.now() })).api;
  const bankAccountId = uuidSource.next();
  await pool.query(ACCOUNT, [bankAccountId, merchantId]);
  ground = { kit, shop, invoiceId, operator, bankAccountId: globalIdOf('BankAccount', bankAccountId) };
});

const EUR = 100_000n;
const ACCOUNT = `
  INSERT INTO bank_account (id, merchant_id, currency, holder, account, country, created_at, usable_at)
  VALUES ($1, $2, 'EUR', 'Acme Ltd', 'DE89370400440532013000', 'DE', now(), now() - interval '1 day')`;
const HOLD = `
  INSERT INTO withdrawal_hold (id, merchant_id, user_id, reason, started_at, ends_at)
  VALUES ($1, $2, $3, 'EMAIL_CHANGED', $4, $4::timestamptz + interval '1 day')`;
const OWNER = `(SELECT user_id FROM member WHERE merchant_id = $1 AND role = 'OWNER')`;
const LIST = `
  INSERT INTO withdrawal_address (id, merchant_id, network, address, label, created_at, usable_at)
  VALUES ($1, $2, 'ETHEREUM', '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359', 'New', $3, $3::timestamptz + interval '1 day')`;

/** Lets one check fail. */
const FAILING: Readonly<Record<string, (pool: Pool) => Promise<unknown>>> = {
  'a hold of the merchant': (pool) => pool.query(HOLD, [uuidSource.next(), merchantId, null, clock.now()]),
  'a hold of the person': async (pool) => {
    const { rows } = await pool.query<{ user_id: string }>(`SELECT ${OWNER} AS user_id`, [merchantId]);
    await pool.query(HOLD, [uuidSource.next(), null, rows[0]?.user_id, clock.now()]);
  },
  'an address that is not listed': async (pool) => {
    await pool.query('UPDATE merchant SET whitelist_on = true');
    await pool.query('UPDATE bank_account SET removed_at = now()');
  },
  'an address that was listed lately': async (pool) => {
    await pool.query('UPDATE merchant SET whitelist_on = true');
    await pool.query(LIST, [uuidSource.next(), merchantId, clock.now()]);
    await pool.query(`UPDATE bank_account SET usable_at = $1::timestamptz + interval '1 day'`, [clock.now()]);
  },
  'no second factor': async (pool) => {
    await pool.query('UPDATE session SET second_factor_at = NULL');
    await pool.query('UPDATE totp SET enabled_at = NULL');
  },
  'no proof of presence': (pool) => pool.query('UPDATE session SET stepped_up_at = NULL'),
  'a role without the right': async (pool) => {
    await pool.query(`UPDATE member SET role = 'SUPPORT' WHERE merchant_id = $1 AND role = 'OWNER'`, [
      merchantId,
    ]);
    await pool.query(`UPDATE operator SET role = 'SUPPORT'`);
  },
  'a key without the scope': (pool) =>
    pool.query(`UPDATE api_key SET scopes = array_remove(scopes, 'payout:write')`),
  'a key without a list of addresses': (pool) => pool.query(`UPDATE api_key SET ip_ranges = '{}'`),
  'a key at another address': (pool) => pool.query(`UPDATE api_key SET ip_ranges = '{192.0.2.0/24}'`),
  'a key that was revoked': (pool) => pool.query('UPDATE api_key SET revoked_at = now()'),
  'more than the day’s limit': (pool) =>
    pool.query(
      `INSERT INTO payout_policy (merchant_id, daily_limit, updated_at) VALUES ($1, '{"USDT": "1", "EUR": "1"}', now())`,
      [merchantId],
    ),
  'more than there is': async (pool) => {
    const { available } = await usdtOf(pool, ground.shop.merchantId);
    await bookAvailable(pool, ground.shop.merchantId, 'USDT', -available);
    await bookAvailable(pool, ground.shop.merchantId, 'EUR', -(await eurOf(pool)));
  },
};

/** All checks hold again, there is money, and nothing is open. */
async function restore(pool: Pool): Promise<void> {
  await forgetHolds(pool);
  await forgetAttempts(kit);
  const at = clock.now();
  for (const sql of [
    'UPDATE merchant SET whitelist_on = false',
    'DELETE FROM withdrawal_address',
    'DELETE FROM payout_policy',
    `UPDATE bank_account SET removed_at = NULL, usable_at = now() - interval '1 day'`,
    `UPDATE auto_withdrawal SET disabled_at = now(), disabled_why = 'BY_MEMBER'`,
    `UPDATE totp SET enabled_at = now()`,
    `UPDATE member SET role = 'OWNER' WHERE role = 'SUPPORT'`,
    `UPDATE operator SET role = 'MODERATOR'`,
    `UPDATE api_key SET revoked_at = NULL, ip_ranges = '{127.0.0.0/16,::1/128,::ffff:127.0.0.0/112}',
       scopes = array_append(array_remove(scopes, 'payout:write'), 'payout:write')`,
    `UPDATE payout SET status = 'FAILED', ended_at = now(), waits_for = NULL, waits_asset = NULL WHERE status IN ('QUEUED', 'PENDING_APPROVAL')`,
  ])
    await pool.query(sql);
  await pool.query('UPDATE session SET active_at = $1, stepped_up_at = $1, second_factor_at = $1', [at]);
  const { available } = await usdtOf(pool, ground.shop.merchantId);
  await bookAvailable(pool, ground.shop.merchantId, 'USDT', 1_000_000_000n - available);
  await bookAvailable(pool, ground.shop.merchantId, 'EUR', EUR - (await eurOf(pool)));
}

/** Available in EUR. */
const eurOf = async (pool: Pool): Promise<bigint> =>
  BigInt((await balancesIn(pool, ground.shop.merchantId, 'EUR'))['AVAILABLE'] ?? 0);

/** What a refusal leaves as it was: everything; what goes on by itself may say why it waits, but nothing moves. */
async function standing(pool: Pool, name: PathName): Promise<object> {
  const money = {
    USDT: await usdtOf(pool, ground.shop.merchantId),
    EUR: await balancesIn(pool, ground.shop.merchantId, 'EUR'),
  };
  if (!IN_BACKGROUND.has(name)) {
    const { keys, ...all } = { keys: '', ...(await traces(pool)) };
    // A batch is answered as a whole: its key stands for that answer, whatever became of its rows.
    return { ...money, ...all, ...(name.startsWith('a batch') ? {} : { keys }) };
  }
  const { rows } = await pool.query<object>(MOVED);
  return { ...money, ...rows[0] };
}
const MOVED = `
  SELECT (SELECT count(*) FROM posting) AS postings, (SELECT count(*) FROM spend) AS spends,
    (SELECT count(*) FROM payout WHERE status NOT IN ('PENDING_APPROVAL', 'QUEUED')) AS gone,
    (SELECT count(*) FROM payout WHERE origin = 'AUTO_WITHDRAWAL') AS by_rule`;

const names = Object.keys(PATHS) as PathName[];

beforeEach(() => restore(kit.database.pool));

test.each(names)('%s is let through when nothing is amiss', async (name) => {
  const ask = await PATHS[name](ground);
  expect(await ask()).toBe('MADE');
});

describe.each(Object.entries(TABLE))('%s', (check, cells) => {
  test.each(names)('is asked of %s, or is not for a reason', async (name) => {
    const { pool } = kit.database;
    const expected = cells[name];
    const ask = await PATHS[name](ground);
    await FAILING[check]?.(pool);
    const before = await standing(pool, name);
    const outcome = await ask();
    if (typeof expected === 'string') {
      expect(outcome).toBe(expected);
      expect(await standing(pool, name)).toEqual(before);
    } else expect(outcome, expected.passes).toBe('MADE');
  });
});

test.each(names)(
  'the consents that are needed are asked for on the path of %s, or not for a reason',
  async (name) => {
    const ask = await PATHS[name](ground);
    await kit.database.pool.query(
      'INSERT INTO payout_policy (merchant_id, approvals_required, updated_at) VALUES ($1, 2, now())',
      [merchantId],
    );
    const expected = CONSENTS[name];
    expect(await ask()).toBe(typeof expected === 'string' ? expected : 'MADE');
  },
);

test('the table has a row for every check that can fail', () => {
  expect(Object.keys(FAILING)).toEqual(Object.keys(TABLE));
});
