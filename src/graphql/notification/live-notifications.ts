import { GraphQLError } from 'graphql';
import type { Actor } from '../../domain/access/actor.ts';
import type { Notification } from '../../generated/prisma/client.ts';
import { hearingOf } from '../../domain/notification/hearing.ts';
import type { GraphQLContext } from '../core/context.ts';
import { forbidden } from '../core/errors.ts';
import { endable } from '../event/endable.ts';
import { readCounts, type Counts } from './notification-counts.ts';
import { mayRead, vet } from './readable.ts';

type Live = Pick<GraphQLContext, 'prisma' | 'notificationFeed' | 'currentActor' | 'refuseConnection' | 'log'>;

/** What a stream holds of those that wait; the rest stays in the table. */
const PAGE = 50;

/**
 * The notifications of a person behind a place in the order of their commits, in that order, none twice (FEATURES N6).
 * The caller is looked up again before each (RULES 14). A slow consumer costs a page and a place, no buffer.
 */
export const liveNotifications = (
  live: Live,
  userId: string,
  after: bigint,
): AsyncIterableIterator<Notification> =>
  untilReturned(async function* follow(signal): AsyncGenerator<Notification, undefined> {
    const watch = live.notificationFeed.watch(userId);
    let position = after;
    try {
      while (!signal.aborted) {
        let more = false;
        try {
          const page = await pageBehind(live, userId, position);
          for (const notification of page) {
            const actor = await actorNow(live);
            if (signal.aborted) return undefined;
            position = notification.seq;
            if (!mayRead(actor, notification)) continue;
            vet(notification);
            yield notification;
          }
          more = page.length === PAGE;
        } catch (error) {
          bear(live, error);
        }
        if (!more) await watch.changed(signal);
      }
      return undefined;
    } finally {
      watch.close();
    }
  });

/** The counts at once and whenever they are others; a burst is told by its end. */
export const liveCounts = (live: Live, userId: string): AsyncIterableIterator<Counts> =>
  untilReturned(async function* follow(signal): AsyncGenerator<Counts, undefined> {
    const watch = live.notificationFeed.watch(userId);
    let told: Counts | null = null;
    try {
      while (!signal.aborted) {
        try {
          const counts = await readCounts(live, await actorNow(live));
          if (counts.unread !== told?.unread || counts.unseen !== told.unseen) {
            told = counts;
            yield counts;
          }
        } catch (error) {
          bear(live, error);
        }
        await watch.changed(signal);
      }
      return undefined;
    } finally {
      watch.close();
    }
  });

const pageBehind = ({ prisma }: Live, userId: string, position: bigint): Promise<Notification[]> =>
  prisma.notification.findMany({
    where: { userId, seq: { gt: position } },
    orderBy: { seq: 'asc' },
    take: PAGE,
  });

/** The caller as of now. Throws FORBIDDEN and ends the connection when the session opens nothing any more. */
async function actorNow({ currentActor, refuseConnection }: Live): Promise<Actor> {
  const actor = await currentActor();
  if (actor && hearingOf(actor)) return actor;
  refuseConnection();
  throw forbidden('The right to follow these notifications is gone.');
}

/** A database that is away for a while ends no stream: it is looked at again. What is told to the caller is. */
function bear({ log }: Live, error: unknown): void {
  if (error instanceof GraphQLError) throw error;
  log.warn({ err: error }, 'a notification centre could not be read; trying again');
}

/** Returning ends the stream also while it waits. */
function untilReturned<T>(open: (signal: AbortSignal) => AsyncGenerator<T, undefined>) {
  const ending = new AbortController();
  const source = open(ending.signal);
  return endable(
    () => source.next(),
    () => {
      ending.abort();
      return source.return(undefined);
    },
  );
}
