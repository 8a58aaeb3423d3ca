import type { Channel } from '../../domain/event/catalogue.ts';
import type { Event } from '../../domain/event/event.ts';
import type { MemberAccess } from '../../domain/event/routing.ts';

export interface DueDelivery {
  readonly id: string;
  readonly channel: Channel;
  /** An e-mail address, a phone number or a chat id. */
  readonly target: string;
  /** The person's language, BCP 47; for somebody without an account the one that the event names. */
  readonly locale: string;
  /** Attempts made before this one. */
  readonly attempts: number;
  readonly event: Event;
  /** Whose message it is; null for somebody without an account. */
  readonly userId: string | null;
  /** What that person may do in the merchant of the event by now; null for nothing. */
  readonly member: MemberAccess | null;
}

export interface DeliveryStore {
  /** The delivery if it is still to be sent. */
  due(deliveryId: string): Promise<DueDelivery | null>;
  sent(deliveryId: string, at: Date): Promise<void>;
  /** Gave up, with the reason. `unknown`: the connection died after sending; it is not repeated blindly. */
  ended(deliveryId: string, status: 'FAILED' | 'UNKNOWN', error: string): Promise<void>;
  /** Another attempt at `nextAttemptAt`; the job is moved in the same transaction. */
  retryAt(deliveryId: string, nextAttemptAt: Date, error: string): Promise<void>;
  /** The chat is gone (bot blocked, account deleted): its links end. */
  endChat(channel: Channel, target: string, at: Date): Promise<void>;
}
