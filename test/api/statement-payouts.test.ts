import { beforeAll, describe, expect, test } from 'vitest';
import { accepted } from '../../src/demo/api-client.ts';
import type { DemoMerchant } from '../../src/demo/merchant.ts';
import * as operations from '../../src/generated/documents.ts';
import { rowIdOf } from '../testkit/facts.ts';
import { openShop } from '../testkit/open-shop.ts';
import { payoutMade } from '../testkit/payout-rows.ts';
import { usePlatform } from '../testkit/platform.ts';
import { statementsDuring } from '../testkit/statements.ts';
import { ADDRESS, endPayout, paidInvoice, refund, claimed } from './refund/refund-shop.ts';
import { expectSums, linesOf, told } from './statement-lines.ts';

const kit = usePlatform();

const payout = async ({ owner, merchantId }: DemoMerchant, amount: string) => {
  const asked = {
    merchantId,
    mode: 'TEST',
    currency: 'USDT',
    network: 'ETHEREUM',
    address: ADDRESS,
    amount,
  } as const;
  return accepted((await owner.send(operations.PayoutMakeDocument, { input: asked })).payoutCreate, 'Payout');
};
const callOff = async ({ owner }: DemoMerchant, payoutId: string) =>
  (await owner.send(operations.PayoutCallOffDocument, { input: { payoutId, revision: 0 } })).payoutCancel;
const end = async ({ owner }: DemoMerchant, payoutId: string, outcome: 'CONFIRMED' | 'FAILED') =>
  (await owner.send(operations.TestPayoutEndDocument, { input: { payoutId, outcome } })).testPayoutSimulate;

describe('what leaves', () => {
  let merchant: DemoMerchant;
  let refundId: string;
  const payouts: string[] = [];
  beforeAll(async () => {
    merchant = await openShop(kit, 'ada@shop.example');
    const invoiceId = await paidInvoice(merchant.test, { customerEmail: 'payer@mail.example' });
    for (const amount of ['10', '20', '30']) payouts.push((await payout(merchant, amount)).id);
    const [sent = '', off = '', failed = ''] = payouts;
    accepted(await end(merchant, sent, 'CONFIRMED'), 'Payout');
    accepted(await callOff(merchant, off), 'Payout');
    accepted(await end(merchant, failed, 'FAILED'), 'Payout');
    refundId = (await refund(merchant.owner, { invoiceId, amount: '5' })).id;
    await claimed(kit, 'payer@mail.example');
    await payoutMade(kit.database.pool, refundId);
    await endPayout(kit.database.pool, refundId, 'CONFIRMED');
  });

  test('stands in the statement by what it is, with its sign', async () => {
    expect((await linesOf(merchant, {})).map(told)).toEqual([
      'AVAILABLE REFUND_DEBITED -5000000 USDT',
      'AVAILABLE PAYOUT_RETURNED 30000000 USDT',
      'AVAILABLE PAYOUT_RETURNED 20000000 USDT',
      'AVAILABLE PAYOUT_REQUESTED -30000000 USDT',
      'AVAILABLE PAYOUT_REQUESTED -20000000 USDT',
      'AVAILABLE PAYOUT_REQUESTED -10000000 USDT',
      'AVAILABLE CREDITED 100000000 USDT',
    ]);
    expect((await linesOf(merchant, { account: ['HELD'], direction: 'OUT' })).map(told)).toEqual([
      'HELD PAYOUT_SENT -5000000 USDT',
      'HELD PAYOUT_RETURNED -30000000 USDT',
      'HELD PAYOUT_RETURNED -20000000 USDT',
      'HELD PAYOUT_SENT -10000000 USDT',
    ]);
  });

  test('leads to payout, refund or payment, and only to one of them', async () => {
    const lines = await linesOf(merchant, { account: ['AVAILABLE', 'HELD'] });
    for (const { kind, payment, payout: by, refund: of, rebound } of lines) {
      const found = [payment, by, of, rebound].filter((one) => one !== null);
      expect([kind, found.length]).toEqual([kind, 1]);
      expect([kind.startsWith('PAYOUT_'), kind.startsWith('REFUND_')]).toEqual([by !== null, of !== null]);
    }
    const ofRefund = lines.find(
      ({ kind, amount }) => kind === 'PAYOUT_SENT' && amount.minorUnits === '-5000000',
    );
    expect(ofRefund?.payout?.refund?.id).toBe(refundId);
  });

  test('costs as many statements for many lines as for one', async () => {
    const cost = async (first: number) =>
      (
        await statementsDuring(/^SELECT "public"|^\s+SELECT p\.id, p\.created_at/, () =>
          merchant.owner.send(operations.StatementOfPayoutsDocument, {
            merchantId: merchant.merchantId,
            filter: { account: ['HELD'], direction: 'OUT' },
            first,
          }),
        )
      ).length;
    expect(await cost(4)).toBe(await cost(1));
  });
});

/** A small generator, so that a failing course can be repeated by its seed. */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

describe('the lines sum up to the balances', () => {
  test.each([7, 41, 2026])('after a random course of payouts and refunds (seed %i)', async (seed) => {
    const merchant = await openShop(kit, `shop${seed}@shop.example`);
    const random = randomOf(seed);
    const open: string[] = [];
    const refunds: string[] = [];
    const invoices = [await paidInvoice(merchant.test)];
    // What is paid from here on is settled in another currency, and refunds of it are converted.
    await kit.database.pool.query(`UPDATE project SET settlement_currency = 'USD' WHERE id = $1`, [
      rowIdOf(merchant.projectId),
    ]);
    invoices.push(await paidInvoice(merchant.test));
    const some = (list: string[]): string | undefined => list.splice(random(list.length), 1)[0];
    const steps: readonly (() => Promise<unknown>)[] = [
      async () => invoices.push(await paidInvoice(merchant.test)),
      async () => open.push((await payout(merchant, String(1 + random(3)))).id),
      async () => {
        const id = some(open);
        if (id) accepted(await callOff(merchant, id), 'Payout');
      },
      async () => {
        const id = some(open);
        if (id) accepted(await end(merchant, id, random(2) === 0 ? 'CONFIRMED' : 'FAILED'), 'Payout');
      },
      async () => {
        const invoiceId = invoices[random(invoices.length)] ?? '';
        refunds.push((await refund(merchant.owner, { invoiceId, amount: String(1 + random(4)) })).id);
      },
      async () => {
        const refundId = some(refunds);
        if (refundId) await merchant.owner.send(operations.RefundCancelDocument, { input: { refundId } });
      },
    ];
    for (let step = 1; step <= 24; step += 1) {
      await steps[random(steps.length)]?.();
      if (step % 8 === 0) await expectSums(merchant);
    }
    const invoiceId = invoices[1] ?? '';
    const { debitAmount } = await refund(merchant.owner, { invoiceId, amount: '1' });
    expect(debitAmount.currency.code).toBe('USD');
    const [last] = await linesOf(merchant, { currency: ['USD'], direction: 'OUT' });
    expect([last?.kind, last?.amount.currency.code]).toEqual(['REFUND_DEBITED', 'USD']);
    await expectSums(merchant);
  });
});
