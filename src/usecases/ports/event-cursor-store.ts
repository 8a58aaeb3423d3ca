import type { EventPosition } from '../../domain/event/event.ts';

/** How far a reader of the whole log has come. */
export interface EventCursorStore {
  /** Before all events when it was never said. */
  read(): Promise<EventPosition>;
  /** False when it is no longer at `from`: another process was faster. */
  move(from: EventPosition, to: EventPosition): Promise<boolean>;
}
