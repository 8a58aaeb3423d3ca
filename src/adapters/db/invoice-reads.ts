import type { Pool } from 'pg';
import type {
  InvoicePageQuery,
  InvoiceReads,
  InvoiceView,
  PaymentView,
  QuoteView,
} from '../../usecases/ports/invoice-reads.ts';

const COLUMNS = `
  i.id, i.merchant_id AS "merchantId", i.project_id AS "projectId", i.mode, i.currency, i.amount, i.status,
  i.exception, i.amount_seen AS "amountSeen", i.amount_paid AS "amountPaid", i.order_id AS "orderId", i.description,
  i.customer_email AS "customerEmail", i.metadata, i.return_url AS "returnUrl", i.cancel_url AS "cancelUrl",
  i.created_at AS "createdAt", i.expires_at AS "expiresAt", i.paid_at AS "paidAt"`;

/** Numbers as text, since JSON would round them; times as milliseconds. At most so many as the API shows. */
const CHILDREN = `,
  (SELECT json_agg(q) FROM (
    SELECT id, asset, network, amount::text, rate::text, rate_source AS "rateSource",
      extract(epoch FROM rate_at) * 1000 AS "rateAt", address, extract(epoch FROM expires_at) * 1000 AS "expiresAt"
    FROM quote WHERE invoice_id = i.id ORDER BY id LIMIT 50) q) AS quotes,
  (SELECT json_agg(p) FROM (
    SELECT id, status, exception, asset, network, amount::text, tx_id AS "txId", block_height::text AS "blockHeight",
      extract(epoch FROM detected_at) * 1000 AS "detectedAt", extract(epoch FROM credited_at) * 1000 AS "creditedAt"
    FROM payment WHERE invoice_id = i.id ORDER BY id LIMIT 100) p) AS payments`;

const select = (children: boolean): string => `SELECT ${COLUMNS}${children ? CHILDREN : ''} FROM invoice i`;

type Written<T, Exact extends keyof T, Times extends keyof T> = Omit<T, Exact | Times> &
  Record<Exact, string> &
  Record<Times, number>;
type QuoteRow = Written<QuoteView, 'amount', 'rateAt' | 'expiresAt'>;
type PaymentRow = Written<Omit<PaymentView, 'creditedAt'>, 'amount' | 'blockHeight', 'detectedAt'> & {
  creditedAt: number | null;
};
type InvoiceRow = Omit<InvoiceView, 'amount' | 'amountSeen' | 'amountPaid' | 'quotes' | 'payments'> & {
  amount: string;
  amountSeen: string;
  amountPaid: string;
  quotes?: QuoteRow[] | null;
  payments?: PaymentRow[] | null;
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
    page(query) {
      const { name, text, values } = pageStatement(query);
      return read(named(name, query.children), text, values);
    },
  };
}

/** A statement of its own for each set of conditions, so that each is planned for the index that serves it. */
function pageStatement(query: InvoicePageQuery): { name: string; text: string; values: unknown[] } {
  const { fromEnd, status, after, before } = query;
  const values: unknown[] = [];
  const used: string[] = [];
  const conditions: string[] = [];
  // PostgreSQL cuts the names of statements at 63 characters: one letter each.
  const where = (name: string, condition: (...parameters: string[]) => string, ...given: unknown[]) => {
    if (given.includes(undefined)) return;
    used.push(name);
    conditions.push(condition(...given.map((value) => `$${values.push(value)}`)));
  };
  where(
    'p',
    (project, mode) => `i.project_id = ${project} AND i.mode = ${mode}::"Mode"`,
    query.projectId,
    query.mode,
  );
  // One status is a prefix of its index; of several, the rows are sorted by the other index and filtered.
  where('s', (one) => `i.status = ${one}::"InvoiceStatus"`, status?.length === 1 ? status[0] : undefined);
  where(
    'm',
    (several) => `i.status = ANY (${several}::"InvoiceStatus"[])`,
    status?.length === 1 ? undefined : status,
  );
  where('o', (orderId) => `i.order_id = ${orderId}`, query.orderId);
  where('c', (currency) => `i.currency = ${currency}`, query.currency);
  where('f', (from) => `i.created_at >= ${from}`, query.createdFrom);
  where('u', (until) => `i.created_at < ${until}`, query.createdBefore);
  where(
    'a',
    (at, id) => `(i.created_at, i.id) < (${at}::timestamptz, ${id}::uuid)`,
    after?.createdAt,
    after?.id,
  );
  where(
    'b',
    (at, id) => `(i.created_at, i.id) > (${at}::timestamptz, ${id}::uuid)`,
    before?.createdAt,
    before?.id,
  );
  const direction = fromEnd ? 'ASC' : 'DESC';
  const text = `${select(query.children)} WHERE ${conditions.join(' AND ')}
    ORDER BY i.created_at ${direction}, i.id ${direction} LIMIT $${values.push(query.limit)}`;
  return { name: `invoice_page_${used.join('')}_${direction}`, text, values };
}

const toView = ({ quotes, payments, ...row }: InvoiceRow): InvoiceView => ({
  ...row,
  amount: BigInt(row.amount),
  amountSeen: BigInt(row.amountSeen),
  amountPaid: BigInt(row.amountPaid),
  quotes: (quotes ?? []).map((quote) => ({
    ...quote,
    amount: BigInt(quote.amount),
    rateAt: new Date(quote.rateAt),
    expiresAt: new Date(quote.expiresAt),
  })),
  payments: (payments ?? []).map((payment) => ({
    ...payment,
    amount: BigInt(payment.amount),
    blockHeight: BigInt(payment.blockHeight),
    detectedAt: new Date(payment.detectedAt),
    creditedAt: payment.creditedAt === null ? null : new Date(payment.creditedAt),
  })),
});
