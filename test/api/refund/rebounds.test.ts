import { beforeEach, describe, expect, test } from 'vitest';
import { accepted } from '../../../src/demo/api-client.ts';
import type { DemoMerchant } from '../../../src/demo/merchant.ts';
import * as operations from '../../../src/generated/documents.ts';
import { expectLedgerInBalance } from '../../fault/ledger-checks.ts';
import { eventTypes } from '../../testkit/facts.ts';
import { createMovableClock } from '../../testkit/movable-clock.ts';
import { openShop } from '../../testkit/open-shop.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { createInvoice, createQuote, simulatePayment } from '../../testkit/shop.ts';
import { forgetAttempts } from '../../testkit/team.ts';
import { ADDRESS, balanceOf, claim, claimLink, endPayout, claimed } from './refund-shop.ts';

const clock = createMovableClock();
const kit = usePlatform({ overrides: { clock } });

let merchant: DemoMerchant;
let payer: string;
let merchants = 0;
beforeEach(async () => {
  merchants += 1;
  payer = `payer${merchants}@rebounds.example`;
  merchant = await openShop(kit, `ada${merchants}@shop.example`, clock.now());
  await forgetAttempts(kit);
  const { projectUpdate } = await merchant.owner.send(operations.ProjectUpdateDocument, {
    input: { projectId: merchant.projectId, defaults: { policies: { overpaid: 'REBOUND' } } },
  });
  accepted(projectUpdate, 'Project');
});

const rebounds = async () => {
  const { projectId } = merchant;
  const list = await merchant.owner.send(operations.ReboundListDocument, { projectId, mode: 'TEST' });
  return list.rebounds.edges.map(({ node }) => node);
};
const only = async () => (await rebounds())[0];
const until = (wanted: object) => expect.poll(only, { timeout: 10_000 }).toMatchObject(wanted);
const usdt = () => balanceOf(kit.database.pool, merchant.merchantId, 'USDT');

/** An invoice that is overpaid by 20 USDT, which go back. */
async function overpaid(input: Partial<operations.InvoiceCreateInput> = { customerEmail: payer }) {
  const { id } = await createInvoice(merchant.test, { amount: '100', ...input });
  const quote = await createQuote(merchant.test, id);
  await simulatePayment(merchant.test, id, quote.id, String(Number(quote.amount.amount) + 20));
  await until({ status: 'PENDING' });
  const rebound = await only();
  if (!rebound) throw new Error('there is no rebound');
  return rebound;
}

const resolve = async (paymentId: string, resolution: 'CREDIT' | 'REBOUND') =>
  (await merchant.owner.send(operations.PaymentResolveDocument, { input: { paymentId, resolution } }))
    .paymentResolve;

