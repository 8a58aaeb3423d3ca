import { spread } from '../text/spread.ts';

export type WebhookSchedule = 'SHORT' | 'LONG';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

interface Waits {
  /** After each failed attempt, in milliseconds; when they are used up the delivery has failed. */
  readonly delays: readonly number[];
  /** At most this share is added, so that what failed together is not repeated together. */
  readonly jitter: number;
}

/** SHORT is the seed's: 10 s, five times, so six requests. LONG reaches over 27 hours (FEATURES W3, RULES 11). */
const WAITS: Readonly<Record<WebhookSchedule, Waits>> = {
  SHORT: { delays: [10, 10, 10, 10, 10].map((seconds) => seconds * SECOND), jitter: 0 },
  LONG: {
    delays: [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 10 * HOUR],
    jitter: 0.2,
  },
};

/** A longer wait that the other side asks for is cut to this. */
const MAX_RETRY_AFTER = HOUR;

/**
 * Milliseconds until the next attempt, or null when there is none left. What Retry-After asks for makes the wait longer,
 * never shorter.
 *
 * @param attempts attempts made, the failed one included
 */
export function webhookDelay(
  schedule: WebhookSchedule,
  deliveryId: string,
  attempts: number,
  retryAfterSeconds = 0,
): number | null {
  const { delays, jitter } = WAITS[schedule];
  const delay = delays[attempts - 1];
  if (delay === undefined) return null;
  const asked = Math.min(Math.max(retryAfterSeconds, 0) * SECOND, MAX_RETRY_AFTER);
  return Math.round(Math.max(delay * (1 + jitter * spread(`${deliveryId}:${attempts}`)), asked));
}
