import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../../usecases/ports/logger.ts';
import type { NotificationFeed, NotificationWatch } from '../../usecases/ports/notification-feed.ts';
import { openListening } from './listening.ts';
import { createWakeUp, WAKE_UP_PAUSES, type WakeUp } from './wake-up.ts';

/** A commit and its announcement cannot be told apart, so little is ever found by this. */
const POLL_MILLISECONDS = 30_000;
/** A burst is looked at so often, at most. */
const GAP_MILLISECONDS = 100;

export interface NotificationFeedOptions {
  readonly connectionString: string;
  /** Where persons are announced: their ids, separated by commas; anything else is everybody. */
  readonly channel: string;
  readonly logger: Logger;
  /** Milliseconds until a watch that nobody wakes tells of a change; about, so that not all look at once. */
  readonly pollMilliseconds?: number;
}

export interface RunningNotificationFeed extends NotificationFeed {
  /** How many watches are open. */
  size(): number;
  close(): Promise<void>;
}

/** Wakes those who watch a notification centre when it is announced on a channel of PostgreSQL, by any process. */
export function createNotificationFeed(options: NotificationFeedOptions): RunningNotificationFeed {
  const { pollMilliseconds = POLL_MILLISECONDS } = options;
  const watches = new Map<string, Set<WakeUp>>();
  const wake = (userId: string): void => watches.get(userId)?.forEach((watch) => watch.wake());
  const wakeAll = (): void => [...watches.keys()].forEach(wake);
  const listening = openListening({
    ...options,
    application: 'paybell-notifications',
    subject: 'notifications',
    onOpen: wakeAll,
    onNotice: ({ payload }) => (IDS.test(payload) ? payload.split(',').forEach(wake) : wakeAll()),
  });

  const watch = (userId: string): NotificationWatch => {
    const idleMilliseconds = pollMilliseconds * (0.75 + Math.random() / 2);
    const wakeUp = createWakeUp({ ...WAKE_UP_PAUSES, idleMilliseconds }, (closed) => {
      const others = watches.get(userId);
      others?.delete(closed);
      if (others?.size === 0) watches.delete(userId);
    });
    watches.set(userId, (watches.get(userId) ?? new Set()).add(wakeUp));
    return { changed: spaced(wakeUp), close: () => wakeUp.close() };
  };

  return {
    watch,
    size: () => [...watches.values()].reduce((sum, { size }) => sum + size, 0),
    close: () => listening.close(),
  };
}

const IDS = /^[0-9a-f-]{36}(?:,[0-9a-f-]{36})*$/;

/** What happens in the pause is told by the look that follows it. */
function spaced(wakeUp: WakeUp): (signal: AbortSignal) => Promise<void> {
  let toldAt = -Infinity;
  return async (signal) => {
    await wakeUp.wait(false, signal);
    const rest = toldAt + GAP_MILLISECONDS - performance.now();
    if (rest > 0) await delay(rest, undefined, { signal }).catch(() => undefined);
    toldAt = performance.now();
  };
}
