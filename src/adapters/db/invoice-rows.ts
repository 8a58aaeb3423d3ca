import type { Invoice, QuoteTerms } from '../../domain/invoice/invoice.ts';
import type { Payment } from '../../domain/invoice/payment.ts';
import type { InvoiceSnapshot } from '../../usecases/ports/invoice-store.ts';

/** A number that came as text because JSON would round it. */
type Exact<T, Keys extends keyof T> = Omit<T, Keys> & Readonly<Record<Keys, string>>;

export interface SnapshotRow {
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
  order_id: string | null;
  expires_at: Date;
  paid_at: Date | null;
  revision: number;
  quotes: Exact<QuoteTerms, 'amount'>[];
  payments: Exact<Payment, 'amount' | 'blockHeight'>[];
}

export const toSnapshot = (row: SnapshotRow): InvoiceSnapshot => ({
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
    orderId: row.order_id,
    expiresAt: row.expires_at,
    paidAt: row.paid_at,
    quotes: row.quotes.map((q) => ({ ...q, amount: BigInt(q.amount) })),
    payments: row.payments.map((p) => ({
      ...p,
      amount: BigInt(p.amount),
      blockHeight: BigInt(p.blockHeight),
    })),
  },
});
