import { beforeEach, describe, expect, test } from 'vitest';
import type { DemoMerchant } from '../../src/demo/merchant.ts';
import { openShop } from '../testkit/open-shop.ts';
import * as operations from '../../src/generated/documents.ts';
import { expectLedgerInBalance } from '../fault/ledger-checks.ts';
import { eventTypes, everythingTold, expired, rowCounts, rowIdOf } from '../testkit/facts.ts';
import { createMovableClock } from '../testkit/movable-clock.ts';
import { usePlatform } from '../testkit/platform.ts';
import {
  balancesOf,
  cancel,
  createInvoice,
  createQuote,
  invoiceOf,
  simulatePayment,
} from '../testkit/shop.ts';

const clock = createMovableClock();
const kit = usePlatform({ overrides: { clock } });

/** A merchant of each test's own, so that balances are exact. */
let merchant: DemoMerchant;
let merchants = 0;
beforeEach(async () => {
  merchants += 1;
  merchant = await openShop(kit, `ada${merchants}@shop.example`, clock.now());
});

const OPENED = ['invoice.created', 'invoice.quoted'];
async function opened(input: Partial<operations.InvoiceCreateInput> = {}) {
  const { id } = await createInvoice(merchant.test, { amount: '100', orderId: 'order-1', ...input });
  return { id, quoteId: (await createQuote(merchant.test, id)).id };
}
const eventsOf = (id: string) => eventTypes(kit.database.pool, id);
/** The subjects of the mails about payments, when all of them are sent. */
async function paymentMails(): Promise<(string | undefined)[]> {
  await everythingTold(kit.database.pool);
  return kit.platform.mail.mails
    .filter((mail) => mail.recipients.includes(merchant.email) && /invoice/i.test(mail.parsed.subject ?? ''))
    .map((mail) => mail.parsed.subject);
}
async function centre(): Promise<string[]> {
  await everythingTold(kit.database.pool);
  const { notifications } = await merchant.owner.send(operations.NotificationsDocument, { first: 100 });
  return notifications.edges.map((e) => e.node.type).filter((type) => /^(INVOICE|PAYMENT)/.test(type));
}
async function ledgerSum(): Promise<string | undefined> {
  const { rows } = await kit.database.pool.query<{ sum: string }>(
    'SELECT sum(amount)::text AS sum FROM posting',
  );
  return rows[0]?.sum;
}

