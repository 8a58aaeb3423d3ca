import type { Event, EventPosition } from '../../domain/event/event.ts';
import type { EventFilter } from '../../usecases/ports/event-log.ts';
import type { GraphQLContext } from '../core/context.ts';
import { forbidden, InvalidInputError } from '../core/errors.ts';

/** What a PostgreSQL bigint holds. */
const MAX_POSITION = 2n ** 63n - 1n;

/**
 * The events of a subscription. Rights are asked again before each event (RULES 14): when they are gone the stream
 * ends with FORBIDDEN. Returning the iterator ends the feed at once, also while it waits.
 */
export function liveEvents(
  { feed, stillAllowed }: Pick<GraphQLContext, 'feed' | 'stillAllowed'>,
  filter: EventFilter,
  after: EventPosition | null | undefined,
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
      const next = await events.next();
      if (next.done) return end();
      if (!(await stillAllowed())) {
        end();
        throw forbidden('The right to follow these events is gone.');
      }
      return next;
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
