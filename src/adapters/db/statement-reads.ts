import type { Pool } from 'pg';
import { statementKind } from '../../domain/ledger/statement-kind.ts';
import type {
  StatementPageQuery,
  StatementReads,
  StatementRow,
} from '../../usecases/ports/statement-reads.ts';

type Row = Omit<StatementRow, 'amount' | 'kind'> & {
  readonly amount: string;
  readonly source: string;
  readonly step: string;
};

export function createStatementReads(pool: Pool): StatementReads {
  return {
    async page(query) {
      const { rows } = await pool.query<Row>(pageStatement(query));
      return rows.map(({ source, step, ...row }) => ({
        ...row,
        amount: BigInt(row.amount),
        kind: statementKind(source, step),
      }));
    },
  };
}

/**
 * The index of the postings begins with account and direction: each account is walked in each direction by itself, as
 * far as the page reaches, and what was found is merged. A merchant has a few accounts for each asset.
 */
function pageStatement(query: StatementPageQuery): { name: string; text: string; values: unknown[] } {
  const values: unknown[] = [];
  const used: string[] = [];
  const where = (
    name: string,
    condition: (...parameters: string[]) => string,
    ...given: unknown[]
  ): string[] => {
    if (given.includes(undefined)) return [];
    used.push(name);
    return [condition(...given.map((value) => `$${values.push(value)}`))];
  };
  const { after, before, direction, fromEnd } = query;
  const isReceipt = direction === undefined ? [true, false] : [direction === 'IN'];
  const directions = `$${values.push(isReceipt)}::boolean[]`;
  const owned = [
    ...where('', (id) => `a.merchant_id = ${id}::uuid`, query.merchantId),
    ...where('', (mode) => `a.mode = ${mode}::"Mode"`, query.mode),
    ...where('', (kinds) => `a.kind = ANY (${kinds}::"LedgerAccountKind"[])`, query.accounts),
    ...where('c', (assets) => `a.asset = ANY (${assets}::text[])`, query.assets),
  ];
  const place = (sign: string) => (at: string, id: string) =>
    `(p.created_at, p.id) ${sign} (${at}::timestamptz, ${id}::uuid)`;
  const moved = [
    'p.account_id = a.id AND (p.amount > 0) = receipts.v',
    ...where('p', (id) => `p.project_id = ${id}::uuid`, query.projectId),
    ...where('f', (from) => `p.created_at >= ${from}::timestamptz`, query.createdFrom),
    ...where('u', (until) => `p.created_at < ${until}::timestamptz`, query.createdBefore),
    ...where('a', place('<'), after?.createdAt, after?.id),
    ...where('b', place('>'), before?.createdAt, before?.id),
  ];
  const order = fromEnd ? 'ASC' : 'DESC';
  const inOrder = `ORDER BY p.created_at ${order}, p.id ${order}`;
  const limit = `$${values.push(query.limit)}::int`;
  const text = `
    SELECT p.id, p.created_at AS "createdAt", p.account, p.asset, p.amount, t.source_type AS source,
      t.kind AS step, p.project_id AS "projectId",
      CASE WHEN t.source_type = 'PAYMENT' THEN split_part(t.source_id, '/', 1) END AS "paymentId",
      CASE WHEN t.source_type = 'PAYOUT' THEN t.source_id END AS "payoutId",
      CASE WHEN t.source_type = 'REFUND' THEN t.source_id END AS "refundId",
      CASE WHEN t.source_type = 'REBOUND' THEN split_part(t.source_id, '/', 1) END AS "reboundId"
    FROM (
      SELECT p.*, a.kind AS account
      FROM ledger_account a CROSS JOIN unnest(${directions}) AS receipts (v) CROSS JOIN LATERAL (
        SELECT p.* FROM posting p WHERE ${moved.join(' AND ')} ${inOrder} LIMIT ${limit}) p
      WHERE ${owned.join(' AND ')} ${inOrder} LIMIT ${limit}) p
    JOIN ledger_transaction t ON t.id = p.transaction_id ${inOrder}`;
  return { name: `statement_${used.join('')}_${order}`, text, values };
}
