/** Rows that mean nothing any more: counts of past attempts, links and codes that no longer work. */
export interface ExpiredRows {
  /** Removes some of what had expired at `at`; true when there may be more. */
  removeSome(at: Date): Promise<boolean>;
}
