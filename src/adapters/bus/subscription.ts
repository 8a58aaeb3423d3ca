import { isAfter, type Event, type EventPosition } from '../../domain/event/event.ts';
import type { EventFilter, EventLog } from '../../usecases/ports/event-log.ts';
import { createInbox } from './inbox.ts';
import type { Subscriber, SubscriberIndex } from './subscriber-index.ts';

const REPLAY_PAGE = 500;

export interface Subscription {
  readonly log: EventLog;
  readonly index: SubscriberIndex;
  readonly capacity: number;
  /** Up to here the subscriber reads the table; what comes behind reaches the inbox. */
  readonly live: EventPosition;
  /** The consumer has everything up to here. May be ahead of `live` when another process told it. */
  readonly from: EventPosition;
  readonly filter: EventFilter;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/**
 * The subscriber is registered in the same step in which the place of the tail is read. So each event is either at or
 * before that place, and in the table, or behind it, and in the inbox: no gap and no double.
 */
export function subscribe(subscription: Subscription): AsyncIterableIterator<Event> {
  const { index, filter, from, capacity, signal } = subscription;
  const inbox = createInbox(capacity, () => {
    index.remove(subscriber);
    signal.removeEventListener('abort', close);
  });
  const close = (): void => inbox.close();
  const subscriber: Subscriber = {
    filter,
    receive: (event) => {
      if (isAfter(event.position, from)) inbox.push(event);
    },
    end: close,
  };
  index.add(subscriber);
  signal.addEventListener('abort', close, { once: true });
  if (signal.aborted) close();

  async function* read(): AsyncGenerator<Event, void> {
    try {
      for await (const event of replay(subscription)) {
        if (inbox.closed()) return;
        yield event;
      }
      for (let event = await inbox.take(); event !== undefined; event = await inbox.take()) yield event;
    } finally {
      close();
    }
  }
  const events = read();
  const iterator: AsyncIterableIterator<Event> = {
    [Symbol.asyncIterator]: () => iterator,
    next: () => events.next(),
    // A generator that waits for an event does not hear of a return; the closed inbox ends its wait.
    return: () => {
      close();
      return events.return();
    },
  };
  return iterator;
}

/** What the table holds between the two places. */
async function* replay({ log, from, live, filter }: Subscription): AsyncGenerator<Event, void> {
  let position = from;
  while (isAfter(live, position)) {
    const page = await log.after(position, REPLAY_PAGE, filter);
    for (const event of page) {
      if (isAfter(event.position, live)) return;
      yield event;
    }
    const last = page.at(-1);
    if (last === undefined || page.length < REPLAY_PAGE) return;
    position = last.position;
  }
}
