import { beforeEach, describe, expect, test } from 'vitest';
import { accepted } from '../../../src/demo/api-client.ts';
import type { DemoMerchant } from '../../../src/demo/merchant.ts';
import { openShop } from '../../testkit/open-shop.ts';
import * as operations from '../../../src/generated/documents.ts';
import { expectLedgerInBalance } from '../../fault/ledger-checks.ts';
import { eventTypes, rowIdOf } from '../../testkit/facts.ts';
import { createMovableClock } from '../../testkit/movable-clock.ts';
import { usePlatform } from '../../testkit/platform.ts';
import {
  balancesOf,
  cancel,
  createInvoice,
  createQuote,
  simulatePayment,
  tryQuote,
} from '../../testkit/shop.ts';

const clock = createMovableClock();
const kit = usePlatform({ overrides: { clock } });

let merchant: DemoMerchant;
let merchants = 0;
beforeEach(async () => {
  merchants += 1;
  merchant = await openShop(kit, `grace${merchants}@shop.example`, clock.now());
});

type Defaults = NonNullable<operations.ProjectUpdateMutationVariables['input']['defaults']>;

async function setRules(defaults: Defaults): Promise<void> {
  const { projectUpdate } = await merchant.owner.send(operations.ProjectUpdateDocument, {
    input: { projectId: merchant.projectId, defaults },
  });
  accepted(projectUpdate, 'Project');
}

/** Columns that have no field of the API here. */
const setColumn = (column: string, value: string | number) =>
  kit.database.pool.query(`UPDATE project SET ${column} = $2 WHERE id = $1`, [
    rowIdOf(merchant.projectId),
    value,
  ]);

async function opened(input: Partial<operations.InvoiceCreateInput> = {}) {
  const { id } = await createInvoice(merchant.test, { amount: '100', ...input });
  return { id, quoteId: (await createQuote(merchant.test, id)).id };
}

const moneyOf = async (id: string) =>
  (await merchant.test.send(operations.InvoiceMoneyDocument, { id })).invoice;

const only = <T>(items: readonly T[] | undefined): T => {
  const [item] = items ?? [];
  if (items?.length !== 1 || item === undefined) throw new Error(`${items?.length ?? 0} instead of one`);
  return item;
};

async function expire(id: string): Promise<void> {
  clock.advance({ seconds: 601 });
  await expect.poll(async () => (await moneyOf(id))?.status, { timeout: 10_000 }).toBe('CANCELED');
}

const resolvePayment = async (paymentId: string, resolution: 'CREDIT' | 'REBOUND') =>
  (await merchant.owner.send(operations.PaymentResolveDocument, { input: { paymentId, resolution } }))
    .paymentResolve;

const preview = async (paymentId: string, resolution: 'CREDIT' | 'REBOUND') =>
  (await merchant.owner.send(operations.PaymentResolutionPreviewDocument, { paymentId, resolution }))
    .paymentResolutionPreview;

const unresolved = async (filter: operations.PaymentFilter = {}) =>
  (
    await merchant.test.send(operations.UnresolvedPaymentsDocument, {
      filter: { unresolved: true, ...filter },
    })
  ).payments.edges.map(({ node }) => node);

