import type { Invoice, QuoteTerms } from '../../domain/invoice/invoice.ts';
import type { InvoiceSnapshot } from '../../usecases/ports/invoice-store.ts';
import {
  toContext,
  toPayment,
  toSettlement,
  type ContextRow,
  type Exact,
  type PaymentJson,
} from './payment-rows.ts';

type QuoteJson = Exact<
  Omit<QuoteTerms, 'settlement' | 'createdAt' | 'expiresAt'>,
  'price' | 'amount' | 'fixedFee' | 'networkFee'
> & {
  readonly settlementCurrency: string | null;
  readonly settlementRate: string | null;
  readonly createdAt: number;
  readonly expiresAt: number;
};

export interface SnapshotRow extends ContextRow {
  id: string;
  merchant_id: string;
  project_id: string;
  mode: Invoice['mode'];
  currency: string;
  amount: string;
  status: Invoice['status'];
  exception: Invoice['exception'];
  amount_seen: string;
  amount_paid: string;
  accepted: string | null;
  refunded: string;
  order_id: string | null;
  expires_at: Date;
  paid_at: Date | null;
  revision: number;
  quotes: QuoteJson[];
  payments: PaymentJson[];
}

export const toSnapshot = (row: SnapshotRow): InvoiceSnapshot => ({
  ...toContext(row),
  revision: row.revision,
  invoice: {
    id: row.id,
    merchantId: row.merchant_id,
    projectId: row.project_id,
    mode: row.mode,
    currency: row.currency,
    amount: BigInt(row.amount),
    status: row.status,
    exception: row.exception,
    amountSeen: BigInt(row.amount_seen),
    amountPaid: BigInt(row.amount_paid),
    accepted: row.accepted === null ? null : BigInt(row.accepted),
    refunded: BigInt(row.refunded),
    orderId: row.order_id,
    expiresAt: row.expires_at,
    paidAt: row.paid_at,
    quotes: row.quotes.map(toQuote),
    payments: row.payments.map(toPayment),
  },
});

const toQuote = (quote: QuoteJson): QuoteTerms => ({
  id: quote.id,
  asset: quote.asset,
  network: quote.network,
  price: BigInt(quote.price),
  amount: BigInt(quote.amount),
  feeBasisPoints: quote.feeBasisPoints,
  fixedFee: BigInt(quote.fixedFee),
  networkFee: BigInt(quote.networkFee),
  settlement: toSettlement(quote),
  createdAt: new Date(quote.createdAt),
  expiresAt: new Date(quote.expiresAt),
});
