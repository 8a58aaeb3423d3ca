import type { EventPosition } from '../../domain/event/event.ts';

const positions = new WeakMap<object, EventPosition>();

/** Notes how far the subscription with this context has told: the result that comes next is of this place. */
export const notePosition = (context: object, position: EventPosition): void =>
  void positions.set(context, position);

/** The place of the last result; null where nothing was told yet. Read it before the next result is asked for. */
export const toldPosition = (context: object): EventPosition | null => positions.get(context) ?? null;
