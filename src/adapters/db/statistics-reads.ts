import type { Pool } from 'pg';
import type {
  InvoiceStatisticsQuery,
  InvoiceStatisticsRow,
  StatisticsReads,
} from '../../usecases/ports/statistics-reads.ts';
import { dayOf, inDay, INVOICE_DAYS } from './invoice-day-store.ts';

type Row = Omit<InvoiceStatisticsRow, 'amount' | 'amountPaid'> & { amount: string; amountPaid: string };

export function createStatisticsReads(pool: Pool): StatisticsReads {
  return {
    async invoices(query) {
      const { projectIds, mode, from, to, limit } = query;
      const values = [projectIds, mode, from, to, limit];
      const { rows } = await pool.query<Row>({ ...statementOf(query), values });
      return rows.map((row) => ({ ...row, amount: BigInt(row.amount), amountPaid: BigInt(row.amountPaid) }));
    },
  };
}

/**
 * Events that the worker has not read are looked through, at most so many: it is behind by a second's worth. Where it is
 * further behind, because no process has the role, the figures of the days in between are old until it has caught up.
 */
const UNREAD = 10_000;

const CURSOR = (column: 'txid' | 'seq') =>
  `coalesce((SELECT ${column} FROM event_cursor WHERE reader = '${INVOICE_DAYS}'), 0)`;

/**
 * Counted days as they were counted; days that are marked, or that an event is about which was not read yet, from the
 * invoices themselves. All in the snapshot of one statement.
 */
const FIGURES = `
  WITH unread AS MATERIALIZED (
    SELECT e.subject_id FROM (
      SELECT subject_id, subject_type, project_id, mode FROM event
      WHERE (txid, seq) > (${CURSOR('txid')}, ${CURSOR('seq')}) ORDER BY txid, seq LIMIT ${UNREAD}) e
    WHERE e.subject_type = 'INVOICE' AND e.project_id = ANY ($1::uuid[]) AND e.mode = $2::"Mode"
  ), due AS MATERIALIZED (
    SELECT project_id, day FROM invoice_day_due
    WHERE project_id = ANY ($1::uuid[]) AND mode = $2::"Mode" AND day BETWEEN $3::date AND $4::date
    UNION
    SELECT i.project_id, ${dayOf('i.created_at')} FROM invoice i
    WHERE i.id IN (SELECT subject_id FROM unread) AND ${dayOf('i.created_at')} BETWEEN $3::date AND $4::date
  ), figures AS (
    SELECT d.project_id, d.day, d.status, d.currency, d.count, d.amount, d.amount_paid FROM invoice_day d
    WHERE d.project_id = ANY ($1::uuid[]) AND d.mode = $2::"Mode" AND d.day BETWEEN $3::date AND $4::date
      AND (d.project_id, d.day) NOT IN (SELECT project_id, day FROM due)
    UNION ALL
    SELECT due.project_id, due.day, f.* FROM due CROSS JOIN LATERAL (
      SELECT i.status, i.currency, count(*)::int, sum(i.amount), sum(i.amount_paid) FROM invoice i
      WHERE i.project_id = due.project_id AND i.mode = $2::"Mode" AND ${inDay('i.created_at', 'due.day')}
      GROUP BY i.status, i.currency) f
  )`;

const GROUPS = { STATUS: 'status', CURRENCY: 'currency', PROJECT: 'project_id' } as const;

function statementOf({ interval, groupBy }: InvoiceStatisticsQuery): { name: string; text: string } {
  const column = (group: keyof typeof GROUPS, type: string) =>
    groupBy.includes(group) ? GROUPS[group] : `NULL::${type}`;
  const text = `${FIGURES}
    SELECT date_trunc('${interval}', day::timestamp)::date::text AS "from", ${column('STATUS', 'text')} AS status,
      ${column('CURRENCY', 'text')} AS currency, ${column('PROJECT', 'uuid')} AS "projectId",
      sum(count)::int AS count, sum(amount)::text AS amount, sum(amount_paid)::text AS "amountPaid"
    FROM figures GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4 LIMIT $5::int`;
  const groups = Object.keys(GROUPS).map((group) => (groupBy.some((by) => by === group) ? group[0] : ''));
  return { name: `invoice_statistics_${interval}_${groups.join('')}`, text };
}
