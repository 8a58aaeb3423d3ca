import { beforeAll, describe, expect, test } from 'vitest';
import { uuidSource } from '../../src/adapters/system/uuid-source.ts';
import type { DemoMerchant } from '../../src/demo/merchant.ts';
import * as operations from '../../src/generated/documents.ts';
import { globalIdOf, rowIdOf } from '../testkit/facts.ts';
import { openShop } from '../testkit/open-shop.ts';
import { asked, pagesOf, planOf } from '../testkit/plans.ts';
import { usePlatform } from '../testkit/platform.ts';

// What each filter of payouts, refunds and rebounds reads, where what is asked for is rare and far back.
const kit = usePlatform({ env: { ROLES: 'api' } });
const ROWS = 10_000;
const PAGES = 150;
const START = Date.parse('2026-01-01T00:00:00Z');
const moment = (n: number): string => new Date(START + n * 1000).toISOString();
const batch = uuidSource.next();
const invoice = uuidSource.next();
const payment = uuidSource.next();
const rareProject = uuidSource.next();

/** $1 merchant, $2 batch, $3 project that has few. Rare is what stands below 50, the oldest. */
const PAYOUTS = `
  INSERT INTO payout (id, merchant_id, project_id, mode, kind, origin, status, currency, network, address, debited, fee,
    network_fee, arrives, reference, actor_type, batch_id, batch_row, tx_id, created_at, ended_at)
  SELECT gen_random_uuid(), $1::uuid, CASE WHEN n <= 50 THEN $3::uuid END, 'TEST', 'CRYPTO',
    (CASE WHEN n <= 50 THEN 'BATCH' ELSE 'REQUEST' END)::"PayoutOrigin",
    (CASE WHEN n <= 50 THEN 'PENDING_APPROVAL' ELSE 'CONFIRMED' END)::"PayoutStatus",
    CASE WHEN n <= 50 THEN 'BTC' ELSE 'USDT' END, CASE WHEN n <= 50 THEN 'BITCOIN' ELSE 'ETHEREUM' END, 'address-' || n,
    3, 1, 1, 1, 'reference-' || n, 'SYSTEM', CASE WHEN n <= 50 THEN $2::uuid END, CASE WHEN n <= 50 THEN n END,
    CASE WHEN n > 50 THEN 'tx-' || n END, '${moment(0)}'::timestamptz + n * interval '1 second',
    CASE WHEN n > 50 THEN now() END
  FROM generate_series(1, ${ROWS}) AS n`;
/** $1 merchant, $2 project, $3 invoice. */
const REFUNDS = `
  INSERT INTO refund (id, merchant_id, project_id, mode, invoice_id, status, reason, currency, amount, debit_currency,
    debit_amount, asset, network, asset_amount, network_fee, rate, debit_rate, rate_source, rate_at, sub_merchant_id,
    actor_type, created_at)
  SELECT gen_random_uuid(), $1::uuid, $2::uuid, 'TEST', CASE WHEN n <= 50 THEN $3::uuid ELSE gen_random_uuid() END,
    (CASE WHEN n <= 50 THEN 'PENDING' ELSE 'SUCCEEDED' END)::"RefundStatus",
    (CASE WHEN n <= 50 THEN 'FRAUDULENT' ELSE 'DUPLICATE' END)::"RefundReason", 'USD', 100, 'USDT', 1, 'USDT', 'ETHEREUM',
    1, 0, 1, 1, 'test', now(), CASE WHEN n <= 50 THEN 'sub_1' END, 'SYSTEM',
    '${moment(0)}'::timestamptz + n * interval '1 second'
  FROM generate_series(1, ${ROWS}) AS n`;
/** $1 merchant, $2 project, $3 payment. */
const REBOUNDS = `
  INSERT INTO rebound (id, merchant_id, project_id, mode, payment_id, status, reason, asset, network, amount, network_fee,
    created_at)
  SELECT gen_random_uuid(), $1::uuid, $2::uuid, 'TEST', CASE WHEN n <= 50 THEN $3::uuid ELSE gen_random_uuid() END,
    (CASE WHEN n <= 50 THEN 'REJECTED' ELSE 'COMPLETED' END)::"ReboundStatus",
    CASE WHEN n <= 50 THEN 'UNDERPAID' ELSE 'OVERPAID' END, 'USDT', 'ETHEREUM', 1, 0,
    '${moment(0)}'::timestamptz + n * interval '1 second'
  FROM generate_series(1, ${ROWS}) AS n`;

let shop: DemoMerchant;
beforeAll(async () => {
  shop = await openShop(kit, 'ada@shop.example');
  const client = await kit.database.pool.connect();
  try {
    // Rows alone matter here, not what they belong to.
    await client.query('SET session_replication_role = replica');
    const shops = [
      [rowIdOf(shop.merchantId), rowIdOf(shop.projectId), batch, rareProject, invoice, payment],
      Array.from({ length: 6 }, () => uuidSource.next()),
    ];
    for (const [merchant, project, ofBatch, few, ofInvoice, ofPayment] of shops) {
      await client.query(PAYOUTS, [merchant, ofBatch, few]);
      await client.query(REFUNDS, [merchant, project, ofInvoice]);
      await client.query(REBOUNDS, [merchant, project, ofPayment]);
    }
    await client.query('RESET session_replication_role');
    await client.query('VACUUM ANALYZE payout, refund, rebound');
  } finally {
    client.release();
  }
}, 120_000);

