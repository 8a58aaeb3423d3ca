import type { Rebound } from '../../domain/rebound/rebound.ts';
import type { Refund } from '../../domain/refund/refund.ts';
import type { Exact } from './payment-rows.ts';

/** A refund as JSON, with exact numbers as text and times as milliseconds; `r` is the alias of its table. */
export const REFUND_JSON = `json_build_object(
      'id', r.id, 'merchantId', r.merchant_id, 'projectId', r.project_id, 'mode', r.mode, 'invoiceId', r.invoice_id,
      'orderId', (SELECT order_id FROM invoice WHERE id = r.invoice_id), 'status', r.status, 'revision', r.revision, 'reason', r.reason, 'description', r.description,
      'currency', r.currency, 'amount', r.amount::text, 'debitCurrency', r.debit_currency,
      'debitAmount', r.debit_amount::text, 'asset', r.asset, 'network', r.network,
      'assetAmount', r.asset_amount::text, 'networkFee', r.network_fee::text, 'rate', r.rate::text,
      'debitRate', r.debit_rate::text, 'rateSource', r.rate_source,
      'rateAt', extract(epoch FROM r.rate_at) * 1000, 'subMerchantId', r.sub_merchant_id,
      'customerEmail', r.customer_email, 'address', r.address,
      'claimExpiresAt', extract(epoch FROM r.claim_expires_at) * 1000,
      'actorType', r.actor_type, 'actorId', r.actor_id, 'createdAt', extract(epoch FROM r.created_at) * 1000)`;

export type RefundJson = Omit<
  Exact<Refund, 'amount' | 'debitAmount' | 'assetAmount' | 'networkFee' | 'rate' | 'debitRate'>,
  'rateAt' | 'claimExpiresAt' | 'createdAt' | 'createdBy'
> & {
  readonly rateAt: number;
  readonly claimExpiresAt: number | null;
  readonly createdAt: number;
  readonly actorType: string;
  readonly actorId: string | null;
};

export function toRefund({ actorType, actorId, ...row }: RefundJson): Refund {
  return {
    ...row,
    amount: BigInt(row.amount),
    debitAmount: BigInt(row.debitAmount),
    assetAmount: BigInt(row.assetAmount),
    networkFee: BigInt(row.networkFee),
    rate: BigInt(row.rate),
    debitRate: BigInt(row.debitRate),
    rateAt: new Date(row.rateAt),
    claimExpiresAt: row.claimExpiresAt === null ? null : new Date(row.claimExpiresAt),
    createdBy:
      actorId !== null && (actorType === 'USER' || actorType === 'API_KEY')
        ? { type: actorType, id: actorId }
        : null,
    createdAt: new Date(row.createdAt),
  };
}

/** A rebound, as `REFUND_JSON`. */
export const REBOUND_JSON = `json_build_object(
      'id', r.id, 'merchantId', r.merchant_id, 'projectId', r.project_id, 'mode', r.mode, 'paymentId', r.payment_id,
      'invoiceId', r.invoice_id, 'orderId', (SELECT order_id FROM invoice WHERE id = r.invoice_id), 'status', r.status, 'revision', r.revision, 'reason', r.reason, 'asset', r.asset,
      'network', r.network, 'amount', r.amount::text, 'networkFee', r.network_fee::text,
      'customerEmail', r.customer_email, 'address', r.address,
      'claimExpiresAt', extract(epoch FROM r.claim_expires_at) * 1000,
      'createdAt', extract(epoch FROM r.created_at) * 1000)`;

export type ReboundJson = Omit<Exact<Rebound, 'amount' | 'networkFee'>, 'claimExpiresAt' | 'createdAt'> & {
  readonly claimExpiresAt: number | null;
  readonly createdAt: number;
};

export const toRebound = (row: ReboundJson): Rebound => ({
  ...row,
  amount: BigInt(row.amount),
  networkFee: BigInt(row.networkFee),
  claimExpiresAt: row.claimExpiresAt === null ? null : new Date(row.claimExpiresAt),
  createdAt: new Date(row.createdAt),
});
