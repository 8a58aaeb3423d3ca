import type { Pool } from 'pg';
import type { IdSource } from '../../usecases/ports/id-source.ts';
import type { ReplayedEvents, ReplayJob, WebhookRepeats } from '../../usecases/ports/webhook-repeats.ts';
import { addDeliveryJobs, WEBHOOK_REPLAY_TASK } from './delivery-jobs.ts';
import { eventRows, insertEvents } from './event-insert.ts';

type Delivery = NonNullable<Awaited<ReturnType<WebhookRepeats['delivery']>>>;

const DELIVERY = `
  SELECT d.endpoint_id AS "endpointId", d.event_id AS "eventId", d.event_type AS "eventType" FROM delivery d
  WHERE d.id = $1 AND d.channel = 'WEBHOOK'`;

/** As if no attempt had been made; the payload stays. */
const WAITS_AGAIN = `status = 'PENDING', attempts = 0, last_error = NULL, sent_at = NULL, response_status = NULL`;

const IS_ENABLED = `status = 'ENABLED' AND deleted_at IS NULL`;

/** $1 the delivery, $2 the time, $3 the event. */
const REDELIVER = `
  WITH again AS (
    UPDATE delivery SET ${WAITS_AGAIN}, next_attempt_at = $2
    WHERE id = $1 AND endpoint_id IN (SELECT id FROM webhook_endpoint WHERE ${IS_ENABLED})
    RETURNING id, channel, target, next_attempt_at
  ), told AS (
    ${insertEvents('$3', 'EXISTS (SELECT FROM again)')}
  ), jobs AS (${addDeliveryJobs('again')})
  SELECT (SELECT count(*) FROM again)::int AS again, (SELECT count(*) FROM jobs)::int AS jobs`;

/** Events that are replayed. $1 merchant, $2 project, $3 mode, $4 types, $5 since. */
const REPLAYED = `merchant_id = $1::uuid AND project_id = $2::uuid AND mode = $3::"Mode" AND type = ANY ($4::text[])
    AND occurred_at >= $5::timestamptz AND subject_type <> 'WEBHOOK_ENDPOINT'`;

/** Business time and the order of the log may differ by as much as a transaction lasts, and machines' clocks do. */
const SLACK = `interval '1 hour'`;

/**
 * $6 the most. From the newest on, as far as the merchant's events reach back: those of other merchants, and those from
 * before, are not looked at.
 */
const SURVEY = `
  WITH beginning AS (
    SELECT txid FROM event WHERE merchant_id = $1::uuid AND occurred_at < $5::timestamptz - ${SLACK}
    ORDER BY txid DESC, seq DESC LIMIT 1
  ), found AS (
    SELECT txid, seq FROM event
    WHERE ${REPLAYED} AND txid >= coalesce((SELECT txid FROM beginning), 0)
      AND txid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
    ORDER BY txid DESC, seq DESC LIMIT $6::int + 1
  )
  SELECT (SELECT count(*) FROM found)::int AS count, oldest.txid AS from_txid, oldest.seq AS from_seq,
    newest.txid AS to_txid, newest.seq AS to_seq
  FROM (SELECT txid, seq FROM found ORDER BY txid, seq LIMIT 1) AS oldest,
    (SELECT txid, seq FROM found ORDER BY txid DESC, seq DESC LIMIT 1) AS newest`;

interface SurveyRecord {
  readonly count: number;
  readonly from_txid: string;
  readonly from_seq: string;
  readonly to_txid: string;
  readonly to_seq: string;
}

const addPage = (payload: string, key: string): string =>
  `graphile_worker.add_job('${WEBHOOK_REPLAY_TASK}', ${payload}, job_key := ${key})`;

/** $1 the endpoint, $2 the event, $3 the job, $4 its key. */
const BEGIN = `
  WITH enabled AS (
    SELECT id FROM webhook_endpoint WHERE id = $1 AND ${IS_ENABLED}
  ), told AS (
    ${insertEvents('$2', 'EXISTS (SELECT FROM enabled)')}
  )
  SELECT (${addPage('$3::json', '$4')}).id FROM enabled`;

/** Events of one page: its transaction holds back the readers of younger events, so it is short. */
const PAGE = 200;