async function expectFewPages(table: string, index: RegExp, work: () => Promise<unknown>): Promise<void> {
  const [statement] = await asked(`FROM "public"."${table}" WHERE`, work);
  if (!statement) throw new Error(`nothing was asked of ${table}`);
  const plan = await planOf(kit.database.pool, statement);
  expect(plan).toMatch(index);
  expect(plan).not.toMatch(/Seq Scan on (payout|refund|rebound)\b/);
  expect(pagesOf(plan), plan).toBeLessThan(PAGES);
}

const span = { createdFrom: moment(1), createdBefore: moment(40) };

describe('payouts', () => {
  const list = (variables: Partial<operations.PayoutListQueryVariables>) =>
    shop.owner.send(operations.PayoutListDocument, {
      merchantId: shop.merchantId,
      mode: 'TEST',
      first: 20,
      ...variables,
    });
  test.each<[string, RegExp, () => operations.PayoutFilter]>([
    ['nothing', /payout_merchant_id_mode_created_at_id_idx/, () => ({})],
    ['a status', /payout_merchant_id_mode_status_/, () => ({ status: ['PENDING_APPROVAL'] })],
    ['statuses', /payout_merchant_id_mode_status_/, () => ({ status: ['PENDING_APPROVAL', 'FAILED'] })],
    ['a currency', /payout_merchant_id_mode_currency_/, () => ({ currency: 'BTC' })],
    ['a network', /payout_merchant_id_mode_network_/, () => ({ network: 'BITCOIN' })],
    ['an origin', /payout_merchant_id_mode_origin_/, () => ({ origin: ['BATCH'] })],
    ['a project', /payout_project_idx/, () => ({ projectId: globalIdOf('Project', rareProject) })],
    ['an address', /payout_address_idx/, () => ({ address: 'address-7' })],
    ['a reference', /payout_reference_idx/, () => ({ reference: 'reference-7' })],
    ['a transaction', /payout_tx_id_idx/, () => ({ txId: 'tx-77' })],
    ['a batch', /payout_batch_idx/, () => ({ batchId: globalIdOf('PayoutBatch', batch) })],
    ['my approval', /payout_merchant_id_mode_status_/, () => ({ needsMyApproval: true })],
    ['a span', /payout_merchant_id_mode_created_at_id_idx/, () => span],
  ])('by %s are read by their index', async (_what, index, filter) => {
    await expectFewPages('payout', index, () => list({ filter: filter() }));
  });

  test('far down the list are read from there on', async () => {
    const { payouts } = await list({ filter: { createdBefore: moment(100) }, first: 1 });
    const after = payouts.pageInfo.endCursor ?? '';
    const index = /payout_merchant_id_mode_created_at_id_idx/;
    await expectFewPages('payout', index, () => list({ filter: { createdBefore: moment(100) }, after }));
  });
});

describe('refunds', () => {
  test.each<[string, RegExp, () => operations.RefundFilter]>([
    ['nothing', /refund_project_id_mode_created_at_id_idx/, () => ({})],
    ['a status', /refund_project_id_mode_status_/, () => ({ status: ['PENDING'] })],
    ['a reason', /refund_project_id_mode_reason_/, () => ({ reason: ['FRAUDULENT'] })],
    ['an invoice', /refund_invoice_id_/, () => ({ invoiceId: globalIdOf('Invoice', invoice) })],
    ['a sub-merchant', /refund_sub_merchant_id_idx/, () => ({ subMerchantId: 'sub_1' })],
    ['a span', /refund_project_id_mode_created_at_id_idx/, () => span],
  ])('by %s are read by their index', async (_what, index, filter) => {
    const variables = { projectId: shop.projectId, mode: 'TEST', first: 20, filter: filter() } as const;
    await expectFewPages('refund', index, () => shop.owner.send(operations.RefundPageDocument, variables));
  });
});

describe('rebounds', () => {
  test.each<[string, RegExp, () => operations.ReboundFilter]>([
    ['nothing', /rebound_project_id_mode_created_at_id_idx/, () => ({})],
    ['a status', /rebound_project_id_mode_status_/, () => ({ status: ['REJECTED'] })],
    ['a reason', /rebound_project_id_mode_reason_/, () => ({ reason: ['UNDERPAID'] })],
    ['a payment', /rebound_payment_id_/, () => ({ paymentId: globalIdOf('Payment', payment) })],
    ['a span', /rebound_project_id_mode_created_at_id_idx/, () => span],
  ])('by %s are read by their index', async (_what, index, filter) => {
    const variables = { projectId: shop.projectId, mode: 'TEST', first: 20, filter: filter() } as const;
    await expectFewPages('rebound', index, () =>
      shop.owner.send(operations.FilteredReboundsDocument, variables),
    );
  });
});
