import { beforeAll, expect, test } from 'vitest';
import { eventRows, insertEvents } from '../../../src/adapters/db/event-insert.ts';
import { uuidSource } from '../../../src/adapters/system/uuid-source.ts';
import { accepted } from '../../../src/demo/api-client.ts';
import type { DemoMerchant } from '../../../src/demo/merchant.ts';
import * as operations from '../../../src/generated/documents.ts';
import { expectLedgerInBalance } from '../../fault/ledger-checks.ts';
import { rowIdOf } from '../../testkit/facts.ts';
import { createMovableClock } from '../../testkit/movable-clock.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { bookAvailable } from '../payout-rules/fiat-shop.ts';
import {
  agree,
  callOff,
  forgetHolds,
  insertColleague,
  openPayoutShop,
  PAYEE,
  payoutId,
  setPolicy,
  usdtOf,
} from './payout-shop.ts';

// The rules as the gateway itself carries them out: nobody but its worker acts on what is credited.
const clock = createMovableClock();
const kit = usePlatform({ overrides: { clock } });
const soon = { timeout: 15_000 };

let shop: DemoMerchant;
let rule: string;
beforeAll(async () => {
  shop = await openPayoutShop(kit, clock, 'ada@rules.example');
  await bookAvailable(kit.database.pool, shop.merchantId, 'USDT', -1_000_000_000n);
  const { autoWithdrawalCreate } = await shop.owner.send(operations.AutoWithdrawalCreateDocument, {
    input: {
      merchantId: shop.merchantId,
      asset: 'USDT',
      network: 'ETHEREUM',
      address: PAYEE,
      threshold: '100',
    },
  });
  rule = accepted(autoWithdrawalCreate, 'AutoWithdrawal').id;
});

/** Money comes in, as a payment's. */
async function credit(amount: bigint): Promise<void> {
  const { pool } = kit.database;
  await bookAvailable(pool, shop.merchantId, 'USDT', amount);
  const credited = {
    id: uuidSource.next(),
    type: 'deposit.credited',
    mode: 'LIVE',
    merchantId: rowIdOf(shop.merchantId),
    projectId: rowIdOf(shop.projectId),
    actor: { type: 'SYSTEM', id: null },
    subject: { type: 'STATIC_WALLET', id: uuidSource.next() },
    data: { paymentId: uuidSource.next() },
    occurredAt: clock.now(),
  } as const;
  await pool.query(insertEvents('$1'), [eventRows([credited])]);
}

const made = async () => {
  const { rows } = await kit.database.pool.query<Record<string, unknown>>(
    `SELECT id, status, origin, debited::text, address, actor_type, approvals_required FROM payout ORDER BY created_at, id`,
  );
  return rows;
};
const ruleRow = async () =>
  (
    await kit.database.pool.query<{ failures: number; waits_for: string | null }>(
      'SELECT failures, waits_for FROM auto_withdrawal WHERE id = $1',
      [rowIdOf(rule)],
    )
  ).rows[0];
const failures = async () => (await ruleRow())?.failures;
const waitsFor = async () => (await ruleRow())?.waits_for;

test('what is credited is sent on in the name of the rule’s maker', async () => {
  await credit(60_000_000n);
  await credit(60_000_000n);
  await expect.poll(made, soon).toMatchObject([
    {
      status: 'QUEUED',
      origin: 'AUTO_WITHDRAWAL',
      address: PAYEE,
      actor_type: 'USER',
      approvals_required: 0,
    },
  ]);
  const { available, held } = await usdtOf(kit.database.pool, shop.merchantId);
  expect([available, held]).toEqual([0n, 120_000_000n]);
  await expectLedgerInBalance(kit.database.pool);
});

test('what needs consent waits for somebody other than the rule’s maker', async () => {
  const { pool } = kit.database;
  const [first] = await made();
  accepted(await callOff(shop.owner, { id: payoutId(String(first?.['id'])), revision: 0 }), 'Payout');
  accepted(await setPolicy(shop.owner, shop.merchantId, { approvalsRequired: 1 }), 'Merchant');
  await credit(1_000_000n);
  await expect
    .poll(async () => (await made())[1], soon)
    .toMatchObject({ status: 'PENDING_APPROVAL', debited: '121000000' });
  const id = payoutId(String((await made())[1]?.['id']));
  await expect(agree(shop.owner, { id, revision: 0 })).rejects.toThrow('omebody else');
  const colleague = await insertColleague(pool, shop, kit.platform.api, clock.now());
  expect(await agree(colleague.api, { id, revision: 0 })).toMatchObject({ status: 'QUEUED' });
  accepted(await callOff(shop.owner, { id, revision: 1 }), 'Payout');
  await setPolicy(shop.owner, shop.merchantId, {});
  await forgetHolds(pool);
});

test('what is more than the day’s limit leaves day by day', async () => {
  const { pool } = kit.database;
  const dailyLimit = [{ currency: 'USDT', amount: '50' }] as const;
  accepted(await setPolicy(shop.owner, shop.merchantId, { dailyLimit: [...dailyLimit] }), 'Merchant');
  const before = (await made()).length;
  await credit(1_000_000n);
  const nth = async (n: number) => (await made())[before + n];
  await expect.poll(() => nth(0), soon).toMatchObject({ status: 'QUEUED', debited: '50000000' });
  await pool.query(`UPDATE payout SET status = 'CONFIRMED', ended_at = now() WHERE status = 'QUEUED'`);
  // Even a day that is used up is no failure, and the next one is not waited for in vain.
  await credit(100_000_000n);
  await expect.poll(waitsFor, soon).toBe('LIMIT_REACHED');
  clock.advance({ hours: 25 });
  await expect.poll(() => nth(1), soon).toMatchObject({ status: 'QUEUED', debited: '50000000' });
  await expect.poll(waitsFor, soon).toBe(null);
  expect(await failures()).toBe(0);
});

test('a limit that is less than what may be paid out at least is a failure of the rule', async () => {
  const { pool } = kit.database;
  await pool.query(`UPDATE payout SET status = 'CONFIRMED', ended_at = now() WHERE status = 'QUEUED'`);
  await pool.query(
    `INSERT INTO fee_schedule (id, basis_points, payout_minimums, updated_at)
     VALUES (gen_random_uuid(), 0, '{"USDT": "60000000"}', now())`,
  );
  clock.advance({ hours: 25 });
  await credit(200_000_000n);
  await expect.poll(failures, soon).toBe(1);
  await pool.query('DELETE FROM fee_schedule');
  await pool.query('UPDATE auto_withdrawal SET failures = 0');
});

test('nothing is sent for a maker who lost the authenticator, and the failure is counted', async () => {
  // Nothing of the rule is open.
  await kit.database.pool.query(
    `UPDATE payout SET status = 'CONFIRMED', ended_at = now() WHERE status = 'QUEUED'`,
  );
  const before = await made();
  await kit.database.pool.query('UPDATE totp SET enabled_at = NULL');
  await credit(1_000_000n);
  await expect.poll(failures, soon).toBe(1);
  expect(await made()).toEqual(before);
});
