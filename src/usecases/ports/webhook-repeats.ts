import type { EventType } from '../../domain/event/catalogue.ts';
import type { EventPosition, NewEvent } from '../../domain/event/event.ts';

/** Events of one project and mode that an endpoint is sent again. Tests of endpoints are none of them. */
export interface ReplayedEvents {
  readonly merchantId: string;
  readonly projectId: string;
  readonly mode: 'TEST' | 'LIVE';
  readonly types: readonly EventType[];
  readonly since: Date;
}

/** Where in the log a replay goes on: behind `from`, up to `to`. */
export interface ReplayRange {
  readonly from: EventPosition;
  readonly to: EventPosition;
}

/** What the job of a replay carries from page to page. */
export interface ReplayJob extends ReplayRange {
  /** Id of the event that tells of the replay. */
  readonly replayId: string;
  readonly endpointId: string;
  readonly since: Date;
}

/** Sends once more what was sent, or should have been. Each method is one atomic write or one read. */
export interface WebhookRepeats {
  /** The delivery to an endpoint that is not deleted, whatever became of it. */
  delivery(
    deliveryId: string,
  ): Promise<{ readonly endpointId: string; readonly eventId: string; readonly eventType: EventType } | null>;
  /**
   * Makes the delivery wait again, due at once, with its payload and as if no attempt had been made. False when the
   * endpoint is not enabled.
   */
  redeliver(deliveryId: string, event: NewEvent): Promise<boolean>;
  /** How many such events there are and where, or 'too_many' when there are more than `most`; null for none. */
  survey(
    events: ReplayedEvents,
    most: number,
  ): Promise<({ readonly count: number } & ReplayRange) | 'too_many' | null>;
  /** Tells of the replay and queues its job; false when the endpoint is not enabled. */
  begin(job: ReplayJob, event: NewEvent): Promise<boolean>;
  /**
   * One page of a replay with the job of the next one: what is missing is made, what is there waits again. It may be
   * killed and repeated. Gives how many events it had; none when the endpoint is not enabled any more.
   */
  page(job: ReplayJob, events: ReplayedEvents, at: Date): Promise<number>;
}
