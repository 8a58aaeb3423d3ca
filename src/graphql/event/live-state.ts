import type { Actor } from '../../domain/access/actor.ts';
import type { Event, EventPosition } from '../../domain/event/event.ts';
import type { EventFilter } from '../../usecases/ports/event-log.ts';
import { DONE, endable } from './endable.ts';
import { guarded } from './guarded.ts';
import { latest } from './latest.ts';
import { eventsAfter, type LiveContext } from './live-events.ts';
import { notePosition } from './told-position.ts';

/** Something is to be read anew. What is read then holds everything up to the cursor, and perhaps more. */
export interface StateChange<At> {
  /** Whose state. */
  readonly at: At;
  readonly cursor: EventPosition;
  /** The last event that changed it; null at the beginning, and where the caller may not hear of it. */
  readonly event: Event | null;
}

export interface LiveStateOptions<At> {
  readonly at: At;
  /** The events that change it. */
  readonly filter: EventFilter;
  /** With a cursor it is told only when something happened behind it, else at once. */
  readonly after: EventPosition | null | undefined;
  /** Milliseconds from one telling to the next, at least. */
  readonly gapMs: number;
  readonly mayFollow: (actor: Actor) => boolean;
  readonly mayHear: (event: Event, actor: Actor) => boolean;
}

/**
 * For a subscription that tells how something stands instead of what happened: at once, and after changes. However many
 * events come, it is read a bounded number of times, and the last of them is never passed over.
 */
export async function liveState<At>(
  context: LiveContext,
  { at, filter, after, gapMs, mayFollow, mayHear }: LiveStateOptions<At>,
): Promise<AsyncIterableIterator<StateChange<At>>> {
  // Taken before anything is read: what happens from here on is told by an event.
  const from = after ?? context.feed.position();
  const events = await eventsAfter(context.feed, filter, from);
  const changes = latest(changesOf(events, after ? null : { cursor: from, event: null }), gapMs);
  return guarded(context, changes, {
    mayFollow,
    told: ({ cursor, event }, actor) => {
      notePosition(context, cursor);
      return { at, cursor, event: event && mayHear(event, actor) ? event : null };
    },
  });
}

type Change = Pick<StateChange<unknown>, 'cursor' | 'event'>;

function changesOf(
  events: AsyncIterableIterator<Event>,
  first: Change | null,
): AsyncIterableIterator<Change> {
  let beginning = first;
  const next = async (): Promise<IteratorResult<Change, undefined>> => {
    if (beginning !== null) {
      const value = beginning;
      beginning = null;
      return { done: false, value };
    }
    const event = await events.next();
    return event.done ? DONE : { done: false, value: { cursor: event.value.position, event: event.value } };
  };
  return endable(next, () => events.return?.());
}
