import { DatabaseError, type Pool, type QueryResult } from 'pg';
import { NIL } from 'uuid';
import type { EventPosition } from '../../domain/event/event.ts';
import type { DigestWindow } from '../../domain/notification/timing.ts';
import {
  RelayRowRefused,
  type EventRelayStore,
  type RelayStep,
} from '../../usecases/ports/event-relay-store.ts';
import { auditRows, insertAudit } from './audit-insert.ts';
import { addDeliveryJobs, CHAT_KEY, HELD_CHAT_KEY, IS_CHAT } from './delivery-jobs.ts';
import { loadListeners } from './event-listeners.ts';
import { announceNotifications } from './notification-signal.ts';

/** A lost job is looked for among so many deliveries at a time, from those on that have waited longest. */
const LOST_SEARCH = 5000;

/**
 * One statement, so that the relay's transaction, which holds back the readers of younger events, is as short as can
 * be. The cursor is the fence: of two relays at one place the second waits for the first one's row, finds it moved,
 * and so `moved` is empty and nothing is written.
 */
const ADVANCE = `
  WITH moved AS (
    UPDATE event_cursor SET txid = $3, seq = $4
    WHERE reader = 'relay' AND txid = $1 AND seq = $2 RETURNING reader
  ), notified AS (
    INSERT INTO notification (id, event_id, user_id, merchant_id, project_id, mode, event_type, category, severity,
      data, created_at)
    SELECT n.id, event.id, n."userId", event.merchant_id, event.project_id, event.mode, event.type, n.category,
      n.severity, event.data, $7::timestamptz
    FROM moved, jsonb_to_recordset($5::jsonb)
      AS n (id uuid, "eventId" uuid, "userId" uuid, category text, severity text)
    JOIN event ON event.id = n."eventId"
    ON CONFLICT (event_id, user_id) DO NOTHING
    RETURNING user_id
  ), announced AS (${announceNotifications('notified')}
  ), opened AS (
    INSERT INTO digest_window (channel, target, key, ends_at)
    SELECT DISTINCT ON (w.channel, w.target, w.key) w.channel, w.target, w.key, w."endsAt"
    FROM moved, jsonb_to_recordset($9::jsonb) AS w (channel "Channel", target text, key text, "endsAt" timestamptz)
    ORDER BY w.channel, w.target, w.key, w."endsAt" DESC
    ON CONFLICT (channel, target, key) DO UPDATE SET ends_at = excluded.ends_at
  ), written AS (
    INSERT INTO delivery (id, event_id, channel, target, user_id, merchant_id, project_id, mode, event_type,
      endpoint_id, digest_key, next_attempt_at, created_at)
    SELECT d.id, event.id, d.channel, d.target, d."userId", event.merchant_id, event.project_id, event.mode, event.type,
      CASE WHEN d.channel = 'WEBHOOK' THEN d.target::uuid END, d."digestKey", d."sendAt", $7::timestamptz
    FROM moved, jsonb_to_recordset($6::jsonb) AS d (id uuid, "eventId" uuid, channel "Channel", target text,
      "userId" uuid, "digestKey" text, "sendAt" timestamptz)
    JOIN event ON event.id = d."eventId"
    ON CONFLICT (event_id, channel, target) DO NOTHING
    RETURNING id, channel, target, CASE WHEN next_attempt_at > created_at THEN next_attempt_at END AS next_attempt_at
  ), audited AS (
    ${insertAudit('$8')}
  ), jobs AS (${addDeliveryJobs('written')})
  SELECT (SELECT count(*) FROM moved)::int AS moved, (SELECT count(*) FROM jobs)::int AS jobs,
    (SELECT count(*) FROM announced)::int AS announced`;

/**
 * What another message will take along waits for that one, which may be held back for hours, and needs no job. $1 due
 * before, $2 and $3 behind which one.
 */
