import { beforeAll, describe, expect, test } from 'vitest';
import { uuidSource } from '../../../src/adapters/system/uuid-source.ts';
import { accepted, type ApiClient } from '../../../src/demo/api-client.ts';
import type { DemoMerchant } from '../../../src/demo/merchant.ts';
import type { Payout } from '../../../src/domain/payout/payout.ts';
import * as operations from '../../../src/generated/documents.ts';
import { eventTypes, globalIdOf, rowCounts, rowIdOf } from '../../testkit/facts.ts';
import { createMovableClock } from '../../testkit/movable-clock.ts';
import { openShop } from '../../testkit/open-shop.ts';
import { openOperator, type TestOperator } from '../../testkit/operator.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { forgetHolds } from '../payout/payout-shop.ts';
import { balancesIn, bookAvailable, insertPayout } from './fiat-shop.ts';

const clock = createMovableClock();
const kit = usePlatform({ overrides: { clock } });
const shops = { count: 0 };
let operator: TestOperator;
let shop: DemoMerchant;
let bankAccountId: string;
beforeAll(async () => {
  await openFiatShop();
  // The hold of the shop's new LIVE key is over, and the cool-off of the bank account.
  clock.advance({ hours: 25 });
  operator = await openOperator(kit.platform, kit.database, 'MODERATOR', { at: clock.now() });
});

async function openFiatShop(): Promise<void> {
  shop = await openShop(kit, `fiat${(shops.count += 1)}@shop.example`, clock.now());
  const { bankAccountAdd } = await shop.owner.send(operations.BankAccountAddDocument, {
    input: {
      merchantId: shop.merchantId,
      currency: 'EUR',
      holder: 'Acme Ltd',
      account: 'DE89370400440532013000',
      country: 'DE',
    },
  });
  bankAccountId = rowIdOf(accepted(bankAccountAdd, 'BankAccount').id);
}

const take = async (payoutId: string, api: ApiClient = operator.api) =>
  (await api.send(operations.FiatPayoutTakeDocument, { input: { payoutId } })).fiatPayoutTake;
const callOff = async (payoutId: string, revision: number) =>
  (await shop.owner.send(operations.PayoutCallOffDocument, { input: { payoutId, revision } })).payoutCancel;
const settle = async (payoutId: string, bankReference = ' SEPA-1 ', api: ApiClient = operator.api) =>
  (await api.send(operations.FiatPayoutSettleDocument, { input: { payoutId, bankReference } }))
    .fiatPayoutSettle;
const reject = async (
  payoutId: string,
  reason = 'The bank knows no such account.',
  api: ApiClient = operator.api,
) => (await api.send(operations.FiatPayoutRejectDocument, { input: { payoutId, reason } })).fiatPayoutReject;

/** A payout of 50 EUR with 1 EUR of fee, after its money was booked; gives the global id. */
async function ask(more: Partial<Payout> = {}): Promise<string> {
  const { pool } = kit.database;
  await bookAvailable(pool, shop.merchantId, 'EUR', 5_000n, more.mode);
  const merchantId = rowIdOf(shop.merchantId);
  const target = { kind: 'FIAT', bankAccountId } as const;
  const made = await insertPayout(pool, { merchantId, target, currency: 'EUR', debited: 5_000n, ...more });
  return globalIdOf('Payout', made.id);
}

const written = () =>
  rowCounts(kit.database.pool, ['payout', 'event', 'posting']).then(async (counts) => [
    counts,
    (await kit.database.pool.query('SELECT id, status, revision FROM payout ORDER BY id')).rows,
  ]);

async function unchanged(work: () => Promise<unknown>): Promise<void> {
  const before = await written();
  await work();
  expect(await written()).toEqual(before);
}