describe('a shortfall', () => {
  test.each([
    ['within the amount', { underpaidAmount: { amount: '2', currency: 'USD' } }, '98', 'PAID'],
    ['beyond the amount', { underpaidAmount: { amount: '2', currency: 'USD' } }, '97.99', 'PARTIAL'],
    ['within the share', { underpaidPercent: '1.5' }, '98.5', 'PAID'],
    ['beyond the share', { underpaidPercent: '1.5' }, '98.49', 'PARTIAL'],
    [
      'by an amount of another currency',
      { underpaidAmount: { amount: '2', currency: 'EUR' } },
      '98',
      'PARTIAL',
    ],
  ] as const)('%s', async (_name, rules, amount, status) => {
    await setRules(rules);
    const { id, quoteId } = await opened();
    expect(await simulatePayment(merchant.test, id, quoteId, amount)).toMatchObject({ status });
    const paid = status === 'PAID';
    expect(await moneyOf(id)).toMatchObject({
      exception: paid ? 'PAID_WITHIN_THRESHOLD' : 'NONE',
      accepted: paid ? { amount: expect.stringContaining(amount) } : null,
      payments: [{ status: paid ? 'CREDITED' : 'CONFIRMED' }],
    });
  });

  test('that was accepted stays accepted when the threshold is taken away', async () => {
    await setRules({ underpaidPercent: '5' });
    const { id, quoteId } = await opened();
    await simulatePayment(merchant.test, id, quoteId, '96');
    await setRules({ underpaidPercent: null });
    await simulatePayment(merchant.test, id, quoteId, '4');
    expect(await moneyOf(id)).toMatchObject({
      status: 'PAID',
      exception: 'PAID_WITHIN_THRESHOLD',
      payments: [{ status: 'CREDITED' }, { exception: 'DUPLICATE', heldReason: 'DUPLICATE' }],
    });
  });

  test.each([
    [
      'HOLD',
      { status: 'CONFIRMED', heldReason: 'UNDERPAID', decision: 'NONE' },
      ['0.000000', '0.000000', '40.000000'],
    ],
    [
      'REBOUND',
      { status: 'CONFIRMED', heldReason: 'UNDERPAID', decision: 'REBOUND' },
      ['0.000000', '0.000000', '40.000000'],
    ],
    [
      'CREDIT',
      { status: 'CREDITED', heldReason: null, decision: 'NONE' },
      ['0.000000', '40.000000', '0.000000'],
    ],
  ] as const)('at the end of the invoice follows the policy %s', async (policy, payment, balance) => {
    await setRules({ policies: { underpaid: policy } });
    const { id, quoteId } = await opened();
    await simulatePayment(merchant.test, id, quoteId, '40');
    await expire(id);
    expect(await moneyOf(id)).toMatchObject({ exception: 'EXPIRED', payments: [payment] });
    expect(await balancesOf(merchant.test)).toEqual({ USDT: balance });
    await expectLedgerInBalance(kit.database.pool);
  });

  test('is accepted by hand as it is, once', async () => {
    const { id, quoteId } = await opened();
    const input = { invoiceId: id };
    const early = await merchant.owner.send(operations.InvoiceAcceptDocument, { input });
    expect(early.invoiceAccept).toMatchObject({ __typename: 'WrongStateError' });
    await simulatePayment(merchant.test, id, quoteId, '40');
    for (let i = 0; i < 2; i++) {
      const { invoiceAccept } = await merchant.owner.send(operations.InvoiceAcceptDocument, { input });
      expect(invoiceAccept).toMatchObject({ status: 'PAID', exception: 'PAID_PARTIAL_ACCEPTED' });
    }
    expect(await balancesOf(merchant.test)).toEqual({ USDT: ['0.000000', '40.000000', '0.000000'] });
    expect((await eventTypes(kit.database.pool, id)).filter((type) => type === 'invoice.paid')).toHaveLength(
      1,
    );
  });
});

describe('too much', () => {
  test.each([
    ['CREDIT', '120.000000', '0.000000', null, 'NONE'],
    ['HOLD', '100.000000', '20.000000', 'OVERPAID', 'NONE'],
    ['REBOUND', '100.000000', '20.000000', 'OVERPAID', 'REBOUND'],
  ] as const)('by the policy %s', async (policy, available, held, heldReason, decision) => {
    await setRules({ policies: { overpaid: policy } });
    const { id, quoteId } = await opened();
    await simulatePayment(merchant.test, id, quoteId, '120');
    expect(await moneyOf(id)).toMatchObject({
      status: 'OVERPAID',
      payments: [
        { status: 'CREDITED', credited: { amount: available }, held: { amount: held }, heldReason, decision },
      ],
    });
    expect(await balancesOf(merchant.test)).toEqual({ USDT: ['0.000000', available, held] });
  });
});

