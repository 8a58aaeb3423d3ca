import type { Pool } from 'pg';
import type { EventType } from '../../domain/event/catalogue.ts';
import type { Event, EventActor, EventData, EventPosition, SubjectType } from '../../domain/event/event.ts';
import type { EventFilter, EventLog } from '../../usecases/ports/event-log.ts';

/** A row of `event` as pg gives it: int8 comes as text. */
export interface EventRecord {
  readonly seq: string;
  readonly txid: string;
  readonly id: string;
  readonly type: EventType;
  readonly version: number;
  readonly mode: 'TEST' | 'LIVE' | null;
  readonly merchant_id: string | null;
  readonly project_id: string | null;
  readonly actor: EventActor;
  readonly subject_type: SubjectType;
  readonly subject_id: string;
  readonly data: EventData;
  readonly occurred_at: Date;
}

export const EVENT_COLUMNS = `event.seq, event.txid, event.id, event.type, event.version, event.mode,
  event.merchant_id, event.project_id, event.actor, event.subject_type, event.subject_id, event.data,
  event.occurred_at`;

/**
 * The oldest transaction that still runs, on the whole server. Every one below it has ended: its rows are visible or
 * will never be. A row above it may be followed by one with a smaller number that is not committed yet.
 */
const HORIZON = 'pg_snapshot_xmin(pg_current_snapshot())::text::bigint';

const MAX_SEQ = 2n ** 63n - 1n;

/**
 * Finds the horizon, and whether a committed event lies above it, in the snapshot of the same statement. The newest
 * event is found by ORDER BY and not by EXISTS (txid >= horizon): without statistics on a value known only at run
 * time the planner guesses that a third of the rows match and reads the whole table when none does.
 */
const TAIL = `
  SELECT horizon.held_back, ${EVENT_COLUMNS}
  FROM (
    SELECT xmin, coalesce((SELECT txid FROM event ORDER BY txid DESC, seq DESC LIMIT 1) >= xmin, false) AS held_back
    FROM (SELECT ${HORIZON} AS xmin) AS snapshot
  ) AS horizon
  LEFT JOIN LATERAL (
    SELECT * FROM event WHERE (txid, seq) > ($1, $2) AND txid < horizon.xmin ORDER BY txid, seq LIMIT $3
  ) AS event ON true
  ORDER BY event.txid, event.seq`;

/** Each condition of a filter: its letter in the statement's name, its value, and its text. */
const conditionsOf = ({
  merchantId,
  projectId,
  mode,
  orWithoutMode,
  subjectId,
  types,
}: EventFilter): readonly (readonly [letter: string, value: unknown, text: (value: string) => string])[] => [
  ['m', merchantId, (value: string) => `merchant_id = ${value}::uuid`],
  ['p', projectId, (value: string) => `project_id = ${value}::uuid`],
  orWithoutMode
    ? ['o', mode, (value: string) => `(mode = ${value}::"Mode" OR mode IS NULL)`]
    : ['l', mode, (value: string) => `mode = ${value}::"Mode"`],
  ['s', subjectId, (value: string) => `subject_id = ${value}::uuid`],
  ['t', types && [...types], (value: string) => `type = ANY (${value}::text[])`],
];

/** The event log on PostgreSQL: each read is one prepared statement on an index that ends in (txid, seq). */
export function createEventLog(pool: Pool): EventLog {
  return {
    after: async (position, limit, filter = {}) => {
      const result = await pool.query<EventRecord>(afterQuery(position, limit, filter));
      return result.rows.map(toEvent);
    },
    tail: async (position, limit) => {
      const { rows } = await pool.query<(EventRecord | { seq: null }) & { held_back: boolean }>({
        name: 'event_log_tail',
        text: TAIL,
        values: [position.txid, position.seq, limit],
      });
      const events = rows.flatMap((row) => (row.seq === null ? [] : [toEvent(row)]));
      return { events, heldBack: rows[0]?.held_back ?? false };
    },
    end: () => end(pool),
    knows: async ({ txid }) => {
      const result = await pool.query<{ known: boolean }>({
        name: 'event_log_knows',
        text: 'SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint > $1 AS known',
        values: [txid],
      });
      return result.rows[0]?.known ?? false;
    },
  };
}

/**
 * (horizon - 1, greatest sequence). What can be read now was written by transactions below the horizon, so it lies at
 * or before that place; what can only be read later was written by the horizon's transaction or a younger one, so it
 * lies behind, whatever its sequence number. The position of the last event would do for the first half only: one
 * with a smaller transaction number may still be written between it and the horizon.
 */
async function end(pool: Pool): Promise<EventPosition> {
  const result = await pool.query<{ txid: string }>({
    name: 'event_log_end',
    text: `SELECT ${HORIZON} - 1 AS txid`,
  });
  const row = result.rows[0];
  if (row === undefined) throw new Error('PostgreSQL told no horizon');
  return { txid: BigInt(row.txid), seq: MAX_SEQ };
}

function afterQuery(position: EventPosition, limit: number, filter: EventFilter) {
  const values: unknown[] = [position.txid, position.seq, limit];
  const used = conditionsOf(filter).filter(([, value]) => value !== undefined);
  const conditions = used.map(([, value, text]) => `AND ${text(`$${values.push(value)}`)}`);
  return {
    name: ['event_log_after', ...used.map(([letter]) => letter)].join('_'),
    text: `SELECT ${EVENT_COLUMNS} FROM event
      WHERE (txid, seq) > ($1, $2) AND txid < ${HORIZON} ${conditions.join(' ')}
      ORDER BY txid, seq LIMIT $3`,
    values,
  };
}

export const toEvent = (record: EventRecord): Event => ({
  id: record.id,
  type: record.type,
  version: record.version,
  mode: record.mode,
  merchantId: record.merchant_id,
  projectId: record.project_id,
  actor: record.actor,
  subject: { type: record.subject_type, id: record.subject_id },
  data: record.data,
  occurredAt: record.occurred_at,
  position: { txid: BigInt(record.txid), seq: BigInt(record.seq) },
});
