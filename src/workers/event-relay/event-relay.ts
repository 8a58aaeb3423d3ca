import type { EventSignal } from '../../usecases/ports/event-log.ts';
import type { LeaderLock } from '../../usecases/ports/leader-lock.ts';
import { relayBatch, type RelayDeps } from './relay-batch.ts';

const LOCK = 'event-relay';
const BATCH = 200;
const SWEEP_MILLISECONDS = 30_000;
/** A delivery that has been due for this long and has no job has lost it. */
const LOST_AFTER_MILLISECONDS = 60_000;

export interface EventRelayOptions extends RelayDeps {
  readonly leaderLock: LeaderLock;
  readonly signals: EventSignal;
}

export interface EventRelay {
  /** Relays whenever this process leads, until the signal aborts. */
  run(signal: AbortSignal): Promise<void>;
}

/**
 * The durable path of the bus (DESIGN §6): events become notifications, deliveries and their jobs, each once. The lock
 * keeps the relays from working in vain; what keeps them from doing it twice is the cursor row.
 */
export function createEventRelay({ leaderLock, signals, ...deps }: EventRelayOptions): EventRelay {
  return { run: (signal) => leaderLock.lead(LOCK, signal, (leading) => follow(deps, signals, leading)) };
}

async function follow(deps: RelayDeps, signals: EventSignal, leading: AbortSignal): Promise<void> {
  const watch = signals.watch();
  let sweepAt = performance.now();
  try {
    while (!leading.aborted) {
      const { more, heldBack } = await guarded(deps, { more: false, heldBack: false }, () =>
        relayBatch(deps, BATCH),
      );
      if (performance.now() >= sweepAt) {
        sweepAt = performance.now() + SWEEP_MILLISECONDS;
        await guarded(deps, undefined, () => requeueLost(deps));
      }
      if (!more) await watch.wait(heldBack, leading);
    }
  } finally {
    watch.close();
  }
}

/** A fault of the database must not end the relay: the next look comes with the next event or the safety poll. */
async function guarded<T>({ logger }: RelayDeps, otherwise: T, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (err) {
    logger.error({ err }, 'the event relay met a fault; trying again');
    return otherwise;
  }
}

async function requeueLost({ store, clock, logger }: RelayDeps): Promise<void> {
  const count = await store.requeueLost(new Date(clock.now().getTime() - LOST_AFTER_MILLISECONDS));
  if (count > 0) logger.warn({ count }, 'deliveries had lost their jobs');
}