describe('money that comes too late or twice', () => {
  test.each(['HOLD', 'CREDIT', 'REBOUND'] as const)('by the policy %s', async (policy) => {
    await setRules({ policies: { late: policy, duplicate: policy } });
    const twice = await opened();
    await simulatePayment(merchant.test, twice.id, twice.quoteId);
    await simulatePayment(merchant.test, twice.id, twice.quoteId, '30');
    const cancelled = await opened();
    await cancel(merchant.test, cancelled.id);
    await simulatePayment(merchant.test, cancelled.id, cancelled.quoteId, '20');
    const late = await opened();
    await expire(late.id);
    await simulatePayment(merchant.test, late.id, late.quoteId, '100');

    const credited = policy === 'CREDIT';
    const money = { heldReason: null, rate: '1', ...(credited ? { status: 'CREDITED' } : {}) };
    const of = (reason: string) =>
      credited
        ? money
        : { heldReason: reason, decision: policy === 'REBOUND' ? 'REBOUND' : 'NONE', rate: '1' };
    expect(await moneyOf(twice.id)).toMatchObject({
      status: 'PAID',
      payments: [{ rate: null }, of('DUPLICATE')],
    });
    expect(await moneyOf(cancelled.id)).toMatchObject({
      exception: 'CANCELLED',
      payments: [of('AFTER_CANCEL')],
    });
    expect(await moneyOf(late.id)).toMatchObject({ exception: 'PAID_LATE', payments: [of('LATE')] });
    expect(await balancesOf(merchant.test)).toEqual({
      USDT: credited ? ['0.000000', '250.000000', '0.000000'] : ['0.000000', '100.000000', '150.000000'],
    });
    await expectLedgerInBalance(kit.database.pool);
  });

  test('after the monitoring period waits for a decision, whatever the policy', async () => {
    await setRules({ policies: { late: 'CREDIT' } });
    const { id, quoteId } = await opened();
    await expire(id);
    clock.advance({ seconds: 86400 });
    await simulatePayment(merchant.test, id, quoteId, '100');
    expect(await moneyOf(id)).toMatchObject({
      payments: [{ heldReason: 'LATE', held: { amount: '100.000000' } }],
    });
  });
});

describe('the unresolved queue', () => {
  test('lists what waits, shows what a decision would do, and carries it out once', async () => {
    const schedule = [rowIdOf(merchant.projectId), '{"USDT": "500000"}', '{"USDT/ETHEREUM": "1000000"}'];
    const { id, quoteId } = await opened();
    await cancel(merchant.test, id);
    await simulatePayment(merchant.test, id, quoteId, '50');
    await simulatePayment(merchant.test, id, quoteId, '30');
    await kit.database.pool.query(
      `INSERT INTO fee_schedule (id, merchant_id, project_id, basis_points, fixed, network, updated_at)
       SELECT gen_random_uuid(), merchant_id, id, 100, $2, $3, now() FROM project WHERE id = $1`,
      schedule,
    );
    const [second, first] = await unresolved();
    expect([first?.held.amount, second?.held.amount]).toEqual(['50.000000', '30.000000']);
    expect(await unresolved({ heldReason: ['LATE'] })).toEqual([]);
    const paymentId = first?.id ?? '';

    expect(await preview(paymentId, 'CREDIT')).toMatchObject({
      amount: { amount: '50.000000' },
      fee: { amount: '1.000000' },
      networkFee: { amount: '1.000000' },
      credited: { amount: '48.000000', currency: { code: 'USDT' } },
      rate: '1',
    });
    expect(await unresolved()).toHaveLength(2);

    const answers = await Promise.all(Array.from({ length: 5 }, () => resolvePayment(paymentId, 'CREDIT')));
    for (const answer of answers)
      expect(answer).toMatchObject({ status: 'CREDITED', held: { amount: '0.000000' } });
    expect(await balancesOf(merchant.test)).toEqual({ USDT: ['0.000000', '48.000000', '30.000000'] });
    expect(await unresolved()).toMatchObject([{ id: second?.id, invoice: { id } }]);

    const other = second?.id ?? '';
    expect(await resolvePayment(other, 'REBOUND')).toMatchObject({
      decision: 'REBOUND',
      held: { amount: '30.000000' },
    });
    expect(await preview(other, 'REBOUND')).toMatchObject({
      credited: null,
      amount: { amount: '30.000000' },
    });
    expect(await resolvePayment(other, 'CREDIT')).toMatchObject({ decision: 'NONE', status: 'CREDITED' });
    expect(await resolvePayment(other, 'REBOUND')).toMatchObject({ __typename: 'WrongStateError' });
    expect((await eventTypes(kit.database.pool, id)).slice(-3)).toEqual([
      'payment.credited',
      'payment.rebound_requested',
      'payment.credited',
    ]);
    await expectLedgerInBalance(kit.database.pool);
  });
});

