import type { Pool } from 'pg';
import type { Role } from '../../domain/access/actor.ts';
import type { OperatorRole } from '../../domain/access/rights.ts';
import type { DigestRule, PersonalChannel } from '../../domain/event/event-row.ts';
import { DIGEST_FIELDS, type Digest } from '../../domain/notification/digest.ts';
import type { DeliveryStore, DueDelivery } from '../../usecases/ports/delivery-store.ts';
import { IS_CHAT, moveDeliveryJobs } from './delivery-jobs.ts';
import { markBounced, unmarkDelivered } from './email-bounce.ts';
import { EVENT_COLUMNS, toEvent, type EventRecord } from './event-log.ts';

interface DueRecord extends EventRecord {
  readonly delivery_id: string;
  readonly channel: PersonalChannel;
  readonly target: string;
  readonly attempts: number;
  readonly locale: string | null;
  readonly user_id: string | null;
  readonly role: Role | null;
  readonly operator: OperatorRole | null;
  readonly project_ids: readonly string[] | null;
  readonly closed_at: Date | null;
  readonly is_disconnected: boolean;
  readonly is_collecting: boolean;
  readonly next_attempt_at: Date;
}

/**
 * Of the messages of a chat the oldest that is due, or was tried and will be again: those behind it wait. The one that is
 * asked for counts as due, or it would be forgotten where its time has not come by this process's clock.
 */
const HEAD = `(
      SELECT older.id FROM delivery AS older
      WHERE older.status = 'PENDING' AND older.channel = asked.channel AND older.target = asked.target
        AND older.digest_id IS NULL
        AND (older.attempts > 0 OR older.next_attempt_at <= $2 OR older.id = asked.id)
      ORDER BY older.id LIMIT 1
    )`;

/** $1 the delivery, $2 the time. */
const DUE = `
  SELECT delivery.id AS delivery_id, delivery.channel, delivery.target, delivery.attempts,
    coalesce("user".locale, event.data->>'locale') AS locale, delivery.user_id, member.role,
    operator.role AS operator,
    CASE WHEN member.restricted THEN member.project_ids END AS project_ids, merchant.closed_at,
    delivery.digest_key IS NOT NULL OR EXISTS (SELECT FROM delivery AS part WHERE part.digest_id = delivery.id)
      AS is_collecting,
    delivery.${IS_CHAT} AND NOT EXISTS (
      SELECT FROM telegram_link AS link
      WHERE link.user_id = delivery.user_id AND link.chat_id = delivery.target::bigint AND link.ended_at IS NULL
        AND link.bot = CASE delivery.channel WHEN 'INFO_BOT' THEN 'INFO' ELSE 'MERCHANT' END::"Bot"
        AND (link.bot = 'INFO' OR link.merchant_id = event.merchant_id)
    ) AS is_disconnected,
    delivery.next_attempt_at,
    ${EVENT_COLUMNS}
  FROM delivery AS asked
  JOIN delivery ON delivery.id = CASE WHEN asked.${IS_CHAT} THEN ${HEAD} ELSE asked.id END
  JOIN event ON event.id = delivery.event_id
  LEFT JOIN "user" ON "user".id = delivery.user_id
  LEFT JOIN member ON member.merchant_id = event.merchant_id AND member.user_id = delivery.user_id
    AND member.disabled_at IS NULL
  LEFT JOIN operator ON operator.user_id = delivery.user_id AND operator.disabled_at IS NULL
  LEFT JOIN merchant ON merchant.id = member.merchant_id
  WHERE asked.id = $1 AND delivery.status = 'PENDING' AND delivery.digest_id IS NULL
    AND delivery.channel <> 'WEBHOOK'
    AND NOT EXISTS (
      SELECT FROM delivery AS other
      WHERE other.status = 'PENDING' AND other.channel = delivery.channel AND other.target = delivery.target
        AND other.digest_key = delivery.digest_key AND other.digest_id IS NULL AND other.next_attempt_at <= $2
        AND other.id < delivery.id
    )`;

/**
 * $1 the delivery, $2 the time, $3 the summed fields by type of event.
 *
 * Who leads leaves those that wait by giving up its key, so of two that collect at once nobody takes the other with it,
 * and a message that is tried again is the same one: its Message-ID is, too.
 */
const COLLECT = `
  WITH leader AS (
    UPDATE delivery SET digest_key = NULL FROM delivery AS before
    WHERE delivery.id = $1 AND delivery.status = 'PENDING' AND delivery.digest_id IS NULL
      AND delivery.digest_key IS NOT NULL AND before.id = delivery.id
    RETURNING delivery.id, delivery.channel, delivery.target, before.digest_key
  ), joined AS (
    UPDATE delivery AS part SET digest_id = leader.id FROM leader
    WHERE part.status = 'PENDING' AND part.channel = leader.channel AND part.target = leader.target
      AND part.digest_key = leader.digest_key AND part.digest_id IS NULL AND part.next_attempt_at <= $2
      AND part.id <> leader.id
    RETURNING part.event_id
  ), parts AS (
    SELECT event_id FROM joined
    UNION SELECT event_id FROM delivery WHERE digest_id = $1 OR id = $1
  ), amounts AS (
    SELECT event.data->>fields.currency AS currency, sum((event.data->>fields.amount)::numeric) AS amount,
      count(*) AS count, min(event.occurred_at) AS earliest, max(event.occurred_at) AS latest
    FROM parts JOIN event ON event.id = parts.event_id
    JOIN jsonb_to_recordset($3::jsonb) AS fields (type text, amount text, currency text) ON fields.type = event.type
    GROUP BY 1
  )
  SELECT sum(count)::int AS count, min(earliest) AS earliest, max(latest) AS latest,
    json_agg(json_build_object('currency', currency, 'amount', amount::text) ORDER BY currency) AS sums,
    delivery.digest_key IS NOT NULL AND NOT EXISTS (SELECT FROM leader) AS is_taken,
    split_part(coalesce(delivery.digest_key,
      (SELECT part.digest_key FROM delivery AS part WHERE part.digest_id = $1 LIMIT 1)), ':', 1) AS "group",
    delivery.mode, project.name AS project_name
  FROM amounts, delivery LEFT JOIN project ON project.id = delivery.project_id
  WHERE delivery.id = $1
  GROUP BY delivery.id, project.id`;

