import type { Mode } from '../../domain/access/actor.ts';
import type { EventPosition } from '../../domain/event/event.ts';

/** A day (UTC) of a project in one mode whose figures are no longer true. */
export interface DueDay {
  readonly projectId: string;
  readonly mode: Mode;
  /** As YYYY-MM-DD. */
  readonly day: string;
  /** Tells this marking from a later one. */
  readonly markedBy: string;
}

/** The figures of invoices by day, and which of them are to be counted again (docs/decisions/0029). */
export interface InvoiceDayStore {
  /** How far the events have been read; before all of them when it was never said. */
  cursor(): Promise<EventPosition>;
  /**
   * Marks the days on which these invoices were created and moves the cursor, all or nothing. False, and nothing
   * written, when the cursor is no longer at `from`: another process was faster.
   */
  mark(from: EventPosition, to: EventPosition, invoiceIds: readonly string[]): Promise<boolean>;
  /** At most `limit` of the marked days. */
  due(limit: number): Promise<DueDay[]>;
  /** Counts the day and takes the mark off; false, and nothing written, when it was marked again meanwhile. */
  count(day: DueDay): Promise<boolean>;
}
