import { beforeEach, expect, test } from 'vitest';
import { accepted } from '../../src/demo/api-client.ts';
import type { DemoMerchant } from '../../src/demo/merchant.ts';
import * as operations from '../../src/generated/documents.ts';
import { createMovableClock } from '../testkit/movable-clock.ts';
import { openShop } from '../testkit/open-shop.ts';
import { payoutMade } from '../testkit/payout-rows.ts';
import { usePlatform } from '../testkit/platform.ts';
import { createInvoice, createQuote, simulatePayment } from '../testkit/shop.ts';
import { forgetAttempts } from '../testkit/team.ts';
import { ADDRESS, claimed, paidInvoice, refund } from './refund/refund-shop.ts';
import { reorgOf } from './refund/reorg.ts';
import { balancesOf, expectSums, linesOf, told } from './statement-lines.ts';

const clock = createMovableClock();
const kit = usePlatform({ overrides: { clock } });

let merchant: DemoMerchant;
let merchants = 0;
let payers = 0;
beforeEach(async () => {
  merchant = await openShop(kit, `ada${(merchants += 1)}@shop.example`, clock.now());
  await forgetAttempts(kit);
  const { projectUpdate } = await merchant.owner.send(operations.ProjectUpdateDocument, {
    input: { projectId: merchant.projectId, defaults: { policies: { overpaid: 'REBOUND' } } },
  });
  accepted(projectUpdate, 'Project');
});

const newest = async () => {
  const { projectId } = merchant;
  const { rebounds } = await merchant.owner.send(operations.ReboundListDocument, { projectId, mode: 'TEST' });
  return rebounds.edges[0]?.node;
};
const comes = async (wanted: object) => {
  await expect.poll(newest, { timeout: 10_000 }).toMatchObject(wanted);
  const rebound = await newest();
  if (!rebound?.payment) throw new Error('there is no rebound');
  return { ...rebound, paymentId: rebound.payment.id };
};

const end = async (payoutId: string, outcome: 'CONFIRMED' | 'FAILED') => {
  const input = { payoutId, outcome };
  const { testPayoutSimulate } = await merchant.owner.send(operations.TestPayoutEndDocument, { input });
  accepted(testPayoutSimulate, 'Payout');
};

const credit = async (paymentId: string) => {
  const input = { paymentId, resolution: 'CREDIT' } as const;
  const { paymentResolve } = await merchant.owner.send(operations.PaymentResolveDocument, { input });
  accepted(paymentResolve, 'Payment');
};

/** An invoice overpaid by 20 USDT whose payer has said where they are to go; the payout waits. */
async function claimedRebound() {
  const payer = `payer${(payers += 1)}@rebounds.example`;
  const { id } = await createInvoice(merchant.test, { amount: '100', customerEmail: payer });
  const quote = await createQuote(merchant.test, id);
  await simulatePayment(merchant.test, id, quote.id, String(Number(quote.amount.amount) + 20));
  await comes({ status: 'PENDING', customerEmail: payer });
  await claimed(kit, payer);
  const rebound = await comes({ status: 'WITHDRAW_REQUESTED', payout: { status: 'QUEUED' } });
  return { ...rebound, payoutId: rebound.payout?.id ?? '' };
}

const payOut = async (amount: string, outcome: 'CONFIRMED' | 'FAILED') => {
  const { merchantId, owner } = merchant;
  const input = {
    merchantId,
    mode: 'TEST',
    currency: 'USDT',
    network: 'ETHEREUM',
    address: ADDRESS,
    amount,
  } as const;
  const { payoutCreate } = await owner.send(operations.PayoutMakeDocument, { input });
  await end(accepted(payoutCreate, 'Payout').id, outcome);
};

async function refunded(outcome: 'CONFIRMED' | 'FAILED'): Promise<void> {
  const customerEmail = `payer${(payers += 1)}@refunds.example`;
  const invoiceId = await paidInvoice(merchant.test, { customerEmail });
  const { id } = await refund(merchant.owner, { invoiceId, amount: '5' });
  await claimed(kit, customerEmail);
  await payoutMade(kit.database.pool, id);
  const ofInvoice = async () => {
    const { invoice } = await merchant.owner.send(operations.RefundsOfInvoiceDocument, { id: invoiceId });
    return invoice?.refunds.edges[0]?.node;
  };
  await end((await ofInvoice())?.payout?.id ?? '', outcome);
  const wanted = outcome === 'CONFIRMED' ? 'SUCCEEDED' : 'FAILED';
  await expect.poll(async () => (await ofInvoice())?.status, { timeout: 10_000 }).toBe(wanted);
}

test('what there was and the lines since then are what there is, over payouts, refunds and rebounds', async () => {
  const spans: readonly (() => Promise<void>)[] = [
    async () => void (await paidInvoice(merchant.test)),
    () => payOut('10', 'CONFIRMED'),
    () => payOut('7', 'FAILED'),
    () => refunded('CONFIRMED'),
    () => refunded('FAILED'),
    async () => {
      await end((await claimedRebound()).payoutId, 'CONFIRMED');
      await comes({ status: 'COMPLETED' });
    },
    async () => {
      const { payoutId, paymentId } = await claimedRebound();
      await end(payoutId, 'FAILED');
      await comes({ status: 'REJECTED', payment: { decision: 'NONE' } });
      await credit(paymentId);
    },
  ];
  for (const span of spans) {
    clock.advance({ seconds: 1 });
    const [begun, opening] = [clock.now(), await balancesOf(merchant)];
    await span();
    await expectSums(merchant, opening, begun);
  }
  // Five invoices of 100, of which 10 and 5 left, and 20 that were credited after all.
  expect(await balancesOf(merchant)).toEqual({ 'USDT AVAILABLE': 505_000_000n });
  await expectSums(merchant);
});

test('a rebound moves what is held alone, and its line leads to it', async () => {
  const { id, payoutId } = await claimedRebound();
  await end(payoutId, 'CONFIRMED');
  await comes({ status: 'COMPLETED' });
  const lines = await linesOf(merchant, { account: ['HELD'] });
  expect(lines.map(told)).toEqual(['HELD PAYOUT_SENT -20000000 USDT', 'HELD HELD 20000000 USDT']);
  expect(lines[0]?.payout).toMatchObject({ id: payoutId, rebound: { id } });
  expect((await linesOf(merchant, {})).map(told)).toEqual(['AVAILABLE CREDITED 100000000 USDT']);
});

test('a payment that comes again after its rebound was paid, or is not sent, stands in lines of the rebound', async () => {
  const sent = await claimedRebound();
  await end(sent.payoutId, 'CONFIRMED');
  await comes({ status: 'COMPLETED' });
  const reorg = reorgOf(kit.database.pool, { id: sent.paymentId });
  await reorg.takenBack();
  await expectSums(merchant);
  await reorg.shownAgain();
  await comes({ status: 'COMPLETED', payment: { decision: 'REBOUNDED' } });
  await expectSums(merchant);

  const unsent = await claimedRebound();
  await reorgOf(kit.database.pool, { id: unsent.paymentId }).takenBack();
  await end(unsent.payoutId, 'FAILED');
  await comes({ status: 'REJECTED' });
  await expectSums(merchant);

  const lines = (await linesOf(merchant, { account: ['HELD'] })).filter(({ rebound }) => rebound !== null);
  expect(lines.map((line) => [told(line), line.rebound?.id])).toEqual([
    ['HELD REBOUND_RETURNED -20000000 USDT', unsent.id],
    ['HELD REBOUND_SETTLED -20000000 USDT', sent.id],
  ]);
});