describe('a quote', () => {
  test('that ran out is made anew at the rate of the moment and the same address', async () => {
    await setColumn('rate_lock_seconds', 60);
    const { id } = await createInvoice(merchant.test, { amount: '100', lifetimeSeconds: 600 });
    const first = await createQuote(merchant.test, id);
    clock.advance({ seconds: 61 });
    const second = await createQuote(merchant.test, id);
    expect(second.id).not.toBe(first.id);
    const quotes = (await moneyOf(id))?.quotes ?? [];
    expect(new Set(quotes.map((q) => q.address)).size).toBe(1);
    expect(quotes).toHaveLength(2);
  });

  test('after a part was paid asks for the rest', async () => {
    const { id, quoteId } = await opened();
    await simulatePayment(merchant.test, id, quoteId, '40');
    const rest = await createQuote(merchant.test, id);
    expect(rest.amount).toMatchObject({ amount: '60.000000' });
    expect(await simulatePayment(merchant.test, id, rest.id)).toMatchObject({ status: 'PAID' });
  });

  test("takes the project's spread off the rate, and the payer bears the network fee if so chosen", async () => {
    await setColumn('rate_spread_basis_points', 200);
    await setColumn('network_fee_payer', 'PAYER');
    await kit.database.pool.query(
      `INSERT INTO fee_schedule (id, merchant_id, basis_points, fixed, network, updated_at)
       VALUES (gen_random_uuid(), $1, 50, '{}', '{"USDT/ETHEREUM": "2000000"}', now())`,
      [rowIdOf(merchant.merchantId)],
    );
    const { id, quoteId } = await opened({ amount: '98' });
    const quote = only((await moneyOf(id))?.quotes);
    expect(quote).toMatchObject({
      rate: '0.98',
      amount: { amount: '102.000000' },
      fee: { amount: '0.510000' },
      networkFee: { amount: '2.000000' },
    });
    await simulatePayment(merchant.test, id, quoteId);
    expect(only((await moneyOf(id))?.payments)).toMatchObject({
      fee: { amount: '0.510000' },
      networkFee: { amount: '2.000000' },
      settled: { amount: '99.490000', currency: { code: 'USDT' } },
    });
    expect(await balancesOf(merchant.test)).toEqual({ USDT: ['0.000000', '99.490000', '0.000000'] });
  });

  test('of an invoice whose time is over is refused', async () => {
    const { id } = await createInvoice(merchant.test);
    clock.advance({ seconds: 601 });
    expect(await tryQuote(merchant.test, id)).toMatchObject({ __typename: 'InvoiceNotOpenError' });
  });
});

test('a settlement currency receives what was paid, by the locked rate, through the conversion accounts', async () => {
  await setColumn('settlement_currency', 'USD');
  const { id } = await createInvoice(merchant.test, { amount: '100' });
  const quote = await createQuote(merchant.test, id, { asset: 'ETH' });
  await simulatePayment(merchant.test, id, quote.id);
  expect(only((await moneyOf(id))?.quotes)).toMatchObject({
    settlementCurrency: 'USD',
    settlementRate: '3000',
  });
  expect(only((await moneyOf(id))?.payments)).toMatchObject({
    settled: { amount: '100.00', currency: { code: 'USD' } },
  });
  expect(await balancesOf(merchant.test)).toMatchObject({ USD: ['0.00', '100.00', '0.00'] });
  const { rows } = await kit.database.pool.query(
    "SELECT asset, balance::text FROM ledger_account WHERE kind = 'CONVERSION' AND mode = 'TEST' ORDER BY asset",
  );
  expect(rows).toEqual([
    { asset: 'ETH', balance: '33333340000000000' },
    { asset: 'USD', balance: '-10000' },
  ]);
  await expectLedgerInBalance(kit.database.pool);
});
