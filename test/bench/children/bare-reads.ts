import type pg from 'pg';
import type { Caller } from './bare-create.ts';

const globalId = (uuid: string): string => Buffer.from(`Invoice:${uuid}`).toString('base64url');

const BY_ID = `
  SELECT id, mode, status, exception, amount, currency, order_id, description, created_at
  FROM invoice WHERE id = $1 AND project_id = $2 AND mode = $3`;

interface InvoiceRow {
  readonly id: string;
  readonly mode: string;
  readonly status: string;
  readonly exception: string;
  readonly amount: string;
  readonly currency: string;
  readonly order_id: string;
  readonly description: string;
  readonly created_at: Date;
}

export async function invoiceById(pool: pg.Pool, { projectId, mode }: Caller, { id }: { id: string }) {
  const uuid = Buffer.from(id, 'base64url').toString('utf8').slice('Invoice:'.length);
  const { rows } = await pool.query<InvoiceRow>({
    name: 'by_id',
    text: BY_ID,
    values: [uuid, projectId, mode],
  });
  return { invoice: rows[0] ? shown(rows[0]) : null };
}

/** A page by keyset with its payments, in one statement on the index that the list has. */
const PAGE = `
  SELECT id, mode, status, exception, amount, currency, order_id, description, created_at,
    (SELECT coalesce(json_agg(json_build_object(
        'id', p.id, 'status', p.status, 'txId', p.tx_id,
        'amount', json_build_object('minorUnits', p.amount::text, 'currency', json_build_object('code', p.asset))
      ) ORDER BY p.id), '[]') FROM payment p WHERE p.invoice_id = i.id) AS payments
  FROM invoice i
  WHERE project_id = $1 AND mode = $2 AND status = $3 AND (created_at, id) < ($4, $5)
  ORDER BY created_at DESC, id DESC LIMIT $6`;

interface PageWanted {
  readonly first: number;
  readonly status: string;
  readonly after?: string | null;
}

type PageRow = InvoiceRow & { readonly payments: unknown };

/** A cursor is `created_at,id`; a first page begins after the end of time. */
const TOP = 'infinity,ffffffff-ffff-ffff-ffff-ffffffffffff';

export async function invoicePage(pool: pg.Pool, { projectId, mode }: Caller, wanted: PageWanted) {
  const [createdAt, id] = (wanted.after ?? TOP).split(',');
  const { rows } = await pool.query<PageRow>({
    name: 'page',
    text: PAGE,
    values: [projectId, mode, wanted.status, createdAt, id, wanted.first + 1],
  });
  const edges = rows.slice(0, wanted.first).map((row) => ({
    cursor: `${row.created_at.toISOString()},${row.id}`,
    node: { ...shown(row), payments: row.payments },
  }));
  const pageInfo = { hasNextPage: rows.length > wanted.first, endCursor: edges.at(-1)?.cursor ?? null };
  return { invoices: { edges, pageInfo } };
}

const shown = (row: InvoiceRow) => ({
  id: globalId(row.id),
  mode: row.mode,
  status: row.status,
  exception: row.exception,
  amount: { minorUnits: row.amount, currency: { code: row.currency } },
  orderId: row.order_id,
  description: row.description,
  createdAt: row.created_at,
});
