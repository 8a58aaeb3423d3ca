import { encodeGlobalID } from '../../../domain/text/global-id.ts';
import { decimal, head, headOf, maybeSeconds, objectSource, seconds, type HeadRow } from './object-source.ts';

/** $1 an invoice; with the quote that its payer chose last. */
const INVOICE = `
  SELECT ${headOf('i')}, i.status, i.exception, i.currency, i.amount::text, i.amount_seen::text AS "amountSeen",
    i.amount_paid::text AS "amountPaid", i.accepted::text, i.order_id AS "orderId", i.description,
    i.customer_email AS "customerEmail", i.customer_ref AS "customerRef", i.sub_merchant_id AS "subMerchantId",
    i.payment_link_id AS "paymentLinkId", i.metadata, i.return_url AS "returnUrl", i.cancel_url AS "cancelUrl",
    i.created_at AS "createdAt", i.expires_at AS "expiresAt", i.paid_at AS "paidAt",
    q.asset, q.due::text, q.network, q.address
  FROM invoice i
  LEFT JOIN LATERAL (
    SELECT asset, amount AS due, network, address FROM quote WHERE invoice_id = i.id ORDER BY id DESC LIMIT 1
  ) q ON true
  WHERE i.id = $1`;

type InvoiceRow = HeadRow &
  Readonly<Record<'status' | 'exception' | 'currency' | 'amount' | 'amountSeen' | 'amountPaid', string>> &
  Readonly<Record<'accepted' | 'orderId' | 'description' | 'customerEmail' | 'customerRef', string | null>> &
  Readonly<Record<'subMerchantId' | 'paymentLinkId' | 'returnUrl' | 'cancelUrl', string | null>> &
  Readonly<Record<'asset' | 'due' | 'network' | 'address', string | null>> & {
    readonly metadata: Readonly<Record<string, string>>;
    readonly createdAt: Date;
    readonly expiresAt: Date;
    readonly paidAt: Date | null;
  };

const write = (row: InvoiceRow, publicUrl: string) => ({
  ...head('payment', 'Invoice', row),
  status: row.status,
  exception: row.exception,
  currency: row.currency,
  amount: decimal(row.amount, row.currency),
  amount_seen: decimal(row.amountSeen, row.currency),
  amount_paid: decimal(row.amountPaid, row.currency),
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
});

/** An invoice: what webhooks call a payment (FEATURES W4). */
export const paymentObject = objectSource<InvoiceRow>({
  objectType: 'payment',
  text: INVOICE,
  idOf: ({ subject }) => subject.id,
  write,
});
