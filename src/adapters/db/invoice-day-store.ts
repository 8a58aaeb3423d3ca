import type { Pool } from 'pg';
import type { DueDay, InvoiceDayStore } from '../../usecases/ports/invoice-day-store.ts';
import { createEventCursorStore } from './event-cursor-store.ts';

/** The reader's name in `event_cursor`. */
export const INVOICE_DAYS = 'invoice-days';

/** The day of a moment, in UTC whatever the session's time zone. */
export const dayOf = (moment: string): string => `(${moment} AT TIME ZONE 'UTC')::date`;

/** The condition that a moment lies in a day, for an index on the moment. */
export const inDay = (moment: string, day: string): string =>
  `${moment} >= ${day}::timestamp AT TIME ZONE 'UTC' AND ${moment} < (${day} + 1)::timestamp AT TIME ZONE 'UTC'`;

/** The cursor is the fence, as the relay's is. A day that is marked already is marked anew: its count may be under way. */
const MARK = `
  WITH moved AS (
    UPDATE event_cursor SET txid = $3, seq = $4 WHERE reader = '${INVOICE_DAYS}' AND txid = $1 AND seq = $2
    RETURNING reader
  ), marked AS (
    INSERT INTO invoice_day_due (project_id, mode, day)
    SELECT DISTINCT i.project_id, i.mode, ${dayOf('i.created_at')}
    FROM moved, invoice i WHERE i.id = ANY ($5::uuid[])
    ON CONFLICT (project_id, mode, day) DO UPDATE SET txid = excluded.txid
  )
  SELECT count(*)::int AS moved FROM moved`;

const DUE = `
  SELECT project_id AS "projectId", mode, day::text, txid::text AS "markedBy" FROM invoice_day_due LIMIT $1`;

const COUNT = `
  SELECT i.status, i.currency, count(*)::int AS count, sum(i.amount)::text AS amount, sum(i.amount_paid)::text AS "amountPaid"
  FROM invoice i
  WHERE i.project_id = $1 AND i.mode = $2::"Mode" AND ${inDay('i.created_at', '$3::date')}
  GROUP BY i.status, i.currency`;

const WRITE = `
  WITH done AS (
    DELETE FROM invoice_day_due WHERE project_id = $1 AND mode = $2::"Mode" AND day = $3::date AND txid = $4
    RETURNING project_id, mode, day
  ), figures AS (
    SELECT f.* FROM jsonb_to_recordset($5::jsonb)
      AS f (status "InvoiceStatus", currency text, count int, amount numeric, "amountPaid" numeric)
  ), gone AS (
    DELETE FROM invoice_day d USING done
    WHERE d.project_id = done.project_id AND d.mode = done.mode AND d.day = done.day
      AND NOT EXISTS (SELECT FROM figures f WHERE f.status = d.status AND f.currency = d.currency)
  ), written AS (
    INSERT INTO invoice_day (project_id, mode, day, status, currency, count, amount, amount_paid)
    SELECT done.project_id, done.mode, done.day, f.status, f.currency, f.count, f.amount, f."amountPaid"
    FROM done, figures f
    ON CONFLICT (project_id, mode, day, status, currency)
      DO UPDATE SET count = excluded.count, amount = excluded.amount, amount_paid = excluded.amount_paid
  )
  SELECT count(*)::int AS done FROM done`;

export function createInvoiceDayStore(pool: Pool): InvoiceDayStore {
  return {
    cursor: () => createEventCursorStore(pool, INVOICE_DAYS).read(),
    async mark(from, to, invoiceIds) {
      const values = [from.txid, from.seq, to.txid, to.seq, invoiceIds];
      const { rows } = await pool.query<{ moved: number }>({ name: 'invoice_days_mark', text: MARK, values });
      return rows[0]?.moved === 1;
    },
    async due(limit) {
      const { rows } = await pool.query<DueDay>({ name: 'invoice_days_due', text: DUE, values: [limit] });
      return rows;
    },
    /**
     * Counted outside of the transaction that writes: one that has a number holds back the readers of all younger
     * events (RULES 10) for as long as it takes. What changes meanwhile marks the day again, and nothing is written.
     */
    async count({ projectId, mode, day, markedBy }) {
      const { rows: figures } = await pool.query({ text: COUNT, values: [projectId, mode, day] });
      const values = [projectId, mode, day, markedBy, JSON.stringify(figures)];
      const { rows } = await pool.query<{ done: number }>({
        name: 'invoice_days_write',
        text: WRITE,
        values,
      });
      return rows[0]?.done === 1;
    },
  };
}
