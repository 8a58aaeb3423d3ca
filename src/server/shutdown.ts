import type { Logger } from '../usecases/ports/logger.ts';

/** Ends one part. Gets the milliseconds that are left until the deadline. */
export type Closer = (remainingMs: number) => Promise<void>;

export interface Shutdown {
  /** Registers a part; parts are closed in the reverse order of their registration. */
  add(name: string, close: Closer): void;
  /** Closes everything once; later calls wait for the first. Never throws: failures are logged. */
  run(): Promise<void>;
}

/** Closes what was opened, last first, within the deadline. A part that fails or hangs holds up no other. */
export function createShutdown(log: Logger, deadlineMs = 10_000): Shutdown {
  const parts: { name: string; close: Closer }[] = [];
  let running: Promise<void> | null = null;
  const closeAll = async () => {
    const deadline = performance.now() + deadlineMs;
    for (const { name, close } of parts.toReversed()) {
      const remaining = Math.max(0, deadline - performance.now());
      const ended = await endOf(close, remaining);
      if (ended !== 'closed') log.warn({ part: name, reason: ended }, 'part did not close in order');
    }
  };
  return {
    add: (name, close) => void parts.push({ name, close }),
    run: () => (running ??= closeAll()),
  };
}

async function endOf(close: Closer, remainingMs: number): Promise<string> {
  const { promise: late, resolve } = Promise.withResolvers<string>();
  const timer = setTimeout(() => resolve('deadline passed'), remainingMs);
  try {
    return await Promise.race([close(remainingMs).then(() => 'closed'), late]);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    clearTimeout(timer);
  }
}
