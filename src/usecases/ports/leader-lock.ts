/** Elects one process for a piece of work that must not run twice. */
export interface LeaderLock {
  /**
   * Waits until this process leads `name`, runs `work` with a signal that aborts when leadership is lost, and
   * waits again after that, until `signal` aborts. An error of `work` is thrown after the lock was given back.
   */
  lead(name: string, signal: AbortSignal, work: (signal: AbortSignal) => Promise<void>): Promise<void>;
}
