import { setTimeout as pause } from 'node:timers/promises';
import { sessionTokenKey, type Actor } from '../domain/access/actor.ts';
import { changesRights, concerns } from '../domain/access/changes-rights.ts';
import { hasLostRights } from '../domain/access/lost-rights.ts';
import type { Event } from '../domain/event/event.ts';
import type { Clock } from '../usecases/ports/clock.ts';
import type { EventFeed } from '../usecases/ports/event-log.ts';
import type { Logger } from '../usecases/ports/logger.ts';

/** A moment in what this process knows of rights; taken before a caller is looked up. */
export type RightsMark = number;

export interface LiveConnections {
  /** Take it before the caller of a new connection is looked up, and give it to `open`. */
  mark(): RightsMark;
  /**
   * Watches a connection: `close` is called, once, as soon as its session or key is gone, locked, or has lost any
   * right. Gives what ends the watch; call it when the connection has closed by itself.
   */
  open(actor: Actor, mark: RightsMark, close: () => void): () => void;
  /** How many are watched. */
  size(): number;
  /** Ends the watch; closes nothing. */
  stop(): Promise<void>;
}

export interface LiveConnectionsOptions {
  readonly feed: Pick<EventFeed, 'subscribe'>;
  /** The actor as of now, null when its session or key has ended. */
  readonly currentActor: (actor: Actor) => Promise<Actor | null>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Milliseconds between looks at what ends by time. */
  readonly sweepMs?: number;
}

/** The connections of one token of a session, or of one API key from one address: they are looked up together. */
interface Group {
  readonly key: string;
  /** As it was looked up last. */
  actor: Actor;
  readonly closers: Set<() => void>;
}

/** Lookups that run at once: the pool has other work as well. */
const PARALLEL = 4;
const PAUSE_AFTER_FAULT_MS = 1_000;

/**
 * The open sockets and event streams of this process (FEATURES A10, N11). It follows the event feed, which tells what
 * happened in other processes too, and looks concerned callers up again; what ends by time alone is swept.
 */
export function createLiveConnections(options: LiveConnectionsOptions): LiveConnections {
  const { clock } = options;
  const groups = new Map<string, Group>();
  const ending = new AbortController();
  /** Grows with every event that may change rights. */
  let changes = 0;

  const closeAll = (group: Group): void => {
    if (groups.get(group.key) === group) groups.delete(group.key);
    for (const close of group.closers) close();
    group.closers.clear();
  };
  const ask = createLookups(options, (group, now) => {
    if (now && !hasLostRights(group.actor, now)) group.actor = now;
    else closeAll(group);
  });
  const hear = (event: Event): void => {
    if (!changesRights(event)) return;
    changes += 1;
    for (const group of groups.values()) if (concerns(event, group.actor)) ask(group);
  };
  const followed = follow(options, ending.signal, hear, () => {
    // What was told meanwhile is not known: everybody is looked up.
    changes += 1;
    for (const group of groups.values()) ask(group);
  });
  const sweep = (): void => {
    const now = clock.now();
    for (const group of groups.values()) if (isDue(group.actor, now)) ask(group);
  };
  const timer = setInterval(sweep, options.sweepMs ?? 1_000);
  timer.unref();

  return {
    mark: () => changes,
    open(actor, mark, close) {
      const key = keyOf(actor);
      if (key === null) return () => undefined;
      const group: Group = groups.get(key) ?? { key, actor, closers: new Set() };
      groups.set(key, group);
      group.closers.add(close);
      // Told while this caller was being looked up, and handed out before it stood here.
      if (mark !== changes) ask(group);
      return () => {
        group.closers.delete(close);
        if (group.closers.size === 0 && groups.get(key) === group) groups.delete(key);
      };
    },
    size: () => [...groups.values()].reduce((sum, { closers }) => sum + closers.size, 0),
    async stop() {
      clearInterval(timer);
      ending.abort();
      await followed;
    },
  };
}

/**
 * Looks groups up, a few at a time. One that is asked for again while its lookup runs is looked up once more: the
 * answer on its way may be from before the change.
 */
function createLookups(
  { currentActor, logger }: Pick<LiveConnectionsOptions, 'currentActor' | 'logger'>,
  onFound: (group: Group, now: Actor | null) => void,
): (group: Group) => void {
  const asked = new Set<Group>();
  const running = new Set<Group>();
  const ask = (group: Group): void => {
    asked.add(group);
    work();
  };
  const work = (): void => {
    for (const group of asked) {
      if (running.size >= PARALLEL) return;
      if (!running.has(group)) void look(group);
    }
  };
  const look = async (group: Group): Promise<void> => {
    asked.delete(group);
    running.add(group);
    try {
      onFound(group, await currentActor(group.actor));
    } catch (error) {
      logger.error({ err: error }, 'the rights of open connections could not be looked up');
      setTimeout(() => group.closers.size > 0 && ask(group), PAUSE_AFTER_FAULT_MS).unref();
    }
    running.delete(group);
    work();
  };
  return ask;
}

/** Keys may be open to some addresses only, so that each address is a question of its own. */
function keyOf(actor: Actor): string | null {
  if (actor.type === 'API_KEY') return `${actor.apiKeyId} ${actor.client?.ip ?? ''}`;
  return actor.type === 'SYSTEM' || actor.type === 'ANONYMOUS' ? null : sessionTokenKey(actor);
}

/** Whether the time is over until which the actor was known to stay as it is. */
const isDue = (actor: Actor, now: Date): boolean =>
  'validUntil' in actor && actor.validUntil instanceof Date && actor.validUntil <= now;

/** Hands on every event until the signal; after a break, which `onGap` is told of, from the present on. */
async function follow(
  { feed, logger }: Pick<LiveConnectionsOptions, 'feed' | 'logger'>,
  signal: AbortSignal,
  onEvent: (event: Event) => void,
  onGap: () => void,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const events = feed.subscribe({ filter: {}, signal });
      onGap();
      for await (const event of events) onEvent(event);
      // Not by a break but because the feed ends, or this watch.
      return;
    } catch (error) {
      logger.error({ err: error }, 'the watch over open connections lost events');
      await pause(PAUSE_AFTER_FAULT_MS, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }
}