describe('a payout to a bank account', () => {
  test('is settled once, however many operators say so at once', async () => {
    const payoutId = await ask();
    accepted(await take(payoutId), 'FiatPayout');
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? settle(payoutId) : reject(payoutId))),
    );
    const ended = answers.filter(({ __typename }) => __typename === 'FiatPayout');
    expect(ended).toHaveLength(1);
    expect(answers.filter((answer) => 'code' in answer && answer.code === 'WRONG_STATE')).toHaveLength(9);
    expect(await eventTypes(kit.database.pool, payoutId)).toHaveLength(2);
    await unchanged(async () => {
      expect(await settle(payoutId)).toMatchObject({ code: 'WRONG_STATE' });
      expect(await reject(payoutId)).toMatchObject({ code: 'WRONG_STATE' });
    });
  });

  test('leaves the balance when it is settled', async () => {
    const before = await balancesIn(kit.database.pool, shop.merchantId, 'EUR');
    const payoutId = await ask();
    accepted(await take(payoutId), 'FiatPayout');
    expect(await settle(payoutId)).toMatchObject({ status: 'CONFIRMED', bankReference: 'SEPA-1' });
    expect(await balancesIn(kit.database.pool, shop.merchantId, 'EUR')).toEqual({ ...before, HELD: '0' });
    const { rows } = await kit.database.pool.query(
      `SELECT a.kind, p.amount::text FROM posting p JOIN ledger_account a ON a.id = p.account_id
       JOIN ledger_transaction t ON t.id = p.transaction_id
       WHERE t.source_type = 'PAYOUT' AND t.source_id = $1 AND t.kind = 'SENT' ORDER BY a.kind::text`,
      [rowIdOf(payoutId)],
    );
    expect(rows).toEqual([
      { kind: 'CUSTODY', amount: '4900' },
      { kind: 'FEES', amount: '100' },
      { kind: 'HELD', amount: '-5000' },
    ]);
    expect(await eventTypes(kit.database.pool, payoutId)).toEqual(['payout.taken', 'payout.confirmed']);
  });

  test('is available again when it is rejected, and the merchant is told why', async () => {
    const before = await balancesIn(kit.database.pool, shop.merchantId, 'EUR');
    const payoutId = await ask();
    expect(await reject(payoutId)).toMatchObject({
      status: 'REJECTED',
      reason: 'The bank knows no such account.',
    });
    const after = await balancesIn(kit.database.pool, shop.merchantId, 'EUR');
    expect(BigInt(after['AVAILABLE'] ?? 0) - BigInt(before['AVAILABLE'] ?? 0)).toBe(5_000n);
    expect(after['HELD']).toBe('0');
    const { rows } = await kit.database.pool.query('SELECT type, data FROM event WHERE subject_id = $1', [
      rowIdOf(payoutId),
    ]);
    expect(rows).toMatchObject([
      { type: 'payout.rejected', data: { reason: 'The bank knows no such account.', status: 'REJECTED' } },
    ]);
  });

  test('is none of those who are no such operator, nor decided without words', async () => {
    const payoutId = await ask();
    const at = clock.now();
    const support = await openOperator(kit.platform, kit.database, 'SUPPORT', { at });
    const weak = await openOperator(kit.platform, kit.database, 'ADMIN', { at, secondFactorAt: null });
    const away = await openOperator(kit.platform, kit.database, 'ADMIN', { at, steppedUpAt: null });
    await unchanged(async () => {
      for (const { api } of [support, weak])
        for (const decide of [() => settle(payoutId, 'x', api), () => take(payoutId, api)])
          await expect(decide()).rejects.toThrow('not allowed');
      expect(await take(payoutId, away.api)).toMatchObject({ code: 'STEP_UP_REQUIRED' });
      expect(await settle(payoutId, 'x', away.api)).toMatchObject({ code: 'STEP_UP_REQUIRED' });
      expect(await reject(payoutId, 'x', away.api)).toMatchObject({ code: 'STEP_UP_REQUIRED' });
      for (const text of ['  ', 'a\nb', 'x'.repeat(141)])
        expect(await settle(payoutId, text)).toMatchObject({ path: ['input', 'bankReference'] });
      for (const text of ['  ', 'a\u0000b', 'x'.repeat(1_001)])
        expect(await reject(payoutId, text)).toMatchObject({ path: ['input', 'reason'] });
      expect(await settle(globalIdOf('Payout', uuidSource.next()))).toMatchObject({ code: 'NOT_FOUND' });
      expect(await settle(shop.merchantId)).toMatchObject({ code: 'INVALID_INPUT' });
    });
    accepted(await reject(payoutId), 'FiatPayout');
  });

  test('to an address, or before its consents, is not an operator’s to end', async () => {
    const address = '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359';
    const target = { kind: 'CRYPTO', network: 'ETHEREUM', address } as const;
    const crypto = await ask({ target });
    const waiting = await ask({ status: 'PENDING_APPROVAL', approvalsRequired: 1 });
    await unchanged(async () => {
      for (const decide of [(id: string) => take(id), settle, reject]) {
        expect(await decide(crypto)).toMatchObject({ code: 'NOT_FOUND' });
        expect(await decide(waiting)).toMatchObject({ code: 'WRONG_STATE' });
      }
    });
  });

  test('is not taken while payouts are held, nor to an account that was removed', async () => {
    const old = await ask();
    await removeAccount();
    await openFiatShop();
    const held = await ask();
    await unchanged(async () => {
      for (const [payoutId, why] of [
        [old, 'listed'],
        [held, 'held'],
      ] as const) {
        expect(await take(payoutId)).toMatchObject({
          code: 'WRONG_STATE',
          message: expect.stringContaining(why),
        });
        expect(await settle(payoutId)).toMatchObject({ code: 'WRONG_STATE' });
      }
    });
    expect(await reject(old)).toMatchObject({ status: 'REJECTED' });
    // Of play money nothing leaves.
    const play = await ask({ mode: 'TEST' });
    accepted(await take(play), 'FiatPayout');
    expect(await settle(play)).toMatchObject({ status: 'CONFIRMED' });
    await ripen();
  });

  test('that is taken is the operator’s alone: nobody calls it off, and nothing keeps it from being settled', async () => {
    const { pool } = kit.database;
    const payoutId = await ask();
    const takes = await Promise.all(Array.from({ length: 10 }, () => take(payoutId)));
    expect(takes.filter(({ __typename }) => __typename === 'FiatPayout')).toHaveLength(1);
    await unchanged(async () => {
      for (const revision of [0, 1])
        expect(await callOff(payoutId, revision)).toMatchObject({ code: 'WRONG_STATE' });
    });
    await removeAccount();
    await pool.query(
      `INSERT INTO withdrawal_hold (id, merchant_id, reason, started_at, ends_at)
       VALUES (gen_random_uuid(), $1, 'API_KEY_CHANGED', $2, $2::timestamptz + interval '1 day')`,
      [rowIdOf(shop.merchantId), clock.now()],
    );
    expect(await settle(payoutId)).toMatchObject({ status: 'CONFIRMED' });
    await openFiatShop();
    await ripen();
  });

  test('is taken or called off, whoever is first, and can be rejected after it was taken', async () => {
    for (let round = 0; round < 3; round += 1) {
      const payoutId = await ask();
      const [taken, called] = await Promise.all([take(payoutId), callOff(payoutId, 0)]);
      expect(
        [taken, called].filter((answer) => 'code' in answer && answer.code === 'WRONG_STATE'),
      ).toHaveLength(1);
      if (taken.__typename === 'FiatPayout')
        expect(await reject(payoutId)).toMatchObject({ status: 'REJECTED' });
    }
  });
});

