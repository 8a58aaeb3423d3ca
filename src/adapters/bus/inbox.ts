import type { Event } from '../../domain/event/event.ts';
import { FeedOverflow } from '../../usecases/ports/event-log.ts';

/** The live events that one subscriber has not taken yet: bounded, so that a slow one cannot fill the memory. */
export interface Inbox {
  push(event: Event): void;
  /** The next event; waits for one. Undefined when the inbox was closed. Throws FeedOverflow once it ran over. */
  take(): Promise<Event | undefined>;
  /** Drops what is in it. */
  close(): void;
  closed(): boolean;
}

/** @param onEnd called once, when the inbox is closed or has run over and wants no more events */
export function createInbox(capacity: number, onEnd: () => void): Inbox {
  let events: Event[] = [];
  let head = 0;
  let state: 'open' | 'overflowed' | 'closed' = 'open';
  let rise: () => void = () => undefined;

  const end = (next: 'overflowed' | 'closed'): void => {
    if (state === 'open') onEnd();
    state = next;
    events = [];
    head = 0;
    rise();
  };
  const idle = (): boolean => state === 'open' && events.length === 0;
  const shift = (): Event | undefined => {
    const event = events[head];
    if (event === undefined) return undefined;
    head += 1;
    if (head === events.length) {
      events = [];
      head = 0;
    }
    return event;
  };

  return {
    push: (event) => {
      if (state !== 'open') return;
      if (events.length - head >= capacity) return end('overflowed');
      events.push(event);
      rise();
    },
    take: async () => {
      while (idle()) await new Promise<void>((resolve) => (rise = resolve));
      if (state === 'overflowed')
        throw new FeedOverflow(`More than ${capacity} events were not taken in time`);
      return shift();
    },
    close: () => {
      if (state !== 'closed') end('closed');
    },
    closed: () => state === 'closed',
  };
}
