import { beforeEach, describe, expect, test } from 'vitest';
import { accepted } from '../../../src/demo/api-client.ts';
import type { DemoMerchant } from '../../../src/demo/merchant.ts';
import * as operations from '../../../src/generated/documents.ts';
import { expectLedgerInBalance } from '../../fault/ledger-checks.ts';
import { createMovableClock } from '../../testkit/movable-clock.ts';
import { openShop } from '../../testkit/open-shop.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { createInvoice, createQuote, simulatePayment } from '../../testkit/shop.ts';
import { forgetAttempts } from '../../testkit/team.ts';
import { usdtOf } from '../payout/payout-shop.ts';
import { claimLinks, endPayout, claimed } from './refund-shop.ts';
import { reorgOf } from './reorg.ts';

const clock = createMovableClock();
const kit = usePlatform({ overrides: { clock } });

let merchant: DemoMerchant;
let payer: string;
let merchants = 0;
beforeEach(async () => {
  merchants += 1;
  payer = `payer${merchants}@reorg.example`;
  merchant = await openShop(kit, `ada${merchants}@reorg.example`, clock.now());
  await forgetAttempts(kit);
});

const rebounds = async () => {
  const { projectId } = merchant;
  const list = await merchant.owner.send(operations.ReboundListDocument, { projectId, mode: 'TEST' });
  return list.rebounds.edges.map(({ node }) => node);
};
const comes = (wanted: object) =>
  expect.poll(async () => (await rebounds())[0], { timeout: 10_000 }).toMatchObject(wanted);
const usdt = () => usdtOf(kit.database.pool, merchant.merchantId, 'TEST');
const policy = async (overpaid: 'REBOUND' | 'HOLD') =>
  accepted(
    (
      await merchant.owner.send(operations.ProjectUpdateDocument, {
        input: { projectId: merchant.projectId, defaults: { policies: { overpaid } } },
      })
    ).projectUpdate,
    'Project',
  );
const resolve = async (paymentId: string, resolution: 'CREDIT' | 'REBOUND') =>
  (await merchant.owner.send(operations.PaymentResolveDocument, { input: { paymentId, resolution } }))
    .paymentResolve;

/** An invoice overpaid by 20 USDT whose payer has said where they are to go. */
async function claimedRebound() {
  await policy('REBOUND');
  const { id } = await createInvoice(merchant.test, { amount: '100', customerEmail: payer });
  const quote = await createQuote(merchant.test, id);
  await simulatePayment(merchant.test, id, quote.id, String(Number(quote.amount.amount) + 20));
  await comes({ status: 'PENDING' });
  await claimed(kit, payer);
  await comes({ status: 'WITHDRAW_REQUESTED', payout: { status: 'QUEUED' } });
  const [rebound] = await rebounds();
  if (!rebound?.payment) throw new Error('there is no rebound');
  const paymentId = rebound.payment.id;
  return { id: rebound.id, paymentId, reorg: reorgOf(kit.database.pool, { id: paymentId }) };
}

const onceOnly = async () => {
  expect(await rebounds()).toHaveLength(1);
  expect(await claimLinks(kit, payer)).toHaveLength(1);
  await expectLedgerInBalance(kit.database.pool);
};