const REQUEUE = `
  WITH waiting AS (
    SELECT id, channel, target, digest_key, next_attempt_at FROM delivery
    WHERE status = 'PENDING' AND next_attempt_at < $1 AND (next_attempt_at, id) > ($2::timestamptz, $3::uuid) AND digest_id IS NULL
    ORDER BY next_attempt_at, id LIMIT ${LOST_SEARCH}
  ), lost AS (
    SELECT id, channel, target, next_attempt_at FROM waiting
    WHERE NOT EXISTS (
      SELECT FROM graphile_worker.jobs AS job
      WHERE job.key IN (waiting.id::text, CASE WHEN ${IS_CHAT} THEN ${CHAT_KEY} END,
          CASE WHEN ${IS_CHAT} THEN ${HELD_CHAT_KEY} END)
        AND (job.locked_at IS NOT NULL OR job.attempts < job.max_attempts)
    ) AND NOT EXISTS (
      SELECT FROM delivery AS leader
      WHERE leader.status = 'PENDING' AND leader.channel = waiting.channel AND leader.target = waiting.target
        AND leader.digest_key = waiting.digest_key AND leader.digest_id IS NULL AND leader.next_attempt_at < $1
        AND leader.id < waiting.id
    )
  ), jobs AS (${addDeliveryJobs('lost')})
  SELECT (SELECT count(*) FROM jobs)::int AS jobs, last.next_attempt_at::text AS due_at, last.id
  FROM (SELECT 1) AS one LEFT JOIN (
    SELECT next_attempt_at, id FROM waiting ORDER BY next_attempt_at DESC, id DESC LIMIT 1
  ) AS last ON true`;

/** The relay's rows on PostgreSQL. graphile-worker's tables must be there. */
export function createEventRelayStore(pool: Pool): EventRelayStore {
  return {
    cursor: async () => (await readCursor(pool)) ?? (await createCursor(pool)),
    listeners: (wanted) => loadListeners(pool, wanted),
    openWindows: (places, at) => openWindows(pool, places, at),
    advance: (step) => advance(pool, step),
    requeueLost: (dueBefore) => requeueLost(pool, dueBefore),
  };
}

async function requeueLost(pool: Pool, dueBefore: Date): Promise<number> {
  let jobs = 0;
  let behind: readonly [dueAt: string, id: string] | null = ['-infinity', NIL];
  while (behind !== null) {
    const result: QueryResult<{ jobs: number; due_at: string | null; id: string }> = await pool.query({
      name: 'event_relay_requeue',
      text: REQUEUE,
      values: [dueBefore, ...behind],
    });
    const [page] = result.rows;
    jobs += page?.jobs ?? 0;
    behind = page === undefined || page.due_at === null ? null : [page.due_at, page.id];
  }
  return jobs;
}

async function readCursor(pool: Pool): Promise<EventPosition | undefined> {
  const result = await pool.query<{ txid: string; seq: string }>({
    name: 'event_relay_cursor',
    text: `SELECT txid, seq FROM event_cursor WHERE reader = 'relay'`,
  });
  const row = result.rows[0];
  return row === undefined ? undefined : { txid: BigInt(row.txid), seq: BigInt(row.seq) };
}

async function createCursor(pool: Pool): Promise<EventPosition> {
  await pool.query(
    `INSERT INTO event_cursor (reader, txid, seq) VALUES ('relay', 0, 0) ON CONFLICT DO NOTHING`,
  );
  return (await readCursor(pool)) ?? { txid: 0n, seq: 0n };
}

async function advance(pool: Pool, step: RelayStep): Promise<boolean> {
  const { from, to, notifications, deliveries, windows, audited, at } = step;
  const rows = [JSON.stringify(notifications), JSON.stringify(deliveries)];
  const entries = await auditRows(pool, audited);
  const values = [from.txid, from.seq, to.txid, to.seq, ...rows, at, entries, JSON.stringify(windows)];
  try {
    const result = await pool.query<{ moved: number }>({
      name: 'event_relay_advance',
      text: ADVANCE,
      values,
    });
    return result.rows[0]?.moved === 1;
  } catch (cause) {
    if (isDataFault(cause)) throw new RelayRowRefused('PostgreSQL refused a row of the relay', { cause });
    throw cause;
  }
}

/** SQLSTATE classes 22 (data exception) and 23 (constraint violation). */
const isDataFault = (fault: unknown): boolean =>
  fault instanceof DatabaseError && fault.code !== undefined && /^2[23]/.test(fault.code);

async function openWindows(
  pool: Pool,
  places: readonly Pick<DigestWindow, 'channel' | 'target'>[],
  at: Date,
): Promise<readonly DigestWindow[]> {
  const { rows } = await pool.query<DigestWindow>({
    name: 'event_relay_windows',
    text: `SELECT w.channel, w.target, w.key, w.ends_at AS "endsAt"
      FROM jsonb_to_recordset($1::jsonb) AS p (channel "Channel", target text)
      JOIN digest_window w ON w.channel = p.channel AND w.target = p.target AND w.ends_at > $2`,
    values: [JSON.stringify(places.map(({ channel, target }) => ({ channel, target }))), at],
  });
  return rows;
}