/** As if a day had gone by. */
async function ripen(): Promise<void> {
  await forgetHolds(kit.database.pool);
  await kit.database.pool.query('UPDATE bank_account SET usable_at = $1', [clock.now()]);
}

const removeAccount = () =>
  kit.database.pool.query('UPDATE bank_account SET removed_at = now() WHERE id = $1', [bankAccountId]);

test('payouts that wait for an operator are listed newest first, page by page', async () => {
  await kit.database.pool.query(
    `UPDATE payout SET status = 'FAILED', ended_at = now() WHERE status = 'QUEUED'`,
  );
  const ids: string[] = [];
  for (let i = 0; i < 3; i += 1) ids.unshift(await ask({ createdAt: clock.now() }));
  await ask({ mode: 'TEST' });
  const page = async (after?: string) =>
    (await operator.api.send(operations.FiatPayoutsDocument, { first: 2, after: after ?? null })).fiatPayouts;
  const first = await page();
  expect(first.edges.map(({ node }) => node.payoutId)).toEqual(ids.slice(0, 2));
  expect(first.edges[0]?.node).toMatchObject({
    merchantName: 'Corner Shop',
    amount: { amount: '49.00' },
    holder: 'Acme Ltd',
    account: 'DE89370400440532013000',
    bankCode: null,
  });
  const rest = await page(first.pageInfo.endCursor ?? '');
  expect(rest.edges.map(({ node }) => node.payoutId)).toEqual(ids.slice(2));
  expect(rest.pageInfo.hasNextPage).toBe(false);
});

test('an account with a payout on its way is not closed, of whatever kind and standing', async () => {
  await openFiatShop();
  const address = '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359';
  const close = () =>
    shop.owner.send(operations.MerchantCloseDocument, { input: { merchantId: shop.merchantId } });
  const ended = `UPDATE payout SET status = 'CANCELLED', ended_at = now() WHERE status IN ('QUEUED', 'PENDING_APPROVAL')`;
  for (const more of [
    {},
    { status: 'PENDING_APPROVAL', approvalsRequired: 1 },
    { target: { kind: 'CRYPTO', network: 'ETHEREUM', address } },
  ] as const) {
    await kit.database.pool.query(ended);
    await ask(more);
    const { merchantClose } = await close();
    expect(merchantClose).toMatchObject({ code: 'CLOSING_CONDITIONS_UNMET' });
    expect(JSON.stringify(merchantClose)).toContain('1 payouts are on their way');
  }
});