/**
 * $6, $7 behind which place, $8, $9 up to which, $10 the endpoint, $11 ids of new deliveries, $12 the time, $13 the
 * job, whose place is replaced, $14 its key.
 */
const REPLAY_PAGE = `
  WITH page AS (
    SELECT txid, seq, id, type, row_number() OVER (ORDER BY txid, seq) AS place
    FROM event
    WHERE ${REPLAYED} AND (txid, seq) > ($6::bigint, $7::bigint) AND (txid, seq) <= ($8::bigint, $9::bigint)
    ORDER BY txid, seq LIMIT ${PAGE}
  ), written AS (
    INSERT INTO delivery (id, event_id, channel, target, merchant_id, project_id, mode, event_type, endpoint_id,
      next_attempt_at, created_at)
    SELECT ($11::uuid[])[page.place], page.id, 'WEBHOOK', $10::uuid::text, $1::uuid, $2::uuid, $3::"Mode", page.type,
      endpoint.id, $12::timestamptz, $12::timestamptz
    FROM page JOIN webhook_endpoint AS endpoint ON endpoint.id = $10::uuid AND ${IS_ENABLED}
    ORDER BY page.place
    ON CONFLICT (event_id, channel, target) DO UPDATE SET ${WAITS_AGAIN}, next_attempt_at = excluded.next_attempt_at
    RETURNING id, channel, target, next_attempt_at
  ), jobs AS (${addDeliveryJobs('written')}), next AS (
    SELECT ${addPage(
      `($13::jsonb || jsonb_build_object('from', jsonb_build_object('txid', txid::text, 'seq', seq::text)))::json`,
      '$14',
    )} FROM page WHERE place = ${PAGE} AND EXISTS (SELECT FROM written)
  )
  SELECT (SELECT count(*) FROM written)::int AS count, (SELECT count(*) FROM jobs)::int AS jobs,
    (SELECT count(*) FROM next)::int AS next`;

/** Replays and single repeats on PostgreSQL. graphile-worker's tables must be there. */
export function createWebhookRepeats(pool: Pool, ids: IdSource): WebhookRepeats {
  return {
    async delivery(deliveryId) {
      const { rows } = await pool.query<Delivery>(DELIVERY, [deliveryId]);
      return rows[0] ?? null;
    },

    async redeliver(deliveryId, event) {
      const { rows } = await pool.query<{ again: number }>({
        text: REDELIVER,
        values: [deliveryId, event.occurredAt, eventRows([event])],
      });
      return rows[0]?.again === 1;
    },

    async survey(events, most) {
      const values = [...replayed(events), most];
      const { rows } = await pool.query<SurveyRecord>({ text: SURVEY, values });
      const [found] = rows;
      if (!found) return null;
      if (found.count > most) return 'too_many';
      return {
        count: found.count,
        from: { txid: BigInt(found.from_txid), seq: BigInt(found.from_seq) - 1n },
        to: { txid: BigInt(found.to_txid), seq: BigInt(found.to_seq) },
      };
    },

    async begin(job, event) {
      const values = [job.endpointId, eventRows([event]), payloadOf(job), keyOf(job)];
      return (await pool.query({ text: BEGIN, values })).rowCount === 1;
    },

    async page(job, events, at) {
      const { from, to, endpointId } = job;
      const places = [from.txid, from.seq, to.txid, to.seq];
      const newIds = Array.from({ length: PAGE }, () => ids.next());
      const { rows } = await pool.query<{ count: number }>({
        text: REPLAY_PAGE,
        values: [...replayed(events), ...places, endpointId, newIds, at, payloadOf(job), keyOf(job)],
      });
      return rows[0]?.count ?? 0;
    },
  };
}

const replayed = ({ merchantId, projectId, mode, types, since }: ReplayedEvents): unknown[] => [
  merchantId,
  projectId,
  mode,
  types,
  since,
];

const keyOf = ({ replayId }: ReplayJob): string => `replay:${replayId}`;

/** As the job's schema reads it. */
const payloadOf = ({ from, to, ...job }: ReplayJob): string =>
  JSON.stringify({ ...job, from: placeText(from), to: placeText(to) });

const placeText = ({ txid, seq }: ReplayJob['from']) => ({ txid: String(txid), seq: String(seq) });
