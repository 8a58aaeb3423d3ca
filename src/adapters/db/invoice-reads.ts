import type { Pool } from 'pg';
import type { InvoiceReads, InvoiceView, QuoteView } from '../../usecases/ports/invoice-reads.ts';
import { orderBy, planOf, servedPage } from './invoice-list/list-plan.ts';
import { searchedPage } from './invoice-list/searched-page.ts';
import { PAYMENT_VIEW, toPaymentView, type PaymentViewRow } from './payment-reads.ts';

const COLUMNS = `
  i.id, i.merchant_id AS "merchantId", i.project_id AS "projectId", i.mode, i.currency, i.amount, i.status,
  i.exception, i.amount_seen AS "amountSeen", i.amount_paid AS "amountPaid", i.accepted, i.order_id AS "orderId", i.description,
  i.customer_email AS "customerEmail", i.customer_ref AS "customerRef", i.sub_merchant_id AS "subMerchantId",
  i.payment_link_id AS "paymentLinkId", i.metadata, i.return_url AS "returnUrl", i.cancel_url AS "cancelUrl",
  i.created_at AS "createdAt", i.expires_at AS "expiresAt", i.paid_at AS "paidAt"`;

/**
 * Numbers as text, since JSON would round them; times as milliseconds. At most so many as the API shows: of quotes the
 * last one of each way to pay, and then those that followed each other latest.
 */
const CHILDREN = `,
  (SELECT json_agg(q ORDER BY q.id) FROM (
    SELECT id, asset, network, price::text, amount::text, rate::text, rate_source AS "rateSource",
      extract(epoch FROM rate_at) * 1000 AS "rateAt", address, extract(epoch FROM expires_at) * 1000 AS "expiresAt",
      fee_basis_points AS "feeBasisPoints", fixed_fee::text AS "fixedFee", network_fee::text AS "networkFee",
      settlement_currency AS "settlementCurrency", settlement_rate::text AS "settlementRate"
    FROM quote WHERE invoice_id = i.id
    ORDER BY row_number() OVER (PARTITION BY asset, network ORDER BY id DESC), id DESC LIMIT 50) q) AS quotes,
  (SELECT json_agg(v) FROM (
    SELECT ${PAYMENT_VIEW}
    FROM payment p WHERE p.invoice_id = i.id ORDER BY p.id LIMIT 100) v) AS payments`;

const select = (children: boolean, from = 'invoice'): string =>
  `SELECT ${COLUMNS}${children ? CHILDREN : ''} FROM ${from} i`;

type Written<T, Exact extends keyof T, Times extends keyof T> = Omit<T, Exact | Times> &
  Record<Exact, string> &
  Record<Times, number>;
type QuoteRow = Written<QuoteView, 'price' | 'amount' | 'fixedFee' | 'networkFee', 'rateAt' | 'expiresAt'>;
type InvoiceRow = Omit<
  InvoiceView,
  'amount' | 'amountSeen' | 'amountPaid' | 'accepted' | 'quotes' | 'payments'
> & {
  amount: string;
  amountSeen: string;
  amountPaid: string;
  accepted: string | null;
  quotes?: QuoteRow[] | null;
  payments?: PaymentViewRow[] | null;
};

export function createInvoiceReads(pool: Pool): InvoiceReads {
  const read = async (name: string, text: string, values: unknown[]): Promise<InvoiceView[]> => {
    const { rows } = await pool.query<InvoiceRow>({ name, text, values });
    return rows.map(toView);
  };
  const named = (name: string, children: boolean) => (children ? `${name}_children` : name);

  return {
    byIds: (ids, children) =>
      read(named('invoices_by_id', children), `${select(children)} WHERE i.id = ANY ($1::uuid[])`, [ids]),
    async byId(id, children) {
      const [invoice] = await read(named('invoice_by_id', children), `${select(children)} WHERE i.id = $1`, [
        id,
      ]);
      return invoice ?? null;
    },
    async page(query) {
      const plan = planOf(query);
      if (plan.residual.length === 0) {
        const { name, text, values } = servedPage(query, plan);
        const page = `${select(query.children, `(${text})`)} ORDER BY ${orderBy(plan)}`;
        return read(named(name, query.children), page, values);
      }
      const ids = await searchedPage(pool, query, plan);
      const found = new Map((await this.byIds(ids, query.children)).map((invoice) => [invoice.id, invoice]));
      return ids.flatMap((id) => found.get(id) ?? []);
    },
  };
}

const toView = ({ quotes, payments, ...row }: InvoiceRow): InvoiceView => ({
  ...row,
  amount: BigInt(row.amount),
  amountSeen: BigInt(row.amountSeen),
  amountPaid: BigInt(row.amountPaid),
  accepted: row.accepted === null ? null : BigInt(row.accepted),
  quotes: (quotes ?? []).map((quote) => ({
    ...quote,
    price: BigInt(quote.price),
    amount: BigInt(quote.amount),
    fixedFee: BigInt(quote.fixedFee),
    networkFee: BigInt(quote.networkFee),
    rateAt: new Date(quote.rateAt),
    expiresAt: new Date(quote.expiresAt),
  })),
  payments: (payments ?? []).map(toPaymentView),
});
