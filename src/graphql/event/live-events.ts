import type { Actor } from '../../domain/access/actor.ts';
import { may, type Place, type Right } from '../../domain/access/rights.ts';
import { isEventType } from '../../domain/event/catalogue.ts';
import type { Event, EventPosition } from '../../domain/event/event.ts';
import { rightToHear } from '../../domain/event/routing.ts';
import type { EventFilter } from '../../usecases/ports/event-log.ts';
import type { GraphQLContext } from '../core/context.ts';
import { cursorUnknown, InvalidInputError } from '../core/errors.ts';
import { DONE, endable } from './endable.ts';
import { guarded } from './guarded.ts';
import { notePosition } from './told-position.ts';

/** What a PostgreSQL bigint holds. */
const MAX_POSITION = 2n ** 63n - 1n;

export type LiveContext = Pick<GraphQLContext, 'actor' | 'feed' | 'currentActor' | 'refuseConnection'>;

export interface LiveEventsOptions {
  readonly filter: EventFilter;
  readonly after: EventPosition | null | undefined;
  /** What the caller must be allowed to go on, and where. */
  readonly right: Right;
  readonly place: Place;
}

/**
 * The events of a subscription; an event of a kind that the caller may not hear of is left out. Throws CURSOR_UNKNOWN.
 */
export async function liveEvents(
  context: LiveContext,
  { filter, after, right, place }: LiveEventsOptions,
): Promise<AsyncIterableIterator<Event>> {
  return guarded(context, await eventsAfter(context.feed, filter, after), {
    mayFollow: (actor) => may(actor, right, place),
    told: (event, actor) => (mayHear([context.actor, actor], event, place) ? telling(context, event) : null),
  });
}

/** The event, with a note of where the stream stands. */
export function telling(context: LiveContext, event: Event): Event {
  notePosition(context, event.position);
  return event;
}

/**
 * Whether an event of this kind there is for all of them to hear: the caller as of now, and as of the beginning, with
 * whose rights the fields are read. One of a type that only newer processes know is for nobody.
 */
export const mayHear = (actors: readonly Actor[], { type }: Event, place: Place): boolean =>
  isEventType(type) && actors.every((actor) => may(actor, rightToHear(type), place));

/**
 * The events as they stand in the log, for everybody: from the place on, or from now on. Returning the iterator ends
 * the feed at once, also while it waits. Throws CURSOR_UNKNOWN for a place that this log never gave.
 */
export async function eventsAfter(
  feed: GraphQLContext['feed'],
  filter: EventFilter,
  after: EventPosition | null | undefined,
): Promise<AsyncIterableIterator<Event>> {
  if (after) await checkKnown(feed, after);
  const ending = new AbortController();
  const events = feed
    .subscribe({ filter, signal: ending.signal, ...(after ? { after } : {}) })
    [Symbol.asyncIterator]();
  const end = (): void => ending.abort();
  return endable(async () => {
    const next = await events.next();
    if (!next.done) return next;
    end();
    return DONE;
  }, end);
}

async function checkKnown(feed: GraphQLContext['feed'], after: EventPosition): Promise<void> {
  if (after.txid > MAX_POSITION || after.seq > MAX_POSITION) {
    const message = 'This is no cursor that an event had.';
    throw new InvalidInputError({ code: 'INVALID_INPUT', message, path: ['after'] });
  }
  if (!(await feed.knows(after))) throw cursorUnknown();
}