interface CollectedRecord {
  readonly count: number;
  readonly earliest: Date;
  readonly latest: Date;
  readonly sums: Digest['sums'];
  readonly group: DigestRule['group'];
  readonly mode: Digest['mode'];
  readonly project_name: string | null;
  /** Another one has taken it as a part meanwhile. */
  readonly is_taken: boolean;
}

/** A part of a message ends as the message does. */
const WHOLE = `status = 'PENDING' AND (id = $1 OR digest_id = $1)`;

const SENT = `
  WITH done AS (
    UPDATE delivery
    SET status = 'SENT', attempts = attempts + 1, sent_at = $2, next_attempt_at = NULL, last_error = NULL
    WHERE ${WHOLE} RETURNING channel, target, user_id
  )
  ${unmarkDelivered('done')}`;

const ENDED = `
  UPDATE delivery
  SET status = $2::"DeliveryStatus", attempts = attempts + 1, last_error = $3, next_attempt_at = NULL
  WHERE ${WHOLE}`;

const MOVED = 'RETURNING id, channel, target, next_attempt_at';

const retry = (attempts: string): string => `
  WITH moved AS (
    UPDATE delivery SET attempts = ${attempts}, next_attempt_at = $2, last_error = $3
    WHERE id = $1 AND status = 'PENDING' ${MOVED}
  )
  ${moveDeliveryJobs('moved')}`;

const RETRY = retry('attempts + 1');

/** The first one counts: a younger message of the chat stays behind one that was tried. */
const WAIT = retry('greatest(attempts, 1)');

/** $2 when, but not at once, or it would be asked for again and again where the clock of the database is ahead. */
const LOOK_AGAIN = `
  WITH chat AS (
    SELECT id, channel, target, greatest($2::timestamptz, now() + interval '500 milliseconds') AS next_attempt_at
    FROM delivery WHERE id = $1
  )
  ${moveDeliveryJobs('chat')}`;

const GO_ON = `
  WITH chat AS (SELECT id, channel, target, now() AS next_attempt_at FROM delivery WHERE id = $1)
  ${moveDeliveryJobs('chat')}`;

/** The deliveries on PostgreSQL. Only a pending one changes, so a late second attempt cannot undo what was decided. */
export function createDeliveryStore(pool: Pool): DeliveryStore {
  const run = async (name: string, text: string, values: unknown[]): Promise<void> => {
    await pool.query({ name, text, values });
  };
  return {
    due: async (deliveryId, at) => {
      const values = [deliveryId, at];
      const { rows } = await pool.query<DueRecord>({ name: 'delivery_due', text: DUE, values });
      return rows[0] === undefined ? null : toDue(rows[0]);
    },
    collect: async (deliveryId, at) => {
      const values = [deliveryId, at, JSON.stringify(DIGEST_FIELDS)];
      const { rows } = await pool.query<CollectedRecord>({ name: 'delivery_collect', text: COLLECT, values });
      if (rows[0] === undefined || rows[0].is_taken) return 'taken';
      return rows[0].count < 2 ? 'alone' : toDigest(rows[0]);
    },
    sent: (deliveryId, at) => run('delivery_sent', SENT, [deliveryId, at]),
    ended: (deliveryId, status, error) => run('delivery_ended', ENDED, [deliveryId, status, error]),
    retryAt: (deliveryId, nextAttemptAt, error) =>
      run('delivery_retry', RETRY, [deliveryId, nextAttemptAt, error]),
    waitUntil: (deliveryId, until, error) => run('delivery_wait', WAIT, [deliveryId, until, error]),
    lookAgain: (deliveryId, at) => run('delivery_look_again', LOOK_AGAIN, [deliveryId, at]),
    goOn: (deliveryId) => run('delivery_go_on', GO_ON, [deliveryId]),
    addressBounced: (bounce, eventFor) => markBounced(pool, bounce, eventFor),
  };
}

function toDue(row: DueRecord): DueDelivery {
  const { channel, target, attempts, locale, role } = row;
  return {
    id: row.delivery_id,
    channel,
    target,
    attempts,
    locale: locale ?? 'en',
    event: toEvent(row),
    userId: row.user_id,
    operator: row.operator,
    member: role && { role, projectIds: row.project_ids, closedAt: row.closed_at },
    isDisconnected: row.is_disconnected,
    isCollecting: row.is_collecting,
    dueAt: row.next_attempt_at,
  };
}

const toDigest = ({ group, count, sums, mode, project_name, earliest, latest }: CollectedRecord): Digest => ({
  group,
  count,
  sums,
  mode,
  projectName: project_name ?? '',
  from: earliest,
  to: latest,
});
