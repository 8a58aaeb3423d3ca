import type { Pool } from 'pg';
import type { InvoicePageQuery } from '../../../usecases/ports/invoice-reads.ts';
import { candidateStatements, type Statement } from './list-candidates.ts';
import { conditionsOf, filtersOf, parameters } from './list-conditions.ts';
import { betweenPlaces, branched, orderBy, walkConditions, type ListPlan } from './list-plan.ts';

/** Rows of the list that are looked at before another index is asked. */
const WINDOWS = [100, 1000];
/** The same in a branch, where there are several: together at most so many, and at least so many each. */
const OF_MANY = { together: 2000, each: 50 };
/** So few rows are fetched and sorted sooner than a list is walked for them. */
const FEW = 2000;

/**
 * The ids of a page with conditions that the index of its order does not know, in the order of the walk. What half of
 * the list fulfils is found on the way; what hardly any row does must be asked another index for. The planner would have
 * to guess which it is, and reads a million rows where it guesses wrong. So it is tried: some rows of the list first,
 * then each other index as far as it has few rows. Only where all of them have many the list is walked until the page
 * is full.
 */
export async function searchedPage(
  pool: Pool,
  query: InvoicePageQuery,
  plan: ListPlan,
): Promise<readonly string[]> {
  if (plan.axes.some(({ values }) => values.length === 0)) return [];
  for (const size of windowsOf(plan)) {
    const { complete, ids } = await inWindow(pool, query, plan, size);
    if (complete || ids.length >= query.limit) return ids;
  }
  for (const { text, values } of candidateStatements(query, plan, FEW + 1)) {
    const { rows } = await pool.query<{ id: string }>(text, values);
    if (rows.length <= FEW) {
      const few = [...new Set(rows.map(({ id }) => id))];
      return await idsOf(pool, amongStatement(query, plan, few));
    }
  }
  return await idsOf(pool, walkStatement(query, plan));
}

function windowsOf({ axes }: ListPlan): readonly number[] {
  const branches = axes.reduce((product, { values }) => product * values.length, 1);
  return branches === 1 ? WINDOWS : [Math.max(OF_MANY.each, Math.ceil(OF_MANY.together / branches))];
}

const idsOf = async (pool: Pool, { text, values }: Statement): Promise<string[]> =>
  (await pool.query<{ id: string }>(text, values)).rows.map(({ id }) => id);

/**
 * The page as far as the first rows of each branch tell it. A branch that was not read to its end has an edge; behind
 * the first edge nothing is certain.
 */
async function inWindow(
  pool: Pool,
  query: InvoicePageQuery,
  plan: ListPlan,
  rows: number,
): Promise<{ complete: boolean; ids: string[] }> {
  const p = parameters();
  const size = p.bind(rows, 'int');
  const order = orderBy(plan);
  const inner = `
    SELECT i.id, i.${plan.column}, row_number() OVER (ORDER BY ${order}) AS place,
      (${conditionsOf(query, plan.residual, p.bind).join(' AND ')}) AS fits
    FROM invoice i WHERE ${walkConditions(query, plan, p)} ORDER BY ${order} LIMIT ${size}`;
  const behind = plan.descending ? '<' : '>';
  const text = `
    WITH scanned AS MATERIALIZED (SELECT i.* FROM ${branched(plan, p, inner)}),
    edge AS (SELECT s.${plan.column}, s.id FROM scanned s WHERE s.place = ${size} ORDER BY ${orderBy(plan, 's')} LIMIT 1),
    found AS (
      SELECT s.id, s.${plan.column} FROM scanned s
      WHERE s.fits AND NOT EXISTS (
        SELECT FROM edge WHERE (s.${plan.column}, s.id) ${behind} (edge.${plan.column}, edge.id))
      ORDER BY ${orderBy(plan, 's')} LIMIT ${p.bind(query.limit, 'int')})
    SELECT NOT EXISTS (SELECT FROM edge) AS complete,
      ARRAY(SELECT f.id::text FROM found f ORDER BY ${orderBy(plan, 'f')}) AS ids`;
  const { rows: answers } = await pool.query<{ complete: boolean; ids: string[] }>(text, p.values);
  return answers[0] ?? { complete: true, ids: [] };
}

function amongStatement(query: InvoicePageQuery, plan: ListPlan, ids: readonly string[]): Statement {
  const p = parameters();
  const text = `SELECT i.id FROM invoice i
    WHERE i.id = ANY (${p.bind(ids, 'uuid[]')}) AND i.project_id = ANY (${p.bind(query.projectIds, 'uuid[]')})
      AND i.mode = ${p.bind(query.mode, '"Mode"')}
      AND ${[
        ...(plan.column === 'paid_at' ? ['i.paid_at IS NOT NULL'] : []),
        ...conditionsOf(query, filtersOf(query), p.bind),
        ...betweenPlaces(query, plan.column, p.bind),
      ].join(' AND ')}
    ORDER BY ${orderBy(plan)} LIMIT ${p.bind(query.limit, 'int')}`;
  return { text, values: p.values };
}

function walkStatement(query: InvoicePageQuery, plan: ListPlan): Statement {
  const p = parameters();
  const limit = p.bind(query.limit, 'int');
  const inner = `SELECT i.id, i.${plan.column} FROM invoice i
    WHERE ${[walkConditions(query, plan, p), ...conditionsOf(query, plan.residual, p.bind)].join(' AND ')}
    ORDER BY ${orderBy(plan)} LIMIT ${limit}`;
  return {
    text: `SELECT i.id FROM ${branched(plan, p, inner)} ORDER BY ${orderBy(plan)} LIMIT ${limit}`,
    values: p.values,
  };
}
