import type { Pool } from 'pg';
import type { WebhookHealth } from '../../domain/webhook/webhook-health.ts';
import type {
  AttemptRecord,
  DueWebhook,
  WebhookDeliveries,
  WebhookOutcome,
} from '../../usecases/ports/webhook-deliveries.ts';
import { addDeliveryJobs } from './delivery-jobs.ts';
import { eventRows } from './event-insert.ts';
import { EVENT_COLUMNS, toEvent, type EventRecord } from './event-log.ts';
import { RECORD } from './webhook-record.ts';

const HEALTH = `endpoint.status = 'ENABLED' AND endpoint.deleted_at IS NULL AS "isEnabled", endpoint.silences,
    endpoint.paused_until AS "pausedUntil", endpoint.failing_since AS "failingSince", endpoint.warned_at AS "warnedAt"`;

/** $1 the delivery, $2 the time. */
const DUE = `
  SELECT delivery.id AS delivery_id, delivery.attempts, delivery.payload, endpoint.id AS endpoint_id,
    endpoint.project_id AS endpoint_project_id, endpoint.merchant_id AS endpoint_merchant_id,
    endpoint.mode AS endpoint_mode, project.name AS project_name, endpoint.url, endpoint.description,
    endpoint.schedule, endpoint.payload_version, ${HEALTH},
    (SELECT json_agg(json_build_object('id', s.id, 'sealed', encode(s.sealed_secret, 'hex'))
       ORDER BY s.expires_at DESC NULLS FIRST)
     FROM webhook_secret s
     WHERE s.endpoint_id = endpoint.id AND (s.expires_at IS NULL OR s.expires_at > $2)) AS secrets,
    ${EVENT_COLUMNS}
  FROM delivery
  JOIN event ON event.id = delivery.event_id
  JOIN webhook_endpoint AS endpoint ON endpoint.id = delivery.endpoint_id
  JOIN project ON project.id = endpoint.project_id
  WHERE delivery.id = $1 AND delivery.status = 'PENDING'`;

interface DueRecord extends EventRecord, WebhookHealth {
  readonly delivery_id: string;
  readonly attempts: number;
  readonly payload: string | null;
  readonly endpoint_id: string;
  readonly endpoint_project_id: string;
  readonly endpoint_merchant_id: string;
  readonly endpoint_mode: 'TEST' | 'LIVE';
  readonly project_name: string;
  readonly url: string;
  readonly description: string | null;
  readonly schedule: DueWebhook['endpoint']['schedule'];
  readonly payload_version: string;
  readonly secrets: readonly { readonly id: string; readonly sealed: string }[] | null;
}

/** The first one's stays: each attempt sends the same bytes. */
const KEEP_PAYLOAD = `
  UPDATE delivery SET payload = coalesce(payload, $2) WHERE id = $1 AND status = 'PENDING' RETURNING payload`;

const HEALTH_OF = `SELECT ${HEALTH}, endpoint.url FROM webhook_endpoint AS endpoint WHERE id = $1`;

const TAKE_PROBE = `
  UPDATE webhook_endpoint SET paused_until = $4
  WHERE id = $1 AND silences = $2 AND paused_until IS NOT DISTINCT FROM $3`;

/** Rows of one statement: short enough to hold nobody up. Each job that finds the endpoint paused moves as many. */
const MOVED_AT_ONCE = 500;

/** Whose job runs, or was taken, looks for itself: another job beside it would send the message twice. */
const IS_TAKEN = `EXISTS (
      SELECT FROM graphile_worker._private_jobs AS job WHERE job.key = delivery.id::text AND job.locked_at IS NOT NULL)`;

/**
 * $1 the delivery, $2 the endpoint, $3 until when. From the delivery on, so that those which were moved before are not
 * looked at again. It is moved itself in any case, since its job ends with this: where the clock of the database is
 * ahead of this process's, the job of one that was put off comes too early, and looks again a second later.
 */
const HOLD_BACK = `
  WITH early AS (
    SELECT id FROM delivery
    WHERE status = 'PENDING' AND channel = 'WEBHOOK' AND target = $2::uuid::text AND id >= $1
      AND (id = $1 OR next_attempt_at < $3 AND NOT ${IS_TAKEN})
    ORDER BY id LIMIT ${MOVED_AT_ONCE} FOR UPDATE SKIP LOCKED
  ), moved AS (
    UPDATE delivery SET next_attempt_at =
      CASE WHEN next_attempt_at < $3 THEN $3 ELSE greatest(next_attempt_at, now() + interval '1 second') END
    WHERE id IN (SELECT id FROM early)
    RETURNING id, channel, target, next_attempt_at
  )
  ${addDeliveryJobs('moved')}`;

/** $1 the endpoint, $2 until when they were put off, $3 the time. */
const RELEASE = `
  WITH held AS (
    SELECT id FROM delivery
    WHERE status = 'PENDING' AND channel = 'WEBHOOK' AND target = $1::uuid::text AND next_attempt_at = $2
      AND NOT ${IS_TAKEN}
    ORDER BY id LIMIT ${MOVED_AT_ONCE} FOR UPDATE SKIP LOCKED
  ), moved AS (
    UPDATE delivery SET next_attempt_at = $3 WHERE id IN (SELECT id FROM held)
    RETURNING id, channel, target, next_attempt_at
  )
  ${addDeliveryJobs('moved')}`;

