import type { ChainStore, NetworkReport } from '../../usecases/ports/chain-store.ts';
import type { Clock } from '../../usecases/ports/clock.ts';
import type { Logger } from '../../usecases/ports/logger.ts';
import type { Progress } from './follow-chain.ts';

/** Writes what the operator is shown of a network. Never throws: what cannot be told is told by the log. */
export interface StatusReport {
  /** The head was asked for and so much is taken in. */
  progress(progress: Progress): Promise<void>;
  failure(message: string): Promise<void>;
  /** The network waits for an operator. */
  stopped(message: string): Promise<void>;
}

/** What changes with every block is written this often at most. */
const EVERY_MILLISECONDS = 3000;

const NOTHING: NetworkReport = {
  height: null,
  head: null,
  finalized: null,
  lastError: null,
  lastErrorAt: null,
  stopped: false,
  updatedAt: null,
};

export function createStatusReport(
  network: string,
  { store, clock, logger }: { store: Pick<ChainStore, 'report'>; clock: Clock; logger: Logger },
): StatusReport {
  let lastTold: { readonly what: string; readonly at: number } | null = null;

  /** Not more often than allowed, unless it is something else than the last time. */
  const tell = async (what: string, change: (now: Date) => Partial<NetworkReport>): Promise<void> => {
    const at = performance.now();
    if (lastTold?.what === what && at - lastTold.at < EVERY_MILLISECONDS) return;
    lastTold = { what, at };
    try {
      await store.report(network, { ...NOTHING, ...change(clock.now()) });
    } catch (error) {
      logger.warn({ network, err: error }, 'the state of the network could not be written');
    }
  };

  return {
    progress: ({ height, head }) =>
      tell('progress', (now) => ({
        height,
        head: head.height,
        finalized: head.finalized,
        updatedAt: now,
      })),
    failure: (message) => tell(`failure: ${message}`, (now) => ({ lastError: message, lastErrorAt: now })),
    stopped: (message) =>
      tell(`stopped: ${message}`, (now) => ({ lastError: message, lastErrorAt: now, stopped: true })),
  };
}
