import { describe, expect, test } from 'vitest';
import { accepted, type ApiClient } from '../../../src/demo/api-client.ts';
import type { DemoMerchant } from '../../../src/demo/merchant.ts';
import * as operations from '../../../src/generated/documents.ts';
import { payoutKey, requestPayout } from '../../channel/payout-key.ts';
import { endingCodes } from '../../testkit/live-clients.ts';
import { openShop } from '../../testkit/open-shop.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { createInvoice, createQuote, simulatePayment } from '../../testkit/shop.ts';
import { make } from '../api-key/key-shop.ts';
import { claim, claimLink, paidInvoice, refund, claimed } from '../refund/refund-shop.ts';
import {
  anotherProject,
  BEGINNING,
  insertMember,
  next,
  payInvoice,
  takeUntil,
  TRANSPORTS,
} from './live-shop.ts';

const kit = usePlatform();

let shops = 0;
const anotherShop = () => openShop(kit, `shop${(shops += 1)}@shop.example`);

/** A payout that the merchant asks for as a whole. */
const byMember = ({ owner, merchantId }: DemoMerchant) =>
  requestPayout(owner, { merchantId, mode: 'TEST', amount: '2' });

const cancelled = async (api: ApiClient, { id, revision }: { id: string; revision: number }) =>
  accepted(
    (await api.send(operations.ToldPayoutCancelDocument, { input: { payoutId: id, revision } })).payoutCancel,
    'Payout',
  );

