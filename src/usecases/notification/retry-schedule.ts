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

/** At most this share is added, so that what failed together is not repeated together. */
const JITTER = 0.2;

/**
 * Milliseconds until the next attempt, or null when there is none left.
 *
 * @param attempts attempts made, the failed one included
 */
export function retryDelay(deliveryId: string, attempts: number, retryAfterSeconds = 0): number | null {
  const delay = RETRY_DELAYS[attempts - 1];
  if (delay === undefined) return null;
  const jittered = delay * (1 + JITTER * spread(`${deliveryId}:${attempts}`));
  const asked = Math.min(Math.max(retryAfterSeconds, 0) * SECOND, MAX_RETRY_AFTER);
  return Math.round(Math.max(jittered, asked));
}

/** A number in [0, 1) that belongs to the text (FNV-1a): jitter without a source of randomness. */
function spread(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return (hash >>> 0) / 2 ** 32;
}