describe('a simulated payment', () => {
  test('of the exact amount pays the invoice', async () => {
    const { id, quoteId } = await opened();
    const paid = await simulatePayment(merchant.test, id, quoteId);
    expect(paid).toMatchObject({
      status: 'PAID',
      exception: 'NONE',
      amountPaid: { amount: '100.00' },
      payments: [{ status: 'CREDITED', exception: 'NONE', amount: { amount: '100.000000' } }],
    });
    expect(paid.paidAt).not.toBeNull();
    expect(await eventsOf(id)).toEqual([
      ...OPENED,
      'payment.detected',
      'invoice.confirming',
      'payment.credited',
      'invoice.paid',
    ]);
    expect(await balancesOf(merchant.test)).toEqual({ USDT: ['0.000000', '100.000000', '0.000000'] });
    expect(await balancesOf(merchant.live)).toEqual({});
    expect(await paymentMails()).toEqual([expect.stringMatching(/paid/i)]);
    expect(await centre()).toEqual(['INVOICE_PAID']);
    expect(await ledgerSum()).toBe('0');
  });

  test('of a part waits, and a top-up completes it', async () => {
    const { id, quoteId } = await opened();
    expect(await simulatePayment(merchant.test, id, quoteId, '40')).toMatchObject({
      status: 'PARTIAL',
      amountPaid: { amount: '40.00' },
      paidAt: null,
      payments: [{ status: 'CONFIRMED' }],
    });
    expect(await balancesOf(merchant.test)).toEqual({ USDT: ['40.000000', '0.000000', '0.000000'] });
    expect(await paymentMails()).toEqual([]);
    expect(await simulatePayment(merchant.test, id, quoteId, '60')).toMatchObject({
      status: 'PAID',
      amountPaid: { amount: '100.00' },
      payments: [{ status: 'CREDITED' }, { status: 'CREDITED' }],
    });
    expect(await balancesOf(merchant.test)).toEqual({ USDT: ['0.000000', '100.000000', '0.000000'] });
    expect(await eventsOf(id)).toEqual([
      ...OPENED,
      'payment.detected',
      'invoice.partially_paid',
      'payment.confirmed',
      'payment.detected',
      'invoice.confirming',
      'payment.credited',
      'payment.credited',
      'invoice.paid',
    ]);
    expect(await paymentMails()).toHaveLength(1);
  });

  test('one minor unit short is a part', async () => {
    const { id, quoteId } = await opened();
    expect(await simulatePayment(merchant.test, id, quoteId, '99.999999')).toMatchObject({
      status: 'PARTIAL',
      amountPaid: { amount: '99.99' },
    });
    expect(await simulatePayment(merchant.test, id, quoteId, '0.000001')).toMatchObject({
      status: 'PAID',
      amountPaid: { amount: '100.00' },
    });
  });

  test('of too much is credited whole, and told as overpaid; below a cent it is dust', async () => {
    const { id, quoteId } = await opened();
    expect(await simulatePayment(merchant.test, id, quoteId, '130')).toMatchObject({
      status: 'OVERPAID',
      exception: 'NONE',
      amountPaid: { amount: '130.00' },
      payments: [{ status: 'CREDITED' }],
    });
    expect(await eventsOf(id)).toEqual([
      ...OPENED,
      'payment.detected',
      'invoice.confirming',
      'payment.credited',
      'invoice.overpaid',
    ]);
    const dusty = await opened();
    expect(await simulatePayment(merchant.test, dusty.id, dusty.quoteId, '100.009999')).toMatchObject({
      status: 'PAID',
      amountPaid: { amount: '100.00' },
    });
    expect(await balancesOf(merchant.test)).toEqual({ USDT: ['0.000000', '230.009999', '0.000000'] });
    expect(await centre()).toEqual(['INVOICE_PAID', 'INVOICE_OVERPAID']);
    expect(await ledgerSum()).toBe('0');
  });

  test('made twice is held as a duplicate', async () => {
    const { id, quoteId } = await opened();
    await simulatePayment(merchant.test, id, quoteId);
    const before = await eventsOf(id);
    expect(await simulatePayment(merchant.test, id, quoteId)).toMatchObject({
      status: 'PAID',
      amountPaid: { amount: '100.00' },
      payments: [
        { status: 'CREDITED', exception: 'NONE' },
        { status: 'CONFIRMED', exception: 'DUPLICATE' },
      ],
    });
    expect(await eventsOf(id)).toEqual([...before, 'payment.detected', 'payment.held']);
    expect(await balancesOf(merchant.test)).toEqual({ USDT: ['0.000000', '100.000000', '100.000000'] });
    expect(await paymentMails()).toHaveLength(1);
    expect(await centre()).toEqual(['PAYMENT_HELD', 'INVOICE_PAID']);
  });

  test('after the invoice was cancelled is held', async () => {
    const { id, quoteId } = await opened();
    await cancel(merchant.test, id);
    expect(await simulatePayment(merchant.test, id, quoteId)).toMatchObject({
      status: 'CANCELED',
      exception: 'CANCELLED',
      amountPaid: { amount: '0.00' },
      paidAt: null,
      payments: [{ status: 'CONFIRMED', exception: 'AFTER_CANCEL' }],
    });
    expect(await eventsOf(id)).toEqual([...OPENED, 'invoice.canceled', 'payment.detected', 'payment.held']);
    expect(await balancesOf(merchant.test)).toEqual({ USDT: ['0.000000', '0.000000', '100.000000'] });
    expect(await paymentMails()).toEqual([]);
  });

  test('in part before a cancel is held with it', async () => {
    const { id, quoteId } = await opened();
    await simulatePayment(merchant.test, id, quoteId, '40');
    expect(await cancel(merchant.test, id)).toMatchObject({ status: 'CANCELED', exception: 'CANCELLED' });
    expect(await balancesOf(merchant.test)).toEqual({ USDT: ['0.000000', '0.000000', '40.000000'] });
    expect((await eventsOf(id)).slice(-2)).toEqual(['payment.held', 'invoice.canceled']);
    expect(await ledgerSum()).toBe('0');
  });

  test('after expiry is held, and told as paid late once it covers the price', async () => {
    const { id, quoteId } = await opened({ lifetimeSeconds: 60 });
    clock.advance({ seconds: 61 });
    await expired(kit.database.pool, id);
    expect(await simulatePayment(merchant.test, id, quoteId, '99')).toMatchObject({
      status: 'CANCELED',
      exception: 'EXPIRED',
    });
    expect(await simulatePayment(merchant.test, id, quoteId, '1')).toMatchObject({
      status: 'CANCELED',
      exception: 'PAID_LATE',
      amountPaid: { amount: '0.00' },
      payments: [
        { status: 'CONFIRMED', exception: 'LATE' },
        { status: 'CONFIRMED', exception: 'LATE' },
      ],
    });
    await simulatePayment(merchant.test, id, quoteId, '5');
    expect(await eventsOf(id)).toEqual([
      ...OPENED,
      'invoice.canceled',
      'payment.detected',
      'payment.held',
      'payment.detected',
      'payment.held',
      // Said once.
      'invoice.paid_late',
      'payment.detected',
      'payment.held',
    ]);
    expect(await balancesOf(merchant.test)).toEqual({ USDT: ['0.000000', '0.000000', '105.000000'] });
    expect(await paymentMails()).toEqual([
      expect.stringMatching(/^\[Test\] Invoice paid late: 100\.00.USD for order order-1$/),
    ]);
    expect(await ledgerSum()).toBe('0');
  });

  test('by two quotes adds up', async () => {
    const { id, quoteId } = await opened();
    const ether = await createQuote(merchant.test, id, { asset: 'ETH' });
    await simulatePayment(merchant.test, id, quoteId, '25');
    // 75 of 100 dollars, at 3,000 for one.
    expect(await simulatePayment(merchant.test, id, ether.id, '0.02500002')).toMatchObject({
      status: 'PAID',
      amountPaid: { amount: '100.00' },
    });
    expect(await balancesOf(merchant.test)).toEqual({
      ETH: ['0.000000000000000000', '0.025000020000000000', '0.000000000000000000'],
      USDT: ['0.000000', '25.000000', '0.000000'],
    });
  });

  test('made 60 times at once: each is done wholly, and ten pay the invoice', async () => {
    const { id, quoteId } = await opened();
    await Promise.all(Array.from({ length: 60 }, () => simulatePayment(merchant.test, id, quoteId, '10')));
    const after = await invoiceOf(merchant.test, id);
    expect(after).toMatchObject({ status: 'PAID', amountPaid: { amount: '100.00' } });
    expect(after?.payments).toHaveLength(60);
    expect(after?.payments.filter((p) => p.status === 'CREDITED')).toHaveLength(10);
    expect((await balancesOf(merchant.test))['USDT']).toEqual(['0.000000', '100.000000', '500.000000']);
    const told = (await eventsOf(id)).filter(
      (type) => type === 'invoice.paid' || type === 'invoice.overpaid',
    );
    expect(told).toEqual(['invoice.paid']);
    await expectLedgerInBalance(kit.database.pool);
  });

  test('is one write: nobody sees it seen but not confirmed', async () => {
    const { id, quoteId } = await opened();
    await simulatePayment(merchant.test, id, quoteId);
    const { rows } = await kit.database.pool.query<{ writes: number }>(
      `SELECT count(DISTINCT txid)::int AS writes FROM event
       WHERE subject_id = $1 AND type IN ('invoice.confirming', 'invoice.paid')`,
      [rowIdOf(id)],
    );
    expect(rows[0]?.writes).toBe(1);
  });
});

describe('what cannot be simulated', () => {
  const tried = async (invoiceId: string, quoteId: string, amount?: string) =>
    (
      await merchant.owner.send(operations.TestPaymentSimulateDocument, {
        input: { invoiceId, quoteId, ...(amount === undefined ? {} : { amount }) },
      })
    ).testPaymentSimulate;

  test('is refused, and moves nothing', async () => {
    const { id, quoteId } = await opened();
    const live = await createInvoice(merchant.live);
    const before = await rowCounts(kit.database.pool, ['payment', 'posting', 'event']);
    expect(await tried(live.id, quoteId)).toMatchObject({ code: 'TEST_MODE_ONLY' });
    expect(await tried(id, 'no quote')).toMatchObject({ code: 'NOT_FOUND', path: ['input', 'quoteId'] });
    for (const amount of ['0', '-1', '0.0000001', '1000000000000000.1', '9'.repeat(78)]) {
      expect(await tried(id, quoteId, amount)).toMatchObject({
        code: 'INVALID_INPUT',
        path: ['input', 'amount'],
      });
    }
    expect(await rowCounts(kit.database.pool, ['payment', 'posting', 'event'])).toEqual(before);
  });
});