describe('money that goes back', () => {
  test('is asked about, sent, and out of the books', async () => {
    const rebound = await overpaid();
    expect(rebound).toMatchObject({
      reason: 'OVERPAID',
      amount: { amount: '20.000000' },
      customerEmail: payer,
      payment: { decision: 'REBOUND' },
    });
    const invoiceId = String(rebound.payment?.invoice?.id);
    const { invoice } = await merchant.owner.send(operations.InvoiceGoneBackDocument, { invoiceId });
    expect(invoice).toEqual({
      amountRefunded: { amount: '0.00', currency: { code: 'USD' } },
      rebounds: { edges: [{ node: { id: rebound.id } }] },
    });
    const listed = async (id: string) => {
      const filter = { invoiceId: id };
      const { projectId } = merchant;
      const list = await merchant.owner.send(operations.ReboundListDocument, {
        projectId,
        mode: 'TEST',
        filter,
      });
      return list.rebounds.edges.map(({ node }) => node.id);
    };
    expect(await listed(invoiceId)).toEqual([rebound.id]);
    expect(await listed((await createInvoice(merchant.test, { amount: '1' })).id)).toEqual([]);
    const link = await claimLink(kit, payer);
    expect(link).toContain('/rebound/');
    expect((await claim(link)).status).toBe(200);
    expect((await claim(link)).status).toBe(410);
    await until({ status: 'WITHDRAW_REQUESTED', address: ADDRESS, payout: { status: 'QUEUED' } });
    expect((await only())?.payment?.decision).toBe('REBOUNDED');
    for (const resolution of ['CREDIT'] as const)
      expect(await resolve(String(rebound.payment?.id), resolution)).toMatchObject({ code: 'WRONG_STATE' });
    const before = await usdt();
    expect(before.held).toBe(20_000_000n);
    await endPayout(kit.database.pool, rebound.id, 'CONFIRMED');
    await until({ status: 'COMPLETED' });
    expect(await usdt()).toEqual({ available: before.available, held: 0n });
    expect(await rebounds()).toHaveLength(1);
    await expectLedgerInBalance(kit.database.pool);
  });

  test('that could not be sent waits for a decision again', async () => {
    const rebound = await overpaid();
    await claimed(kit, payer);
    await until({ payout: { status: 'QUEUED' } });
    await endPayout(kit.database.pool, rebound.id, 'FAILED');
    await until({ status: 'REJECTED', failure: 'TRANSFER_REFUSED', payment: { decision: 'NONE' } });
    expect((await usdt()).held).toBe(20_000_000n);
    expect(accepted(await resolve(String(rebound.payment?.id), 'CREDIT'), 'Payment').id).toBe(
      String(rebound.payment?.id),
    );
    expect((await usdt()).held).toBe(0n);
    await expectLedgerInBalance(kit.database.pool);
  });

  test('that the merchant credits after all is of no use to the payer any more', async () => {
    const rebound = await overpaid();
    const link = await claimLink(kit, payer);
    accepted(await resolve(String(rebound.payment?.id), 'CREDIT'), 'Payment');
    expect((await claim(link)).status).toBe(410);
    await until({ status: 'REJECTED', failure: 'DECIDED_OTHERWISE' });
  });

  test('is either credited or claimed, whoever is first', async () => {
    const rebound = await overpaid();
    const link = await claimLink(kit, payer);
    const [credited, claimed] = await Promise.all([
      resolve(String(rebound.payment?.id), 'CREDIT'),
      claim(link),
    ]);
    expect([credited.__typename === 'Payment', claimed.status === 200].filter(Boolean)).toHaveLength(1);
    await expectLedgerInBalance(kit.database.pool);
  });

  test('that the merchant takes back can be sent back again', async () => {
    const rebound = await overpaid();
    const link = await claimLink(kit, payer);
    const { reboundReject } = await merchant.owner.send(operations.ReboundRejectDocument, {
      input: { reboundId: rebound.id },
    });
    expect(accepted(reboundReject, 'Rebound')).toMatchObject({ status: 'REJECTED', failure: 'BY_MERCHANT' });
    expect((await claim(link)).status).toBe(410);
    expect((await only())?.payment?.decision).toBe('NONE');
    accepted(await resolve(String(rebound.payment?.id), 'REBOUND'), 'Payment');
    await expect.poll(async () => (await rebounds()).length, { timeout: 10_000 }).toBe(2);
    await claimed(kit, payer);
  });

  test('of a payer whose address is not known is asked about when somebody names it', async () => {
    const rebound = await overpaid({});
    const { reboundClaimResend } = await merchant.owner.send(operations.ReboundClaimResendDocument, {
      input: { reboundId: rebound.id, email: payer },
    });
    accepted(reboundClaimResend, 'Rebound');
    for (const idempotencyKey of ['first', 'first']) {
      const again = await merchant.owner.send(operations.ReboundClaimResendDocument, {
        input: { reboundId: rebound.id, idempotencyKey },
      });
      accepted(again.reboundClaimResend, 'Rebound');
    }
    const sent = (await eventTypes(kit.database.pool, rebound.id)).filter(
      (type) => type === 'rebound.claim_sent',
    );
    expect(sent).toHaveLength(2);
    await claimed(kit, payer);
  });
});