/** The job alone is moved. */
const PUT_OFF = `
  WITH waiting AS (
    SELECT id, channel, target, now() + $2::float8 * interval '1 millisecond' AS next_attempt_at
    FROM delivery WHERE id = $1 AND status = 'PENDING'
  )
  ${addDeliveryJobs('waiting')}`;

/** Not what somebody has sent again since the endpoint was seen disabled. */
const GIVE_UP = `
  UPDATE delivery SET status = 'FAILED', last_error = $2, next_attempt_at = NULL
  WHERE id = $1 AND status = 'PENDING' AND NOT EXISTS (
    SELECT FROM webhook_endpoint AS endpoint
    WHERE endpoint.id = delivery.endpoint_id AND endpoint.status = 'ENABLED' AND endpoint.deleted_at IS NULL)`;

/** The deliveries to endpoints on PostgreSQL. Only a pending one changes, and the endpoint by compare-and-set. */
export function createWebhookDeliveries(pool: Pool): WebhookDeliveries {
  const run = async (name: string, text: string, values: unknown[]): Promise<number> =>
    (await pool.query({ name, text, values })).rowCount ?? 0;
  return {
    async due(deliveryId, at) {
      const values = [deliveryId, at];
      const { rows } = await pool.query<DueRecord>({ name: 'webhook_due', text: DUE, values });
      return rows[0] ? toDue(rows[0]) : null;
    },

    async keepPayload(deliveryId, body) {
      const { rows } = await pool.query<{ payload: string }>({
        name: 'webhook_keep_payload',
        text: KEEP_PAYLOAD,
        values: [deliveryId, body],
      });
      return rows[0]?.payload ?? null;
    },

    async health(endpointId, url) {
      const { rows } = await pool.query<WebhookHealth & { url: string }>({
        text: HEALTH_OF,
        values: [endpointId],
      });
      if (!rows[0]) throw new Error(`there is no webhook endpoint ${endpointId}`);
      const { url: present, ...health } = rows[0];
      return present === url ? health : null;
    },

    takeProbe: async (endpointId, { silences, pausedUntil }, until) =>
      (await run('webhook_take_probe', TAKE_PROBE, [endpointId, silences, pausedUntil, until])) === 1,
    holdBack: async (deliveryId, endpointId, until) =>
      void (await run('webhook_hold_back', HOLD_BACK, [deliveryId, endpointId, until])),
    release: async (endpointId, until, at) =>
      void (await run('webhook_release', RELEASE, [endpointId, until, at])),
    putOff: async (deliveryId, milliseconds) =>
      void (await run('webhook_put_off', PUT_OFF, [deliveryId, milliseconds])),
    giveUp: async (deliveryId, error) => void (await run('webhook_give_up', GIVE_UP, [deliveryId, error])),

    async record(record) {
      const { rows } = await pool.query<{ recorded: boolean }>({
        name: 'webhook_record',
        text: RECORD,
        values: recordValues(record),
      });
      return rows[0]?.recorded === true;
    },
  };
}

function toDue(row: DueRecord): DueWebhook {
  const { isEnabled, silences, pausedUntil, failingSince, warnedAt } = row;
  return {
    id: row.delivery_id,
    attempts: row.attempts,
    payload: row.payload,
    event: toEvent(row),
    endpoint: {
      id: row.endpoint_id,
      merchantId: row.endpoint_merchant_id,
      projectId: row.endpoint_project_id,
      projectName: row.project_name,
      mode: row.endpoint_mode,
      url: row.url,
      description: row.description,
      payloadVersion: row.payload_version,
      schedule: row.schedule,
    },
    health: { isEnabled, silences, pausedUntil, failingSince, warnedAt },
    secrets: (row.secrets ?? []).map(({ id, sealed }) => ({ id, sealedSecret: Buffer.from(sealed, 'hex') })),
  };
}

const healthValues = ({ silences, pausedUntil, failingSince, warnedAt }: WebhookHealth): unknown[] => [
  silences,
  pausedUntil,
  failingSince,
  warnedAt,
];

/** In the order in which RECORD names them. */
function recordValues({ deliveryId, endpointId, attempt, outcome, ...more }: AttemptRecord): unknown[] {
  const { before, after } = more.health;
  const { responseStatus, responseHeaders } = attempt;
  return [
    deliveryId,
    endpointId,
    ...healthValues(before),
    ...healthValues(after),
    isSame(before, after),
    more.disables,
    outcome.status,
    errorOf(outcome),
    outcome.status === 'PENDING' ? outcome.nextAttemptAt : null,
    attempt.id,
    attempt.at,
    attempt.durationMs,
    responseStatus,
    JSON.stringify(attempt.requestHeaders),
    responseHeaders && JSON.stringify(responseHeaders),
    attempt.responseBody,
    eventRows(more.events),
    more.attempts,
    more.url,
  ];
}

const errorOf = (outcome: WebhookOutcome): string | null =>
  outcome.status === 'SENT' ? null : outcome.error;

const isSame = (before: WebhookHealth, after: WebhookHealth): boolean =>
  JSON.stringify(before) === JSON.stringify(after);
