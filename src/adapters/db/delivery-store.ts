import type { Pool } from 'pg';
import type { Role } from '../../domain/access/actor.ts';
import type { Channel } from '../../domain/event/catalogue.ts';
import { BOT_OF_CHANNEL } from '../../domain/event/channel-bot.ts';
import type { DeliveryStore } from '../../usecases/ports/delivery-store.ts';
import { addDeliveryJobs } from './delivery-jobs.ts';
import { EVENT_COLUMNS, toEvent, type EventRecord } from './event-log.ts';

interface DueRecord extends EventRecord {
  readonly delivery_id: string;
  readonly channel: Channel;
  readonly target: string;
  readonly attempts: number;
  readonly locale: string | null;
  readonly user_id: string | null;
  readonly role: Role | null;
  readonly project_ids: readonly string[] | null;
  readonly closed_at: Date | null;
}

const DUE = `
  SELECT delivery.id AS delivery_id, delivery.channel, delivery.target, delivery.attempts,
    coalesce("user".locale, event.data->>'locale') AS locale, delivery.user_id, member.role,
    CASE WHEN member.restricted THEN member.project_ids END AS project_ids, merchant.closed_at,
    ${EVENT_COLUMNS}
  FROM delivery
  JOIN event ON event.id = delivery.event_id
  LEFT JOIN "user" ON "user".id = delivery.user_id
  LEFT JOIN member ON member.merchant_id = event.merchant_id AND member.user_id = delivery.user_id
    AND member.disabled_at IS NULL
  LEFT JOIN merchant ON merchant.id = member.merchant_id
  WHERE delivery.id = $1 AND delivery.status = 'PENDING'`;

const SENT = `
  UPDATE delivery
  SET status = 'SENT', attempts = attempts + 1, sent_at = $2, next_attempt_at = NULL, last_error = NULL
  WHERE id = $1 AND status = 'PENDING'`;

const ENDED = `
  UPDATE delivery
  SET status = $2::"DeliveryStatus", attempts = attempts + 1, last_error = $3, next_attempt_at = NULL
  WHERE id = $1 AND status = 'PENDING'`;

const RETRY = `
  WITH moved AS (
    UPDATE delivery SET attempts = attempts + 1, next_attempt_at = $2, last_error = $3
    WHERE id = $1 AND status = 'PENDING'
    RETURNING id
  )
  ${addDeliveryJobs('moved', '$2::timestamptz')}`;

const END_CHAT = `
  UPDATE telegram_link SET ended_at = $3
  WHERE bot = $1::"Bot" AND chat_id = $2::bigint AND ended_at IS NULL`;

/** The deliveries on PostgreSQL. Only a pending one changes, so a late second attempt cannot undo what was decided. */
export function createDeliveryStore(pool: Pool): DeliveryStore {
  return {
    due: async (deliveryId) => {
      const result = await pool.query<DueRecord>({ name: 'delivery_due', text: DUE, values: [deliveryId] });
      const row = result.rows[0];
      if (row === undefined) return null;
      const { channel, target, attempts, locale, user_id: userId, role } = row;
      const member = role && { role, projectIds: row.project_ids, closedAt: row.closed_at };
      const event = toEvent(row);
      return {
        id: row.delivery_id,
        channel,
        target,
        attempts,
        locale: locale ?? 'en',
        event,
        userId,
        member,
      };
    },
    sent: async (deliveryId, at) => {
      await pool.query({ name: 'delivery_sent', text: SENT, values: [deliveryId, at] });
    },
    ended: async (deliveryId, status, error) => {
      await pool.query({ name: 'delivery_ended', text: ENDED, values: [deliveryId, status, error] });
    },
    retryAt: async (deliveryId, nextAttemptAt, error) => {
      await pool.query({ name: 'delivery_retry', text: RETRY, values: [deliveryId, nextAttemptAt, error] });
    },
    endChat: async (channel, target, at) => {
      const bot = BOT_OF_CHANNEL[channel];
      if (bot === null) return;
      await pool.query({ name: 'delivery_end_chat', text: END_CHAT, values: [bot, target, at] });
    },
  };
}
