import type { Pool, PoolClient } from 'pg';
import type { NewEvent } from '../../domain/event/event.ts';

/**
 * The INSERT that writes events within a bigger statement (DESIGN §6: an event is a row in the transaction that
 * caused it). It goes into a WITH branch or stands alone; sequence numbers are given in the order of the array.
 *
 * @param parameter where `eventRows` is bound, such as `$4`
 * @param condition a WHERE condition of trusted SQL, such as `EXISTS (SELECT FROM changed)`: no change, no event
 */
export const insertEvents = (parameter: `$${number}`, condition = 'true'): string => `
  INSERT INTO event (id, type, mode, merchant_id, project_id, actor, subject_type, subject_id, data, occurred_at)
  SELECT e.id, e.type, e.mode, e.merchant_id, e.project_id, e.actor, e.subject_type, e.subject_id, e.data, e.occurred_at
  FROM ROWS FROM (
    jsonb_to_recordset(${parameter}::jsonb) AS (
      id uuid, type text, mode "Mode", merchant_id uuid, project_id uuid, actor jsonb,
      subject_type text, subject_id uuid, data jsonb, occurred_at timestamptz
    )
  ) WITH ORDINALITY AS e (
    id, type, mode, merchant_id, project_id, actor, subject_type, subject_id, data, occurred_at, place
  )
  WHERE ${condition}
  ORDER BY e.place`;

/** The events as the jsonb text that `insertEvents` reads. */
export const eventRows = (events: readonly NewEvent[]): string => JSON.stringify(events.map(eventRow));

const eventRow = (event: NewEvent) => ({
  id: event.id,
  type: event.type,
  mode: event.mode,
  merchant_id: event.merchantId,
  project_id: event.projectId,
  actor: event.actor,
  subject_type: event.subject.type,
  subject_id: event.subject.id,
  data: event.data,
  occurred_at: event.occurredAt,
});

/** Writes events within a transaction. */
export async function writeEvents(client: PoolClient, events: readonly NewEvent[]): Promise<void> {
  if (events.length > 0) await client.query({ text: insertEvents('$1'), values: [eventRows(events)] });
}

/** An event that goes with no other write. */
export async function tellEvent(pool: Pool, event: NewEvent): Promise<void> {
  await pool.query({ text: insertEvents('$1'), values: [eventRows([event])] });
}
