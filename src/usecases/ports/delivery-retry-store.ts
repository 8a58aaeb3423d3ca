import type { Hearing } from '../../domain/notification/hearing.ts';

/** A delivery that a person wants to have sent again. */
export interface RetryCandidate {
  readonly status: 'PENDING' | 'SENT' | 'FAILED' | 'UNKNOWN';
  /** Whether the address, number or chat is the person's by now, or stands in the event itself. */
  readonly isReachable: boolean;
  /** Whether the link or code in it opens nothing any more, or what it asks for is over. */
  readonly isOver: boolean;
}

/** Deliveries that are sent again by hand (FEATURES N8). */
export interface DeliveryRetryStore {
  /** Null when it is no message to the person, or about what the person may not hear of any more. */
  candidate(hearing: Hearing, deliveryId: string, at: Date): Promise<RetryCandidate | null>;
  /**
   * Sends it again at `at`, with all that was one message with it; the schedule of attempts begins anew. With its jobs,
   * in one statement. False when it is not FAILED or UNKNOWN any more.
   */
  retry(deliveryId: string, at: Date): Promise<boolean>;
}
