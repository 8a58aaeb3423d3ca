/** Says why a part is not ready, or null when it is. May throw; that is a reason too. */
export type ReadinessCheck = () => Promise<string | null>;

export interface Health {
  ready(): Promise<{ readonly ready: boolean; readonly reasons: Readonly<Record<string, string>> }>;
  /** From now on not ready: load balancers send no more work. */
  drain(): void;
}

/** A part that does not answer in this time, in milliseconds, is not ready. */
const PATIENCE_MS = 2_000;

/** Readiness by named checks, asked in parallel at each call. */
export function createHealth(checks: Readonly<Record<string, ReadinessCheck>>): Health {
  let draining = false;
  return {
    async ready() {
      if (draining) return { ready: false, reasons: { server: 'shutting down' } };
      const asked = Object.entries(checks).map(
        async ([name, check]) => [name, await reasonOf(check)] as const,
      );
      const failed = (await Promise.all(asked)).flatMap(([name, reason]) =>
        reason === null ? [] : [[name, reason]],
      );
      return { ready: failed.length === 0, reasons: Object.fromEntries(failed) };
    },
    drain() {
      draining = true;
    },
  };
}

async function reasonOf(check: ReadinessCheck): Promise<string | null> {
  const { promise: late, resolve } = Promise.withResolvers<string>();
  const timer = setTimeout(() => resolve('does not answer'), PATIENCE_MS);
  try {
    return await Promise.race([check(), late]);
  } catch {
    // The cause may name hosts and users; it is for the log of the part itself.
    return 'fails';
  } finally {
    clearTimeout(timer);
  }
}
