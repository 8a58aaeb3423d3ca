/** Tells, in one process, whose notification centre may have changed. It carries nothing: who is woken reads. */
export interface NotificationFeed {
  /** From now on; close it, or it stays in memory. */
  watch(userId: string): NotificationWatch;
}

export interface NotificationWatch {
  /**
   * Resolves when the centre may have changed since the last call returned, here or in another process, when the signal
   * aborts, and after a long pause for what a broken connection swallowed. Changes that follow one another closely are
   * told together.
   */
  changed(signal: AbortSignal): Promise<void>;
  close(): void;
}
