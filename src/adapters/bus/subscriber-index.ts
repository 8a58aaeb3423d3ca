import type { Event } from '../../domain/event/event.ts';
import type { EventFilter } from '../../usecases/ports/event-log.ts';

export interface Subscriber {
  readonly filter: EventFilter;
  receive(event: Event): void;
  /** The feed ends. */
  end(): void;
}

export interface SubscriberIndex {
  add(subscriber: Subscriber): void;
  remove(subscriber: Subscriber): void;
  /** Hands the event to those whose filter it matches; returns to how many. */
  dispatch(event: Event): number;
  /** Ends every subscriber; each removes itself. */
  endAll(): void;
  size(): number;
}

const EVERYTHING = 'everything';

/** Subscribers by the narrowest thing they ask for, so that an event costs as many steps as it has listeners. */
export function createSubscriberIndex(): SubscriberIndex {
  const shelves = new Map<string, Set<Subscriber>>();
  let size = 0;

  return {
    add: (subscriber) => {
      const shelf = shelfOf(subscriber.filter);
      const subscribers = shelves.get(shelf) ?? new Set();
      subscribers.add(subscriber);
      shelves.set(shelf, subscribers);
      size += 1;
    },
    remove: (subscriber) => {
      const shelf = shelfOf(subscriber.filter);
      const subscribers = shelves.get(shelf);
      if (subscribers?.delete(subscriber) !== true) return;
      if (subscribers.size === 0) shelves.delete(shelf);
      size -= 1;
    },
    dispatch: (event) => {
      let handed = 0;
      for (const shelf of shelvesOf(event)) {
        for (const subscriber of shelves.get(shelf) ?? []) {
          if (!matches(subscriber.filter, event)) continue;
          subscriber.receive(event);
          handed += 1;
        }
      }
      return handed;
    },
    endAll: () => {
      for (const shelf of shelves.values()) for (const subscriber of shelf) subscriber.end();
    },
    size: () => size,
  };
}

function shelfOf(filter: EventFilter): string {
  if (filter.subjectId !== undefined) return `subject ${filter.subjectId}`;
  if (filter.projectId !== undefined) return `project ${filter.projectId}`;
  if (filter.merchantId !== undefined) return `merchant ${filter.merchantId}`;
  return EVERYTHING;
}

const shelvesOf = (event: Event): readonly string[] => [
  `subject ${event.subject.id}`,
  `project ${event.projectId}`,
  `merchant ${event.merchantId}`,
  EVERYTHING,
];

const matches = (filter: EventFilter, event: Event): boolean =>
  (filter.subjectId === undefined || filter.subjectId === event.subject.id) &&
  (filter.projectId === undefined || filter.projectId === event.projectId) &&
  (filter.merchantId === undefined || filter.merchantId === event.merchantId) &&
  (filter.mode === undefined ||
    filter.mode === event.mode ||
    (filter.orWithoutMode === true && event.mode === null)) &&
  (filter.types?.has(event.type) ?? true);
