/**
 * Rows that mean nothing any more: counts of past attempts, links and codes that no longer work, old notifications,
 * windows of digests that have ended, updates of Telegram that cannot come again, messages that were settled long ago.
 */
export interface ExpiredRows {
  /** Removes some of what had expired at `at`; true when there may be more. */
  removeSome(at: Date): Promise<boolean>;
}
