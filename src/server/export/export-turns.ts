/** How many exports run at once in this process. */
export interface ExportBounds {
  readonly ofAccount: number;
  readonly inAll: number;
}

export interface ExportTurns {
  /** Counts one more of an account and gives what ends it; null when that would be too many. */
  begin(account: string): { readonly cut: AbortSignal; end(): void } | null;
  /** Takes no new ones, waits for those that run, and cuts what is left after so many milliseconds. */
  close(graceMs: number): Promise<void>;
}

export function createExportTurns({ ofAccount, inAll }: ExportBounds): ExportTurns {
  const running = new Map<AbortController, string>();
  const closing = Promise.withResolvers<void>();
  let isClosing = false;
  const settle = (): void => {
    if (isClosing && running.size === 0) closing.resolve();
  };
  return {
    begin(account) {
      const own = [...running.values()].filter((owner) => owner === account).length;
      if (isClosing || running.size >= inAll || own >= ofAccount) return null;
      const turn = new AbortController();
      running.set(turn, account);
      return {
        cut: turn.signal,
        end() {
          running.delete(turn);
          settle();
        },
      };
    },
    async close(graceMs) {
      isClosing = true;
      settle();
      const timer = setTimeout(() => {
        for (const turn of running.keys()) turn.abort();
      }, graceMs);
      await closing.promise;
      clearTimeout(timer);
    },
  };
}
