import { formatRate } from '../../../domain/money/rate.ts';
import { arrivesOf } from '../../../domain/refund/refund-money.ts';
import type { Refund } from '../../../domain/refund/refund.ts';
import { encodeGlobalID } from '../../../domain/text/global-id.ts';
import { REFUND_JSON, toRefund, type RefundJson } from '../refund-rows.ts';
import { decimal, head, headOf, maybeSeconds, objectSource, seconds, type HeadRow } from './object-source.ts';

/** $1 an invoice, $2 one of its refunds or null; with the quote that its payer chose last. */
const INVOICE = `
  SELECT ${headOf('i')}, i.status, i.exception, i.currency, i.amount::text, i.amount_seen::text AS "amountSeen",
    i.amount_paid::text AS "amountPaid", i.accepted::text, i.order_id AS "orderId", i.description,
    i.customer_email AS "customerEmail", i.customer_ref AS "customerRef", i.sub_merchant_id AS "subMerchantId",
    i.payment_link_id AS "paymentLinkId", i.metadata, i.return_url AS "returnUrl", i.cancel_url AS "cancelUrl",
    i.created_at AS "createdAt", i.expires_at AS "expiresAt", i.paid_at AS "paidAt",
    q.asset, q.due::text, q.network, q.address,
    (SELECT coalesce(sum(amount), 0)::text FROM refund WHERE invoice_id = i.id AND status = 'SUCCEEDED')
      AS "amountRefunded",
    (SELECT ${REFUND_JSON} FROM refund r WHERE r.id = $2 AND r.invoice_id = i.id) AS refund
  FROM invoice i
  LEFT JOIN LATERAL (
    SELECT asset, amount AS due, network, address FROM quote WHERE invoice_id = i.id ORDER BY id DESC LIMIT 1
  ) q ON true
  WHERE i.id = $1`;

type InvoiceRow = HeadRow &
  Readonly<Record<'status' | 'exception' | 'currency' | 'amount' | 'amountSeen' | 'amountPaid', string>> &
  Readonly<Record<'amountRefunded', string>> &
  Readonly<Record<'accepted' | 'orderId' | 'description' | 'customerEmail' | 'customerRef', string | null>> &
  Readonly<Record<'subMerchantId' | 'paymentLinkId' | 'returnUrl' | 'cancelUrl', string | null>> &
  Readonly<Record<'asset' | 'due' | 'network' | 'address', string | null>> & {
    readonly metadata: Readonly<Record<string, string>>;
    readonly createdAt: Date;
    readonly expiresAt: Date;
    readonly paidAt: Date | null;
    readonly refund: RefundJson | null;
  };

const write = (row: InvoiceRow, publicUrl: string) => ({
  ...head('payment', 'Invoice', row),
  status: row.status,
  exception: row.exception,
  currency: row.currency,
  amount: decimal(row.amount, row.currency),
  amount_seen: decimal(row.amountSeen, row.currency),
  amount_paid: decimal(row.amountPaid, row.currency),
  amount_refunded: decimal(row.amountRefunded, row.currency),
  amount_accepted: row.accepted === null ? null : decimal(row.accepted, row.currency),
  crypto_currency: row.asset,
  crypto_amount: row.asset === null || row.due === null ? null : decimal(row.due, row.asset),
  network: row.network,
  address: row.address,
  order_id: row.orderId,
  description: row.description,
  customer_email: row.customerEmail,
  customer_ref: row.customerRef,
  sub_merchant_id: row.subMerchantId,
  payment_link_id: row.paymentLinkId && encodeGlobalID('PaymentLink', row.paymentLinkId),
  metadata: row.metadata,
  payment_url: `${publicUrl}/pay/${row.id}`,
  return_url: row.returnUrl,
  cancel_url: row.cancelUrl,
  created: seconds(row.createdAt),
  expires_at: seconds(row.expiresAt),
  paid_at: maybeSeconds(row.paidAt),
  ...(row.refund && { refund: refund(toRefund(row.refund)) }),
});

/** What an event of a refund is about, within its payment. The payer's e-mail address stands there already. */
const refund = (it: Refund) => ({
  id: encodeGlobalID('Refund', it.id),
  object_type: 'refund',
  status: it.status,
  reason: it.reason,
  description: it.description,
  amount: decimal(it.amount, it.currency),
  currency: it.currency,
  debit_amount: decimal(it.debitAmount, it.debitCurrency),
  debit_currency: it.debitCurrency,
  crypto_currency: it.asset,
  network: it.network,
  crypto_amount: decimal(arrivesOf(it), it.asset),
  network_fee: decimal(it.networkFee, it.asset),
  rate: formatRate(it.rate),
  rate_source: it.rateSource,
  address: it.address,
  sub_merchant_id: it.subMerchantId,
  created: seconds(it.createdAt),
});

/** An invoice: what webhooks call a payment (FEATURES W4). */
export const paymentObject = objectSource<InvoiceRow>({
  objectType: 'payment',
  text: INVOICE,
  // A refund's event is about its invoice as well.
  valuesOf: ({ subject, data }) =>
    subject.type === 'REFUND' ? [data['invoiceId'], subject.id] : [subject.id, null],
  write,
});
