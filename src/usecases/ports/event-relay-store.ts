import type { EventCategory, EventSeverity } from '../../domain/event/event-row.ts';
import type { AuditDraft } from '../../domain/event/audit.ts';
import type { EventPosition } from '../../domain/event/event.ts';
import type { Candidate, DeliveryDraft, Person } from '../../domain/event/routing.ts';
import type { DigestWindow } from '../../domain/notification/timing.ts';
import type { ListeningEndpoint } from '../../domain/webhook/webhook-endpoint.ts';

/** The people and endpoints of a batch of events, loaded together. */
export interface Listeners {
  /** Undefined when there is no such person any more. */
  user(userId: string): Person | undefined;
  members(merchantId: string): readonly Candidate[];
  /** Those who are not disabled; none unless they were wanted. */
  operators(): readonly Candidate[];
  /** Those that are enabled. */
  endpoints(projectId: string): readonly ListeningEndpoint[];
}

/** Whose people and endpoints are wanted. */
export interface ListenersWanted {
  readonly userIds: readonly string[];
  readonly merchantIds: readonly string[];
  readonly operators: boolean;
  readonly projectIds: readonly string[];
}

export interface NewNotification {
  readonly id: string;
  readonly eventId: string;
  readonly userId: string;
  readonly category: EventCategory;
  readonly severity: EventSeverity;
}

export interface NewDelivery extends Omit<DeliveryDraft, 'settings'> {
  readonly id: string;
  readonly eventId: string;
  readonly sendAt: Date;
  /** Set where it may become part of one message with others of the same key. */
  readonly digestKey: string | null;
}

export interface RelayStep {
  readonly from: EventPosition;
  readonly to: EventPosition;
  readonly notifications: readonly NewNotification[];
  readonly deliveries: readonly NewDelivery[];
  /** Those that the messages open. */
  readonly windows: readonly DigestWindow[];
  /** In the order of their events. */
  readonly audited: readonly AuditDraft[];
  readonly at: Date;
}

/** What the relay keeps: how far it has come, and what the events behind that place have made. */
export interface EventRelayStore {
  /** How far the relay has come; before every event at its very first start. */
  cursor(): Promise<EventPosition>;
  /** A handful of statements, however many ids are asked for. */
  listeners(wanted: ListenersWanted): Promise<Listeners>;
  /** The digest windows of these places that are open at that time. */
  openWindows(
    places: readonly Pick<DigestWindow, 'channel' | 'target'>[],
    at: Date,
  ): Promise<readonly DigestWindow[]>;
  /**
   * Moves the cursor and writes the rows, the next entries of the audit log and the deliveries' jobs, all or nothing,
   * and tells the people's notification centres. False, and nothing written, when the cursor is no longer at `from`:
   * another relay was faster. Rows that are there already stay as they are.
   * Throws RelayRowRefused when the data itself is at fault, so that trying again is no use.
   */
  advance(step: RelayStep): Promise<boolean>;
  /** Gives pending deliveries that were due before `dueBefore` and have lost their job a new one; returns how many. */
  requeueLost(dueBefore: Date): Promise<number>;
}

export class RelayRowRefused extends Error {
  override readonly name = 'RelayRowRefused';
}
