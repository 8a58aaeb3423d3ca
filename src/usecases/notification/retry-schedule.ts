import { spread } from '../../domain/text/spread.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** The wait after each failed attempt, in milliseconds; when it is used up the delivery has failed. */
export const RETRY_DELAYS: readonly number[] = [
  5 * SECOND,
  30 * SECOND,
  2 * MINUTE,
  10 * MINUTE,
  1 * HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
];

/** A longer wait asked for by the other side is cut to this. */
const MAX_RETRY_AFTER = HOUR;

/** For so long after its event a message waits as often as it is asked to, in milliseconds; then by the schedule too. */
export const ASKED_FOR_AT_MOST = 24 * HOUR;

/** At most this share is added, so that what failed together is not repeated together. */
const JITTER = 0.2;

/**
 * Milliseconds until the next attempt, or null when there is none left.
 *
 * @param attempts attempts made, the failed one included
 */
export function retryDelay(deliveryId: string, attempts: number): number | null {
  const delay = RETRY_DELAYS[attempts - 1];
  return delay === undefined ? null : Math.round(delay * (1 + JITTER * spread(`${deliveryId}:${attempts}`)));
}

/** Milliseconds to wait because the other side asked for it: from a second to an hour. */
export const askedDelay = (retryAfterSeconds: number): number =>
  Math.round(Math.min(Math.max(retryAfterSeconds * SECOND, SECOND), MAX_RETRY_AFTER));
