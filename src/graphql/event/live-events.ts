import { may, type Place, type Right } from '../../domain/access/rights.ts';
import type { Event, EventPosition } from '../../domain/event/event.ts';
import { rightToHear } from '../../domain/event/routing.ts';
import type { EventFilter } from '../../usecases/ports/event-log.ts';
import type { GraphQLContext } from '../core/context.ts';
import { forbidden, InvalidInputError } from '../core/errors.ts';

/** What a PostgreSQL bigint holds. */
const MAX_POSITION = 2n ** 63n - 1n;

export interface LiveEventsOptions {
  readonly filter: EventFilter;
  readonly after: EventPosition | null | undefined;
  /** What the caller must be allowed to go on, and where. */
  readonly right: Right;
  readonly place: Place;
}

/**
 * The events of a subscription. The caller is looked up again before each event (RULES 14): when the right is gone the
 * stream ends with FORBIDDEN and a socket closes; an event of a kind that the caller may not hear of is left out.
 * Returning the iterator ends the feed at once, also while it waits.
 */
export function liveEvents(
  {
    feed,
    currentActor,
    refuseConnection,
  }: Pick<GraphQLContext, 'feed' | 'currentActor' | 'refuseConnection'>,
  { filter, after, right, place }: LiveEventsOptions,
): AsyncIterableIterator<Event> {
  if (after && (after.txid > MAX_POSITION || after.seq > MAX_POSITION)) {
    const message = 'This is no cursor that an event had.';
    throw new InvalidInputError({ code: 'INVALID_INPUT', message, path: ['after'] });
  }
  const ending = new AbortController();
  const events = feed
    .subscribe({ filter, signal: ending.signal, ...(after ? { after } : {}) })
    [Symbol.asyncIterator]();
  const end = (): IteratorReturnResult<undefined> => {
    ending.abort();
    return { done: true, value: undefined };
  };

  return {
    async next() {
      for (;;) {
        const next = await events.next();
        if (next.done) return end();
        const actor = await currentActor();
        if (!actor || !may(actor, right, place)) {
          end();
          refuseConnection();
          throw forbidden('The right to follow these events is gone.');
        }
        if (may(actor, rightToHear(next.value.type), place)) return next;
      }
    },
    async return() {
      return end();
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** The events that pass, in order. */
export function filtered<T>(
  source: AsyncIterableIterator<T>,
  passes: (item: T) => boolean,
): AsyncIterableIterator<T> {
  return {
    async next() {
      for (;;) {
        const next = await source.next();
        if (next.done || passes(next.value)) return next;
      }
    },
    async return() {
      return (await source.return?.()) ?? { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
