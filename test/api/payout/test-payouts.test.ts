import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { accepted } from '../../../src/demo/api-client.ts';
import type { DemoMerchant } from '../../../src/demo/merchant.ts';
import * as operations from '../../../src/generated/documents.ts';
import { expectLedgerInBalance } from '../../fault/ledger-checks.ts';
import { eventTypes } from '../../testkit/facts.ts';
import { createMovableClock } from '../../testkit/movable-clock.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { createInvoice, createQuote, simulatePayment } from '../../testkit/shop.ts';
import { forgetAttempts } from '../../testkit/team.ts';
import { paidInvoice, refund, refundsOf, claimed } from '../refund/refund-shop.ts';
import {
  agree,
  callOff,
  forgetHolds,
  insertColleague,
  openPayoutShop,
  payout,
  requestOf,
  setPolicy,
  simulateEnd,
  traces,
  turnDown,
  usdtOf,
} from './payout-shop.ts';

// What a shop's developer does before the first real coin moves: all of it with a TEST key, by no chain.
const clock = createMovableClock();
const kit = usePlatform({ overrides: { clock } });

let shop: DemoMerchant;
let payers = 0;
beforeAll(async () => {
  shop = await openPayoutShop(kit, clock, 'ada@play.example');
});
beforeEach(() => forgetAttempts(kit));

const money = () => usdtOf(kit.database.pool, shop.merchantId, 'TEST');
const soon = { timeout: 15_000 };

async function claimedRefund(input: Partial<operations.RefundCreateInput> = {}) {
  const email = `payer${(payers += 1)}@play.example`;
  const invoiceId = await paidInvoice(shop.test, { customerEmail: email });
  const before = await money();
  const { id } = await refund(shop.test, { invoiceId, ...input });
  await claimed(kit, email);
  const only = async () => (await refundsOf(shop.owner, invoiceId))[0];
  await expect.poll(async () => (await only())?.payout ?? null, soon).not.toBeNull();
  const made = (await only())?.payout;
  if (!made) throw new Error('there is no payout');
  return { id, only, before, payout: made };
}

describe('a TEST payout', () => {
  test('stays queued until it is said how it ends, and arrives then', async () => {
    const before = await money();
    const made = await payout(shop.test, requestOf(null));
    expect(made).toMatchObject({ mode: 'TEST', status: 'QUEUED' });
    const answers = await Promise.all(Array.from({ length: 10 }, () => simulateEnd(shop.test, made.id)));
    expect(answers.filter(({ __typename }) => __typename === 'Payout')).toMatchObject([
      { status: 'CONFIRMED' },
    ]);
    expect(await eventTypes(kit.database.pool, made.id)).toEqual([
      'payout.requested',
      'payout.queued',
      'payout.broadcast',
      'payout.confirmed',
    ]);
    expect(await money()).toEqual({ ...before, available: before.available - 10_000_000n });
    await expectLedgerInBalance(kit.database.pool);
  });

  test('fails when that is asked for, and its amount is available again', async () => {
    const before = await money();
    const made = await payout(shop.test, requestOf(null));
    expect(await simulateEnd(shop.test, made.id, 'FAILED')).toMatchObject({
      status: 'FAILED',
      failure: 'SIMULATED',
    });
    expect(await money()).toEqual(before);
    expect(await eventTypes(kit.database.pool, made.id)).toContain('payout.failed');
  });

  test('is carried out by simulation alone: no LIVE one is, nor a stranger’s, nor one that has ended', async () => {
    const real = await payout(shop.live, requestOf(null));
    const made = await payout(shop.test, requestOf(null));
    accepted(await callOff(shop.test, made), 'Payout');
    const before = await traces(kit.database.pool);
    expect(await simulateEnd(shop.live, real.id)).toMatchObject({ code: 'TEST_MODE_ONLY' });
    expect(await simulateEnd(shop.owner, real.id)).toMatchObject({ code: 'TEST_MODE_ONLY' });
    expect(await simulateEnd(shop.live, made.id)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await simulateEnd(shop.test, made.id)).toMatchObject({ code: 'WRONG_STATE' });
    expect(await traces(kit.database.pool)).toEqual(before);
  });
});

