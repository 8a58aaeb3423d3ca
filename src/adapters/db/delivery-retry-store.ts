import type { Pool } from 'pg';
import type { DeliveryRetryStore, RetryCandidate } from '../../usecases/ports/delivery-retry-store.ts';
import { addDeliveryJobs } from './delivery-jobs.ts';
import { isHeard } from './hearing-condition.ts';

/** Where the person is reached now, or what the event itself names, such as the former address. */
const IS_REACHABLE = `
  CASE d.channel
    WHEN 'EMAIL' THEN u.email = d.target
    WHEN 'SMS' THEN u.phone IS NOT DISTINCT FROM d.target
    ELSE EXISTS (
      SELECT FROM telegram_link link
      WHERE link.user_id = u.id AND link.bot = CASE d.channel WHEN 'INFO_BOT' THEN 'INFO' ELSE 'MERCHANT' END::"Bot"
        AND link.chat_id = d.target::bigint AND link.ended_at IS NULL)
  END
  OR (d.channel IN ('EMAIL', 'SMS') AND d.target IN (SELECT value FROM jsonb_each_text(e.data)))`;

/** A secret whose row is gone has expired long ago. */
const IS_OVER = `
  (e.data ? 'codeId' AND NOT EXISTS (
    SELECT FROM verification_code c
    WHERE c.id::text = e.data->>'codeId' AND c.used_at IS NULL AND c.expires_at > $5))
  OR (e.data ? 'tokenId' AND NOT EXISTS (
    SELECT FROM user_token t WHERE t.id::text = e.data->>'tokenId' AND t.used_at IS NULL AND t.expires_at > $5))`;

/** $4 the delivery, $5 the time. */
const CANDIDATE = `
  SELECT d.status, coalesce(${IS_REACHABLE}, false) AS "isReachable", (${IS_OVER}) AS "isOver"
  FROM delivery d JOIN event e ON e.id = d.event_id JOIN "user" u ON u.id = d.user_id
  WHERE d.id = $4 AND d.user_id = $1 AND d.channel <> 'WEBHOOK'
    AND (d.merchant_id IS NULL OR ${isHeard('d', '$2', '$3')})`;

/**
 * What was one message falls apart: all of it waits again, under the same key, and the oldest collects the others when
 * it is sent. Where one of it went out after all, that one stays as it is.
 */
const RETRY = `
  WITH lead AS (
    SELECT coalesce(digest_id, id) AS id FROM delivery WHERE id = $1
  ), ended AS (
    SELECT d.id FROM delivery d, lead
    WHERE (d.id = lead.id OR d.digest_id = lead.id) AND d.status >= 'FAILED'
    ORDER BY d.id FOR NO KEY UPDATE OF d
  ), waiting AS (
    UPDATE delivery d SET status = 'PENDING', attempts = 0, next_attempt_at = $2, digest_id = NULL,
      digest_key = coalesce(d.digest_key,
        (SELECT part.digest_key FROM delivery part WHERE part.digest_id = d.id LIMIT 1))
    FROM ended WHERE d.id = ended.id AND d.status >= 'FAILED'
    RETURNING d.id, d.channel, d.target, d.next_attempt_at
  ), jobs AS (${addDeliveryJobs('waiting')})
  SELECT (SELECT count(*) FROM waiting WHERE id = $1)::int AS retried, (SELECT count(*) FROM jobs)::int AS jobs`;

export const createDeliveryRetryStore = (pool: Pool): DeliveryRetryStore => ({
  async candidate({ userId, ownTypes, grants }, deliveryId, at) {
    const values = [userId, ownTypes, JSON.stringify(grants), deliveryId, at];
    return (await pool.query<RetryCandidate>(CANDIDATE, values)).rows[0] ?? null;
  },

  async retry(deliveryId, at) {
    const { rows } = await pool.query<{ retried: number }>(RETRY, [deliveryId, at]);
    return rows[0]?.retried === 1;
  },
});