describe('a payment that the chain takes back and shows again', () => {
  test('after its rebound was paid pays what was owed, however often, and nobody is paid twice', async () => {
    const { id, reorg } = await claimedRebound();
    await endPayout(kit.database.pool, id, 'CONFIRMED');
    await comes({ status: 'COMPLETED' });
    const before = await usdt();
    expect(before).toMatchObject({ held: 0n, owed: 0n });
    for (let i = 0; i < 2; i += 1) {
      await reorg.takenBack();
      expect((await usdt()).owed).toBe(-20_000_000n);
      await reorg.shownAgain();
      await comes({ status: 'COMPLETED', payment: { decision: 'REBOUNDED' } });
      expect(await usdt()).toEqual(before);
    }
    await onceOnly();
  });

  test('while its rebound is on its way stands for it again; sent, all is as if nothing had been', async () => {
    const { id, reorg } = await claimedRebound();
    const before = await usdt();
    await reorg.takenBack();
    await reorg.shownAgain();
    await comes({ status: 'WITHDRAW_REQUESTED', payment: { decision: 'REBOUNDED' } });
    expect(await usdt()).toEqual(before);
    await endPayout(kit.database.pool, id, 'CONFIRMED');
    await comes({ status: 'COMPLETED' });
    expect(await usdt()).toEqual({ ...before, held: 0n });
    await onceOnly();
  });

  test('while its rebound is on its way waits for a decision when that is not sent', async () => {
    const { id, paymentId, reorg } = await claimedRebound();
    await reorg.takenBack();
    await reorg.shownAgain();
    await comes({ payment: { decision: 'REBOUNDED' } });
    await endPayout(kit.database.pool, id, 'FAILED');
    await comes({ status: 'REJECTED', payment: { decision: 'NONE' } });
    expect(await usdt()).toMatchObject({ held: 20_000_000n, owed: 0n });
    accepted(await resolve(paymentId, 'REBOUND'), 'Payment');
    await expect.poll(async () => (await rebounds()).length, { timeout: 10_000 }).toBe(2);
    await expectLedgerInBalance(kit.database.pool);
  });

  test('pays the debt also where a member decides, by credit or by the same decision', async () => {
    const { id, paymentId, reorg } = await claimedRebound();
    await endPayout(kit.database.pool, id, 'CONFIRMED');
    await comes({ status: 'COMPLETED' });
    await policy('HOLD');
    await reorg.takenBack();
    await reorg.shownAgain();
    // What was credited anew has paid the debt.
    expect(await usdt()).toEqual({ available: 80_000_000n, held: 20_000_000n, owed: 0n });
    accepted(await resolve(paymentId, 'REBOUND'), 'Payment');
    await comes({ payment: { decision: 'REBOUNDED' } });
    expect(await usdt()).toEqual({ available: 100_000_000n, held: 0n, owed: 0n });
    await reorg.takenBack();
    await reorg.shownAgain();
    accepted(await resolve(paymentId, 'CREDIT'), 'Payment');
    expect(await usdt()).toEqual({ available: 100_000_000n, held: 0n, owed: 0n });
    await onceOnly();
  });

  test('with another amount than went back waits for a decision, and the debt is paid by its credit', async () => {
    const { id, paymentId, reorg } = await claimedRebound();
    await endPayout(kit.database.pool, id, 'CONFIRMED');
    await comes({ status: 'COMPLETED' });
    await reorg.takenBack();
    await kit.database.pool.query(
      `UPDATE payment SET amount = amount + 1000000
       WHERE id = (SELECT payment_id FROM rebound WHERE customer_email = $1)`,
      [payer],
    );
    await reorg.shownAgain();
    await comes({ status: 'REJECTED', failure: 'SENT_BACK_BEFORE', payment: { decision: 'NONE' } });
    expect(await claimLinks(kit, payer)).toHaveLength(1);
    accepted(await resolve(paymentId, 'CREDIT'), 'Payment');
    expect(await usdt()).toMatchObject({ held: 0n, owed: 0n });
    await expectLedgerInBalance(kit.database.pool);
  });
});

test('the money of a payment cannot go back twice, whoever writes it', async () => {
  const { id } = await claimedRebound();
  await endPayout(kit.database.pool, id, 'CONFIRMED');
  await comes({ status: 'COMPLETED' });
  await expect(
    kit.database.pool.query(
      `INSERT INTO rebound (id, merchant_id, project_id, mode, payment_id, status, reason, asset, network, amount,
         network_fee, created_at)
       SELECT gen_random_uuid(), merchant_id, project_id, mode, payment_id, 'PENDING', reason, asset, network, amount,
         network_fee, now() FROM rebound WHERE customer_email = $1`,
      [payer],
    ),
  ).rejects.toMatchObject({ constraint: 'rebound_standing_key' });
});
