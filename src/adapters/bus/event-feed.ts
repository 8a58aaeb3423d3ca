import { isAfter, type Event } from '../../domain/event/event.ts';
import type { Clock } from '../../usecases/ports/clock.ts';
import type { EventFeed, EventLog, EventSignal } from '../../usecases/ports/event-log.ts';
import type { Logger } from '../../usecases/ports/logger.ts';
import { followTail, type FollowedTail } from './event-tail.ts';
import { openNotifyChannel, type NotifyChannel } from './notify-channel.ts';
import { createSubscriberIndex } from './subscriber-index.ts';
import { subscribe } from './subscription.ts';
import { createWakeUp, WAKE_UP_PAUSES, type WakeUp, type WakeUpPauses } from './wake-up.ts';

const CAPACITY = 10_000;

export interface EventFeedOptions {
  readonly log: EventLog;
  /** For the connection that listens and announces. */
  readonly connectionString: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Events that a subscriber may be behind before it is dropped. */
  readonly capacity?: number;
  readonly pauses?: WakeUpPauses;
}

/** Figures for the metrics. */
export interface EventFeedStats {
  /** Events read from the log since the start. */
  readonly events: number;
  /** Events handed to subscribers, one count each. */
  readonly handed: number;
  readonly subscribers: number;
  /** From the last event's time to its hand-out, in milliseconds. */
  readonly lagMilliseconds: number;
}

export interface RunningEventFeed extends EventFeed, EventSignal {
  /** Begins at the present end of the log; throws when that cannot be read. Before it nobody can subscribe. */
  start(): Promise<void>;
  /** Ends every subscription. */
  close(): Promise<void>;
  stats(): EventFeedStats;
}

/**
 * The live path of the bus in one process (DESIGN §6): one reader of the log, which hands each event to the local
 * subscribers that ask for it.
 */
export function createEventFeed(options: EventFeedOptions): RunningEventFeed {
  const { log, clock, logger, capacity = CAPACITY, pauses = WAKE_UP_PAUSES } = options;
  const index = createSubscriberIndex();
  const wakeUps = new Set<WakeUp>();
  const counts = { events: 0, handed: 0, lagMilliseconds: 0 };
  let tail: FollowedTail | undefined;
  let channel: NotifyChannel | undefined;
  let poked = false;
  let closed = false;

  const wakeAll = (): void => wakeUps.forEach((wakeUp) => wakeUp.wake());
  const watch = (): WakeUp => {
    const wakeUp = createWakeUp(pauses, (ended) => wakeUps.delete(ended));
    wakeUps.add(wakeUp);
    return wakeUp;
  };
  const running = (): FollowedTail => {
    if (tail === undefined || closed) throw new Error('The event feed is not running');
    return tail;
  };
  const dispatch = (events: readonly Event[]): void => {
    for (const event of events) counts.handed += index.dispatch(event);
    counts.events += events.length;
    const last = events.at(-1);
    if (last !== undefined) counts.lagMilliseconds = clock.now().getTime() - last.occurredAt.getTime();
  };

  return {
    watch,
    poke: () => {
      if (poked || closed) return;
      poked = true;
      setImmediate(() => {
        poked = false;
        wakeAll();
        channel?.announce();
      });
    },
    subscribe: ({ after, filter, signal }) => {
      const live = running().position();
      return subscribe({ log, index, capacity, live, from: after ?? live, filter, signal });
    },
    position: () => running().position(),
    knows: async (position) => !isAfter(position, running().position()) || log.knows(position),
    start: async () => {
      tail = await followTail({ log, logger, watch: watch(), onEvents: dispatch });
      channel = openNotifyChannel({ connectionString: options.connectionString, logger, onNotice: wakeAll });
    },
    close: async () => {
      closed = true;
      index.endAll();
      await Promise.all([channel?.close(), tail?.close()]);
    },
    stats: () => ({ ...counts, subscribers: index.size() }),
  };
}
