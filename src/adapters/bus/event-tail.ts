import type { Event, EventPosition } from '../../domain/event/event.ts';
import type { EventLog, EventWatch } from '../../usecases/ports/event-log.ts';
import type { Logger } from '../../usecases/ports/logger.ts';

const BATCH = 500;

export interface EventTailOptions {
  readonly log: EventLog;
  readonly logger: Logger;
  readonly watch: EventWatch;
  /** Gets each batch in order. `position()` has moved behind it once this returns; nothing runs in between. */
  readonly onEvents: (events: readonly Event[]) => void;
}

export interface FollowedTail {
  /** Everything at or before it was handed to `onEvents`, or lay before the start. */
  position(): EventPosition;
  close(): Promise<void>;
}

/** Follows the log from its present end: the one reader of this process. Throws when that end cannot be read. */
export async function followTail({ log, logger, watch, onEvents }: EventTailOptions): Promise<FollowedTail> {
  const closing = new AbortController();
  let position = await log.end();

  /** One batch; whether there may be more at once, and whether events are held back. */
  const look = async (): Promise<{ more: boolean; heldBack: boolean }> => {
    const { events, heldBack } = await log.tail(position, BATCH);
    const last = events.at(-1);
    if (last !== undefined && !closing.signal.aborted) {
      onEvents(events);
      position = last.position;
    }
    return { more: events.length === BATCH, heldBack };
  };
  const follow = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      const { more, heldBack } = await look().catch((err: unknown) => {
        logger.warn({ err }, 'the events could not be read; trying again');
        return { more: false, heldBack: false };
      });
      if (!more) await watch.wait(heldBack, closing.signal);
    }
  };
  const following = follow();

  return {
    position: () => position,
    close: async () => {
      closing.abort();
      watch.close();
      await following;
    },
  };
}
