import type { InvoicePageQuery } from '../../../usecases/ports/invoice-reads.ts';
import {
  begins,
  conditionsOf,
  hasTransactionId,
  parameters,
  type Filter,
  type Parameters,
} from './list-conditions.ts';
import { branched, createdPrefix, walkConditions, type ListPlan } from './list-plan.ts';

export interface Statement {
  readonly text: string;
  readonly values: unknown[];
}

/**
 * Statements that give the ids of all invoices with one of the conditions, at most `limit`, each by the index of that
 * condition. The order of that index is asked for, so that no other one is taken.
 */
export function candidateStatements(query: InvoicePageQuery, plan: ListPlan, limit: number): Statement[] {
  const has = (...filters: Filter[]) => filters.some((filter) => plan.residual.includes(filter));
  const statements: Statement[] = [];
  if (has('search')) statements.push(bySearch(query, limit));
  if (has('minAmount', 'maxAmount')) {
    statements.push(byRange(query, limit, ['currency', 'minAmount', 'maxAmount'], 'amount'));
  }
  if (plan.column === 'paid_at') {
    if (has(...BY_CREATION)) statements.push(byCreation(query, limit));
    else if (has('createdFrom', 'createdBefore')) {
      statements.push(byRange(query, limit, ['createdFrom', 'createdBefore'], 'created_at'));
    }
  } else if (has('paidFrom', 'paidBefore')) {
    statements.push(byRange(query, limit, ['paidFrom', 'paidBefore'], 'paid_at'));
  }
  return statements;
}

/** What the indexes by creation begin with. */
const BY_CREATION = [
  'status',
  'exception',
  'currency',
  'orderId',
  'customerRef',
  'subMerchantId',
  'paymentLinkId',
] as const;

/** In each project: `inner` says where it looks, with `projects.v` for the project. */
const inProjects = (query: InvoicePageQuery, { bind }: Parameters, inner: string): string =>
  `unnest(${bind(query.projectIds, 'uuid[]')}) AS projects (v) CROSS JOIN LATERAL (${inner}) i`;

function byRange(
  query: InvoicePageQuery,
  limit: number,
  filters: readonly Filter[],
  column: 'amount' | 'created_at' | 'paid_at',
): Statement {
  const p = parameters();
  const most = p.bind(limit, 'int');
  const given = filters.filter((filter) => query[filter] !== undefined);
  const inner = `SELECT i.id FROM invoice i
    WHERE i.project_id = projects.v AND i.mode = ${p.bind(query.mode, '"Mode"')}
      AND ${conditionsOf(query, given, p.bind).join(' AND ')}
    ORDER BY i.${column} LIMIT ${most}`;
  return { text: `SELECT i.id FROM ${inProjects(query, p, inner)} LIMIT ${most}`, values: p.values };
}

/** By the index that would be walked if the list went by creation. */
function byCreation(query: InvoicePageQuery, limit: number): Statement {
  const p = parameters();
  const most = p.bind(limit, 'int');
  const { after: _after, before: _before, ...list } = query;
  const { axes, served } = createdPrefix(query);
  const given = served.filter((filter) => query[filter] !== undefined);
  const plan: ListPlan = { column: 'created_at', descending: true, axes, served: given, residual: [] };
  const inner = `SELECT i.id FROM invoice i WHERE ${walkConditions(list, plan, p)}
    ORDER BY i.created_at DESC, i.id DESC LIMIT ${most}`;
  return { text: `SELECT i.id FROM ${branched(plan, p, inner)} LIMIT ${most}`, values: p.values };
}

/** Without the limit inside, the words' index is never taken for slower than reading the table until enough is found. */
function bySearch(query: InvoicePageQuery, limit: number): Statement {
  const p = parameters();
  const most = p.bind(limit, 'int');
  const text = p.bind(query.search, 'text');
  const mode = p.bind(query.mode, '"Mode"');
  const beginning = (column: string) => `
    (SELECT i.id FROM invoice i
      WHERE i.project_id = projects.v AND i.mode = ${mode} AND ${begins(`i.${column}`, text)}
      ORDER BY lower(i.${column}) COLLATE "C" LIMIT ${most})`;
  const inner = `${beginning('order_id')} UNION ALL ${beginning('customer_email')} UNION ALL
    (WITH worded AS MATERIALIZED (
        SELECT i.id, i.mode FROM invoice i
        WHERE invoice_words(i.project_id, i.description) @> invoice_words(projects.v, ${text})
          AND cardinality(invoice_words(projects.v, ${text})) > 0)
      SELECT id FROM worded WHERE mode = ${mode} LIMIT ${most})
    UNION ALL
    (SELECT p.invoice_id FROM payment p
      WHERE ${hasTransactionId(text)} AND p.project_id = projects.v AND p.invoice_id IS NOT NULL LIMIT ${most})`;
  return { text: `SELECT i.id FROM ${inProjects(query, p, inner)} LIMIT ${most}`, values: p.values };
}
