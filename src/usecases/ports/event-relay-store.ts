import type { EventCategory, EventSeverity } from '../../domain/event/catalogue.ts';
import type { AuditDraft } from '../../domain/event/audit.ts';
import type { EventPosition } from '../../domain/event/event.ts';
import type { Candidate, DeliveryDraft, Person } from '../../domain/event/routing.ts';

/** The people of a batch of events, loaded together. */
export interface People {
  /** Undefined when there is no such person any more. */
  user(userId: string): Person | undefined;
  members(merchantId: string): readonly Candidate[];
}

export interface NewNotification {
  readonly id: string;
  readonly eventId: string;
  readonly userId: string;
  readonly category: EventCategory;
  readonly severity: EventSeverity;
}

export interface NewDelivery extends DeliveryDraft {
  readonly id: string;
  readonly eventId: string;
}

export interface RelayStep {
  readonly from: EventPosition;
  readonly to: EventPosition;
  readonly notifications: readonly NewNotification[];
  readonly deliveries: readonly NewDelivery[];
  /** In the order of their events. */
  readonly audited: readonly AuditDraft[];
  readonly at: Date;
}

/** What the relay keeps: how far it has come, and what the events behind that place have made. */
export interface EventRelayStore {
  /** How far the relay has come; before every event at its very first start. */
  cursor(): Promise<EventPosition>;
  /** Three statements, however many ids are asked for. */
  people(userIds: readonly string[], merchantIds: readonly string[]): Promise<People>;
  /**
   * Moves the cursor and writes the rows, the next entries of the audit log and the deliveries' jobs, all or nothing. False, and nothing written, when
   * the cursor is no longer at `from`: another relay was faster. Rows that are there already stay as they are.
   * Throws RelayRowRefused when the data itself is at fault, so that trying again is no use.
   */
  advance(step: RelayStep): Promise<boolean>;
  /** Gives pending deliveries that were due before `dueBefore` and have lost their job a new one; returns how many. */
  requeueLost(dueBefore: Date): Promise<number>;
}

export class RelayRowRefused extends Error {
  override readonly name = 'RelayRowRefused';
}
