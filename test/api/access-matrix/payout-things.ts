import type { Pool } from 'pg';
import { uuidSource } from '../../../src/adapters/system/uuid-source.ts';
import { globalIdOf, rowIdOf } from '../../testkit/facts.ts';
import { inserted } from './inserted.ts';

/** What leaves a merchant, and why. Ids are global ones. */
export interface PayoutThings {
  /** Of the project and cancelled, as the next. */
  readonly testPayoutId: string;
  readonly livePayoutId: string;
  /** Of the merchant as a whole, which a person asked for, as the next. */
  readonly testMerchantPayoutId: string;
  readonly liveMerchantPayoutId: string;
  /** With one payout of the project. */
  readonly projectBatchId: string;
  /** With one payout of the merchant as a whole. */
  readonly merchantBatchId: string;
  /** Of TEST mode and cancelled. */
  readonly testRefundId: string;
  readonly liveRefundId: string;
  /** Of TEST mode and rejected. */
  readonly testReboundId: string;
  readonly liveReboundId: string;
}

export interface PayoutsOwned {
  readonly merchantId: string;
  readonly projectId: string;
  readonly paidInvoiceId: string;
  readonly liveInvoiceId: string;
}

export async function insertPayoutThings(pool: Pool, owned: PayoutsOwned): Promise<PayoutThings> {
  const merchantId = rowIdOf(owned.merchantId);
  const projectId = rowIdOf(owned.projectId);
  const ofProject = { merchantId, projectId };
  const ofMerchant = { merchantId, projectId: null };
  const [projectBatch, merchantBatch] = [uuidSource.next(), uuidSource.next()];
  const paidId = rowIdOf(owned.paidInvoiceId);
  const liveId = rowIdOf(owned.liveInvoiceId);
  await insertLivePayment(pool, paidId, liveId);
  return {
    testPayoutId: await insertPayout(pool, { ...ofProject, mode: 'TEST', batchId: projectBatch }),
    livePayoutId: await insertPayout(pool, { ...ofProject, mode: 'LIVE', batchId: null }),
    testMerchantPayoutId: await insertPayout(pool, { ...ofMerchant, mode: 'TEST', batchId: null }),
    liveMerchantPayoutId: await insertPayout(pool, { ...ofMerchant, mode: 'LIVE', batchId: merchantBatch }),
    projectBatchId: globalIdOf('PayoutBatch', projectBatch),
    merchantBatchId: globalIdOf('PayoutBatch', merchantBatch),
    testRefundId: await insertRefund(pool, { ...ofProject, mode: 'TEST', invoiceId: paidId }),
    liveRefundId: await insertRefund(pool, { ...ofProject, mode: 'LIVE', invoiceId: liveId }),
    testReboundId: await insertRebound(pool, paidId),
    liveReboundId: await insertRebound(pool, liveId),
  };
}

interface Placed {
  readonly merchantId: string;
  readonly projectId: string | null;
  readonly mode: 'TEST' | 'LIVE';
}

const insertPayout = (
  pool: Pool,
  { merchantId, projectId, mode, batchId }: Placed & { readonly batchId: string | null },
): Promise<string> =>
  inserted(
    pool,
    'Payout',
    `INSERT INTO payout (id, merchant_id, project_id, mode, kind, origin, status, currency, network, address, debited,
       fee, network_fee, arrives, actor_type, created_at, ended_at, batch_id, batch_row)
     VALUES ($1, $2, $3, $4::"Mode", 'CRYPTO', CASE WHEN $5::uuid IS NULL THEN 'REQUEST' ELSE 'BATCH' END::"PayoutOrigin",
       'CANCELLED', 'USDT', 'ETHEREUM', 'nowhere', 1, 0, 0, 1, 'SYSTEM', now(), now(), $5,
       CASE WHEN $5::uuid IS NOT NULL THEN 0 END)`,
    [merchantId, projectId, mode, batchId],
  );

const insertRefund = (
  pool: Pool,
  { merchantId, projectId, mode, invoiceId }: Placed & { readonly invoiceId: string },
): Promise<string> =>
  inserted(
    pool,
    'Refund',
    `INSERT INTO refund (id, merchant_id, project_id, mode, invoice_id, status, currency, amount, debit_currency,
       debit_amount, asset, network, asset_amount, network_fee, rate, debit_rate, rate_source, rate_at, actor_type,
       created_at)
     VALUES ($1, $2, $3, $4::"Mode", $5, 'CANCELLED', 'USD', 1, 'USDT', 1, 'USDT', 'ETHEREUM', 1, 0, 1, 1, 'matrix',
       now(), 'SYSTEM', now())`,
    [merchantId, projectId, mode, invoiceId],
  );

/** The payment of the paid invoice once more, for the invoice of LIVE mode. */
const insertLivePayment = (pool: Pool, paidId: string, liveId: string) =>
  pool.query(
    `INSERT INTO payment
     SELECT (jsonb_populate_record(p, jsonb_build_object('id', gen_random_uuid(), 'invoice_id', $2::uuid,
       'quote_id', NULL, 'mode', 'LIVE', 'tx_id', '0xlive'))).*
     FROM payment p WHERE p.invoice_id = $1`,
    [paidId, liveId],
  );

const insertRebound = (pool: Pool, invoiceId: string): Promise<string> =>
  inserted(
    pool,
    'Rebound',
    `INSERT INTO rebound (id, merchant_id, project_id, mode, payment_id, invoice_id, status, reason, asset, network,
       amount, network_fee, created_at)
     SELECT $1, p.merchant_id, p.project_id, p.mode, p.id, p.invoice_id, 'REJECTED', 'OVERPAID', 'USDT', 'ETHEREUM', 5,
       0, now()
     FROM payment p WHERE p.invoice_id = $2`,
    [invoiceId],
  );