describe('a TEST refund', () => {
  test('succeeds with its payout', async () => {
    const { only, before, payout: of } = await claimedRefund({ amount: '50' });
    accepted(await simulateEnd(shop.test, of.id), 'Payout');
    await expect.poll(async () => (await only())?.status, soon).toBe('SUCCEEDED');
    const after = await money();
    expect(after.held).toBe(before.held);
    expect(after.available).toBeLessThan(before.available);
    await expectLedgerInBalance(kit.database.pool);
  });

  test.each([
    ['fails', 'FAILED'],
    ['is cancelled', 'CANCELLED'],
  ] as const)('%s with its payout, and all is available again', async (_name, status) => {
    const { only, before, payout: of } = await claimedRefund();
    const ended = status === 'FAILED' ? simulateEnd(shop.test, of.id, 'FAILED') : callOff(shop.test, of);
    accepted(await ended, 'Payout');
    await expect.poll(async () => (await only())?.status, soon).toBe(status);
    expect(await money()).toEqual(before);
    await expectLedgerInBalance(kit.database.pool);
  });

  test('above the threshold waits for somebody other than its maker, and fails when that one refuses', async () => {
    const colleague = await insertColleague(kit.database.pool, shop, kit.platform.api, clock.now());
    accepted(await setPolicy(shop.owner, shop.merchantId, { approvalsRequired: 1 }), 'Merchant');
    try {
      const { only, before, payout: of } = await claimedRefund();
      expect(await only()).toMatchObject({ payout: { status: 'PENDING_APPROVAL' } });
      expect(await simulateEnd(shop.test, of.id)).toMatchObject({ code: 'WRONG_STATE' });
      accepted(await turnDown(colleague.api, of, { reason: 'A stranger.' }), 'Payout');
      await expect.poll(only, soon).toMatchObject({ status: 'FAILED', failure: 'PAYOUT_REJECTED' });
      expect(await money()).toEqual(before);
      const again = await claimedRefund();
      expect(await agree(colleague.api, again.payout)).toMatchObject({ status: 'QUEUED' });
      accepted(await simulateEnd(shop.test, again.payout.id), 'Payout');
      await expect.poll(async () => (await again.only())?.status, soon).toBe('SUCCEEDED');
      await expectLedgerInBalance(kit.database.pool);
    } finally {
      await setPolicy(shop.owner, shop.merchantId, {});
      await forgetHolds(kit.database.pool);
    }
  });

  test('above the threshold is not agreed to by its maker, nor by who named the inbox', async () => {
    const { pool } = kit.database;
    const [maker, namer, third] = [
      await insertColleague(pool, shop, kit.platform.api, clock.now()),
      await insertColleague(pool, shop, kit.platform.api, clock.now()),
      await insertColleague(pool, shop, kit.platform.api, clock.now()),
    ];
    accepted(await setPolicy(shop.owner, shop.merchantId, { approvalsRequired: 1 }), 'Merchant');
    try {
      const invoiceId = await paidInvoice(shop.test);
      const { id: refundId } = await refund(maker.api, { invoiceId });
      const { refundClaimResend } = await namer.api.send(operations.RefundClaimResendDocument, {
        input: { refundId, email: 'named@play.example' },
      });
      accepted(refundClaimResend, 'Refund');
      await claimed(kit, 'named@play.example');
      const only = async () => (await refundsOf(shop.owner, invoiceId))[0];
      await expect.poll(only, soon).toMatchObject({ payout: { status: 'PENDING_APPROVAL' } });
      const id = (await only())?.payout?.id ?? '';
      const before = await traces(pool);
      for (const { api } of [maker, namer])
        await expect(agree(api, { id, revision: 0 })).rejects.toThrow('omebody else');
      expect(await traces(pool)).toEqual(before);
      expect(await agree(third.api, { id, revision: 0 })).toMatchObject({ status: 'QUEUED' });
    } finally {
      await setPolicy(shop.owner, shop.merchantId, {});
      await forgetHolds(pool);
    }
  });
});

test('a TEST rebound is carried out by its payout, and is not called off', async () => {
  const { projectUpdate } = await shop.owner.send(operations.ProjectUpdateDocument, {
    input: { projectId: shop.projectId, defaults: { policies: { overpaid: 'REBOUND' } } },
  });
  accepted(projectUpdate, 'Project');
  const email = 'over@play.example';
  const { id } = await createInvoice(shop.test, { amount: '100', customerEmail: email });
  const quote = await createQuote(shop.test, id);
  await simulatePayment(shop.test, id, quote.id, String(Number(quote.amount.amount) + 20));
  const only = async () =>
    (await shop.owner.send(operations.ReboundListDocument, { projectId: shop.projectId, mode: 'TEST' }))
      .rebounds.edges[0]?.node;
  await expect.poll(only, soon).toMatchObject({ status: 'PENDING' });
  await claimed(kit, email);
  await expect.poll(only, soon).toMatchObject({ payout: { status: 'QUEUED' } });
  const payoutId = (await only())?.payout?.id ?? '';
  expect(await callOff(shop.test, { id: payoutId, revision: 0 })).toMatchObject({
    code: 'WRONG_STATE',
    path: ['input', 'payoutId'],
  });
  accepted(await simulateEnd(shop.test, payoutId), 'Payout');
  await expect.poll(only, soon).toMatchObject({ status: 'COMPLETED' });
  await expectLedgerInBalance(kit.database.pool);
});
