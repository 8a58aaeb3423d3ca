import { addDeliveryJobs } from './delivery-jobs.ts';
import { insertEvents } from './event-insert.ts';
import { endWaiting } from './webhook-waiting.ts';

/**
 * An attempt with all that follows from it, in one statement. The endpoint's row is touched only where its health
 * changes, or its messages would wait for it; it comes before the deliveries in every statement, so that none
 * waits for another in a circle.
 *
 * $1 delivery, $2 endpoint, $3 to $6 its health as it was, $7 to $10 as it is, $11 whether that is the same, $12 why it
 * is disabled, $13 what becomes of the delivery, $14 error, $15 next attempt, $16 to $22 the attempt, $23 events, $24 the
 * attempts before it, $25 where it was sent.
 *
 * A failure that comes after somebody had the message sent again, or after another attempt, decides nothing of it; what
 * was taken was taken, also when the endpoint was disabled meanwhile.
 */
export const RECORD = `
  WITH endpoint AS (
    UPDATE webhook_endpoint
    SET silences = $7::int, paused_until = $8::timestamptz, failing_since = $9::timestamptz, warned_at = $10::timestamptz,
      status = CASE WHEN $12::text IS NULL THEN status ELSE 'DISABLED' END,
      disabled_reason = coalesce($12::"WebhookDisabledReason", disabled_reason),
      disabled_at = CASE WHEN $12::text IS NULL THEN disabled_at ELSE $17::timestamptz END
    WHERE id = $2::uuid AND NOT $11::boolean AND url = $25::text AND silences = $3::int AND paused_until IS NOT DISTINCT FROM $4::timestamptz
      AND failing_since IS NOT DISTINCT FROM $5::timestamptz AND warned_at IS NOT DISTINCT FROM $6::timestamptz
      AND ($12::text IS NULL OR (status = 'ENABLED' AND deleted_at IS NULL))
    RETURNING id
  ), decided AS (
    SELECT 1 WHERE EXISTS (SELECT FROM endpoint) OR $11::boolean AND ($25::text IS NULL OR EXISTS (
      SELECT FROM webhook_endpoint WHERE id = $2::uuid AND url = $25::text))
  ), settled AS (
    UPDATE delivery
    SET status = $13::"DeliveryStatus", attempts = attempts + 1, last_error = $14::text,
      next_attempt_at = $15::timestamptz, response_status = $19::int,
      sent_at = CASE WHEN $13::text = 'SENT' THEN $17::timestamptz END
    FROM decided
    WHERE id = $1::uuid
      AND ((status = 'PENDING' AND attempts = $24::int) OR ($13::text = 'SENT' AND status <> 'SENT'))
    RETURNING id, channel, target, next_attempt_at
  ), logged AS (
    INSERT INTO delivery_attempt (id, delivery_id, at, duration_ms, outcome, error, request_headers, response_status,
      response_headers, response_body)
    SELECT $16::uuid, $1::uuid, $17::timestamptz, $18::int, $13::"DeliveryStatus", $14::text, $20::jsonb, $19::int,
      $21::jsonb, $22::text
    FROM decided
  ), told AS (
    ${insertEvents('$23', 'EXISTS (SELECT FROM decided)')}
  ), ended AS (
    ${endWaiting(`(SELECT id FROM endpoint WHERE $12::text IS NOT NULL)`)} AND id <> $1::uuid
  ), again AS (
    SELECT id, channel, target, next_attempt_at FROM settled WHERE next_attempt_at IS NOT NULL
  ), jobs AS (${addDeliveryJobs('again')})
  SELECT EXISTS (SELECT FROM decided) AS recorded, (SELECT count(*) FROM jobs)::int AS jobs`;
