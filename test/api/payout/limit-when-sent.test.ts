import { expect, test } from 'vitest';
import { createPayoutStore } from '../../../src/adapters/db/payout-store.ts';
import { uuidSource } from '../../../src/adapters/system/uuid-source.ts';
import type { Payout } from '../../../src/domain/payout/payout.ts';
import { rowIdOf } from '../../testkit/facts.ts';
import { openShop } from '../../testkit/open-shop.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { bookAvailable, insertPayout } from '../payout-rules/fiat-shop.ts';
import { PAYEE } from './payout-shop.ts';

const kit = usePlatform();

test('what waited counts again when it is sent', async () => {
  const { pool } = kit.database;
  const { merchantId } = await openShop(kit, 'ada@sent.example');
  await bookAvailable(pool, merchantId, 'USDT', 1_000_000_000n);
  const payouts = createPayoutStore(pool, uuidSource);
  const at = new Date();
  const hours = (count: number) => new Date(at.getTime() + count * 3_600_000);
  const waiting = (more: Partial<Payout> = {}) =>
    insertPayout(pool, {
      merchantId: rowIdOf(merchantId),
      currency: 'USDT',
      debited: 20_000_000n,
      target: { kind: 'CRYPTO', network: 'ETHEREUM', address: PAYEE },
      ...more,
    });
  const sign = ({ id }: Payout, status = 'SIGNED') =>
    pool.query(
      `UPDATE payout SET status = $3::text::"PayoutStatus", signed_at = $2,
         ended_at = CASE $3::text WHEN 'FAILED' THEN $2::timestamptz END WHERE id = $1`,
      [id, at, status],
    );
  // Asked for on three days, all of them held back.
  const [first, second, third] = [await waiting(), await waiting(), await waiting()];
  const isBeyond = ({ id }: Payout, when: Date = at) => payouts.isBeyondDay(id, when);
  expect(await isBeyond(first)).toBe(false);

  await pool.query(
    `INSERT INTO payout_policy (merchant_id, approvals_required, approval_above, daily_limit, updated_at)
     VALUES ($1, 0, '{}', '{"USDT": "40000000"}', $2)`,
    [rowIdOf(merchantId), at],
  );
  expect(await isBeyond(first)).toBe(false);
  await sign(first);
  expect(await isBeyond(second)).toBe(false);
  await sign(second);
  expect(await isBeyond(third)).toBe(true);
  expect(await isBeyond(third, hours(23))).toBe(true);
  expect(await isBeyond(third, hours(25))).toBe(false);
  // What the chain did not carry out has not left.
  await sign(second, 'FAILED');
  expect(await isBeyond(third)).toBe(false);
  await sign(second);

  // The payer's own money.
  expect(await isBeyond(await waiting({ origin: 'REBOUND', sourceId: uuidSource.next() }))).toBe(false);
  await pool.query(`UPDATE payout_policy SET daily_limit = '{"BTC": "1"}'`);
  expect(await isBeyond(third)).toBe(false);
});