describe.each(TRANSPORTS)('over %s', (_transport, connect) => {
  const payouts = (secret: string, variables: operations.PayoutUpdatedSubscriptionVariables) =>
    connect(kit.platform.url, secret).iterate(operations.PayoutUpdatedDocument, variables);
  const refunds = (secret: string, variables: operations.RefundUpdatedSubscriptionVariables) =>
    connect(kit.platform.url, secret).iterate(operations.RefundUpdatedDocument, variables);
  const rebounds = (secret: string, variables: operations.ReboundUpdatedSubscriptionVariables) =>
    connect(kit.platform.url, secret).iterate(operations.ReboundUpdatedDocument, variables);

  test('payoutUpdated tells members of all payouts of the merchant, a project and a key of theirs', async () => {
    const shop = await anotherShop();
    await payInvoice(shop);
    const { merchantId, projectId, sessionToken } = shop;
    const key = await payoutKey(kit, shop);
    const all = payouts(sessionToken, { merchantId, mode: 'TEST', after: BEGINNING });
    const ofProject = payouts(sessionToken, { projectId, mode: 'TEST', after: BEGINNING });
    const ofKey = payouts(key.secret, { after: BEGINNING });
    const asked = await byMember(shop);
    await cancelled(shop.owner, asked);
    const made = await requestPayout(key.api, { amount: '3' });

    const told = await takeUntil(
      all,
      ({ payoutUpdated: { event, payout } }) => payout.id === made.id && event.name === 'payout.queued',
    );
    expect(told.map(({ payoutUpdated: { event } }) => event.name)).toEqual([
      'payout.requested',
      'payout.queued',
      'payout.cancelled',
      'payout.requested',
      'payout.queued',
    ]);
    expect(told[2]?.payoutUpdated.payout).toMatchObject({ id: asked.id, status: 'CANCELLED', approvals: [] });
    for (const stream of [ofProject, ofKey])
      expect((await next(stream)).payoutUpdated).toMatchObject({
        event: { name: 'payout.requested' },
        payout: { id: made.id },
      });

    const after = told[0]?.payoutUpdated.event.cursor ?? '';
    const resumed = payouts(sessionToken, { merchantId, mode: 'TEST', after });
    expect((await next(resumed)).payoutUpdated).toMatchObject({ event: { name: 'payout.queued' } });
  });

  test('payoutUpdated is for those who may see payouts there, and closes when they may not any more', async () => {
    const shop = await anotherShop();
    await payInvoice(shop);
    const other = await anotherShop();
    const { merchantId, projectId } = shop;
    const developer = await insertMember(kit, shop, 'DEVELOPER');
    const restricted = await insertMember(kit, shop, 'FINANCE', projectId);
    const reads = await make(shop.owner, { projectId, mode: 'TEST', scopes: ['INVOICE_READ'] });
    for (const secret of [developer.token, other.sessionToken, reads.secret]) {
      expect(await endingCodes(payouts(secret, { merchantId, mode: 'TEST' }))).toEqual(['FORBIDDEN']);
      expect(await endingCodes(payouts(secret, { projectId, mode: 'TEST' }))).toEqual(['FORBIDDEN']);
    }
    expect(await endingCodes(payouts(restricted.token, { merchantId, mode: 'TEST' }))).toEqual(['FORBIDDEN']);
    expect(await endingCodes(payouts(shop.sessionToken, { mode: 'TEST' }))).toEqual(['FORBIDDEN']);
    const foreign = { merchantId: other.merchantId, projectId, mode: 'TEST' } as const;
    expect(await endingCodes(payouts(shop.sessionToken, foreign))).toEqual(['FORBIDDEN']);

    const finance = await insertMember(kit, shop, 'FINANCE');
    const stream = payouts(finance.token, { merchantId, mode: 'TEST', after: BEGINNING });
    const { id } = await byMember(shop);
    expect((await next(stream)).payoutUpdated.payout.id).toBe(id);
    await next(stream);
    await kit.database.pool.query(`UPDATE member SET role = 'VIEWER' WHERE user_id = $1`, [finance.userId]);
    const ended = endingCodes(stream).catch(({ code }: { code?: unknown }) => [code]);
    await byMember(shop);
    expect([['FORBIDDEN'], [4403]]).toContainEqual(await ended);
  });

  test('refundUpdated tells each step of a refund, and no link', async () => {
    const shop = await anotherShop();
    const { projectId, sessionToken } = shop;
    const payer = `payer${shops}@refunds.example`;
    const invoiceId = await paidInvoice(shop.test, { customerEmail: payer });
    const member = refunds(sessionToken, { projectId, mode: 'TEST', after: BEGINNING });
    const elsewhere = refunds(sessionToken, {
      projectId: await anotherProject(shop, 'Second shop'),
      mode: 'TEST',
      after: BEGINNING,
    });
    const ofKey = refunds(shop.testKey, { after: BEGINNING });
    const made = await refund(shop.owner, { invoiceId, amount: '5' });
    const link = await claimLink(kit, payer);
    expect((await claim(link)).status).toBe(200);
    for (const stream of [member, ofKey]) {
      const told = await takeUntil(stream, ({ refundUpdated: { event } }) => event.name === 'refund.claimed');
      expect(told.map(({ refundUpdated: { event } }) => event.name)).toEqual([
        'refund.requested',
        'refund.prepared',
        'refund.claim_sent',
        'refund.claimed',
      ]);
      expect(told.at(-1)?.refundUpdated.refund).toMatchObject({ id: made.id, invoice: { id: invoiceId } });
      expect(JSON.stringify(told)).not.toContain(link.split('/').at(-1));
    }
    const silent = next(elsewhere).then(() => 'told');
    expect(await Promise.race([silent, paidInvoice(shop.test).then(() => 'silent')])).toBe('silent');
  });

  test('reboundUpdated tells each step of a rebound', async () => {
    const shop = await anotherShop();
    const { projectId, sessionToken } = shop;
    const updated = await shop.owner.send(operations.ProjectUpdateDocument, {
      input: { projectId, defaults: { policies: { overpaid: 'REBOUND' } } },
    });
    accepted(updated.projectUpdate, 'Project');
    const stream = rebounds(sessionToken, { projectId, mode: 'TEST', after: BEGINNING });
    const payer = `payer${shops}@rebounds.example`;
    const { id } = await createInvoice(shop.test, { amount: '10', customerEmail: payer });
    const quote = await createQuote(shop.test, id);
    await simulatePayment(shop.test, id, quote.id, String(Number(quote.amount.amount) + 20));
    const told = await takeUntil(
      stream,
      ({ reboundUpdated: { event } }) => event.name === 'rebound.claim_sent',
    );
    expect(told.map(({ reboundUpdated: { event } }) => event.name)).toEqual([
      'rebound.created',
      'rebound.claim_sent',
    ]);
    expect(told[0]?.reboundUpdated.rebound.status).toBe('PENDING');
    await claimed(kit, payer);
    expect((await next(stream)).reboundUpdated).toMatchObject({
      event: { name: 'rebound.withdraw_requested' },
      rebound: { status: 'WITHDRAW_REQUESTED' },
    });
  });

  test('refundUpdated and reboundUpdated are for those who may see invoices there', async () => {
    const shop = await anotherShop();
    const other = await anotherShop();
    const { projectId } = shop;
    const paysOnly = await make(shop.owner, { projectId, mode: 'TEST', scopes: ['INVOICE_PAY'] });
    for (const secret of [other.sessionToken, paysOnly.secret]) {
      expect(await endingCodes(refunds(secret, { projectId, mode: 'TEST' }))).toEqual(['FORBIDDEN']);
      expect(await endingCodes(rebounds(secret, { projectId, mode: 'TEST' }))).toEqual(['FORBIDDEN']);
    }
  });

  test('balanceUpdated tells what a payout sets aside', async () => {
    const shop = await anotherShop();
    await payInvoice(shop);
    const { merchantId, sessionToken } = shop;
    const stream = connect(kit.platform.url, sessionToken).iterate(operations.BalanceUpdatedDocument, {
      merchantId,
      mode: 'TEST',
    });
    const availableIn = ({ balanceUpdated: { balances } }: operations.BalanceUpdatedSubscription) =>
      balances[0]?.available.amount;
    expect(availableIn(await next(stream))).toBe('12.500000');
    await byMember(shop);
    const told = await takeUntil(stream, (data) => availableIn(data) === '10.500000');
    expect(told.at(-1)?.balanceUpdated.event?.name).toMatch(/^payout\./);
  });
});
