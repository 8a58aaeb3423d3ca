import type { EventType } from '../../domain/event/catalogue.ts';
import type { Event, EventPosition } from '../../domain/event/event.ts';

export interface EventFilter {
  readonly merchantId?: string;
  readonly projectId?: string;
  readonly mode?: 'TEST' | 'LIVE';
  /** With `mode`: also what has none, such as a change of the merchant itself. */
  readonly orWithoutMode?: true;
  readonly subjectId?: string;
  /** Any of these. */
  readonly types?: ReadonlySet<EventType>;
}

/** One look at the end of the log. */
export interface EventTail {
  readonly events: readonly Event[];
  /** Committed events wait for an older transaction that is still running: look again soon, nobody will announce it. */
  readonly heldBack: boolean;
}

/** The committed events in (txid, seq) order, below the horizon of running transactions (DESIGN §6, RULES 10). */
export interface EventLog {
  /** Events after a position, at most `limit`; those of running transactions and what follows them are not shown. */
  after(position: EventPosition, limit: number, filter?: EventFilter): Promise<Event[]>;
  /** As `after`, for those who follow the whole log and want to know when to look again. */
  tail(position: EventPosition, limit: number): Promise<EventTail>;
  /** A place behind every event that can be read now, and before every event that can only be read later. */
  end(): Promise<EventPosition>;
  /** Whether something may stand there already: a position of the future was given by another database. */
  knows(position: EventPosition): Promise<boolean>;
}

/** The live stream of events in one process. */
export interface EventFeed {
  /**
   * Events after `position` (from the table), then live, in order, without gap or double, until the signal aborts.
   * Without a position: from now on. Throws FeedOverflow when the consumer is too slow.
   */
  subscribe(options: {
    readonly after?: EventPosition;
    readonly filter: EventFilter;
    readonly signal: AbortSignal;
  }): AsyncIterable<Event>;
  /** What this process has handed on lies at or before it, and all that comes behind it. */
  position(): EventPosition;
  /** As `EventLog.knows`, without a question to the database for what this process has passed. */
  knows(position: EventPosition): Promise<boolean>;
  /** Says that this process has just committed an event: its readers look at once. Never awaited by a writer. */
  poke(): void;
}

/** Tells those who follow the log when to look again. */
export interface EventSignal {
  watch(): EventWatch;
}

export interface EventWatch {
  /**
   * Resolves when events were announced since the last call, when the signal aborts, or after a pause: a short one
   * that grows while events are held back, else a long one for what a crash left unannounced.
   */
  wait(heldBack: boolean, signal: AbortSignal): Promise<void>;
  close(): void;
}

export class FeedOverflow extends Error {
  override readonly name = 'FeedOverflow';
}
