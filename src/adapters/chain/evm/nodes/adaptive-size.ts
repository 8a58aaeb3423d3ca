/** How much an endpoint is asked for at once: halved when it was too much, doubled again after a while of no refusals. */
export interface AdaptiveSize {
  size(): number;
  /** So many were too much. */
  refused(tried: number): void;
  /** So many were given. */
  worked(tried: number): void;
}

const FIRST_PATIENCE = 4;
const LONGEST_PATIENCE = 256;

/**
 * A doubling that is refused is taken back, and doubles the successes before the next one: a fixed limit is not run into
 * for ever.
 */
export function adaptiveSize(largest: number): AdaptiveSize {
  let size = largest;
  let patience = FIRST_PATIENCE;
  let successes = 0;
  /** What worked before the size was doubled; null once the doubled size has worked too. */
  let before: number | null = null;
  return {
    size: () => size,
    refused(tried) {
      if (before !== null) patience = Math.min(patience * 2, LONGEST_PATIENCE);
      const smaller = before !== null && before < tried ? before : Math.floor(tried / 2);
      size = Math.max(1, Math.min(size, smaller));
      before = null;
      successes = 0;
    },
    worked(tried) {
      if (tried < size) return;
      if (before !== null) patience = FIRST_PATIENCE;
      before = null;
      successes += 1;
      if (size === largest || successes < patience) return;
      before = size;
      size = Math.min(largest, size * 2);
      successes = 0;
    },
  };
}
