import type { OperatorRole } from '../../domain/access/rights.ts';
import type { PersonalChannel } from '../../domain/event/event-row.ts';
import type { Event, NewEvent } from '../../domain/event/event.ts';
import type { MemberAccess } from '../../domain/event/routing.ts';
import type { Digest } from '../../domain/notification/digest.ts';

/** A message to a person, or to an address or number that an event names. */
export interface DueDelivery {
  readonly id: string;
  readonly channel: PersonalChannel;
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
  /** Of a person who runs the gateway; null for anybody else. */
  readonly operator: OperatorRole | null;
  /** Whether it goes to a chat that is not connected to this any more. */
  readonly isDisconnected: boolean;
  /** Whether others may become part of its message. */
  readonly isCollecting: boolean;
  /** When its next attempt is to be made. */
  readonly dueAt: Date;
}

export interface AddressBounce {
  readonly address: string;
  readonly at: Date;
  /** What the server said. */
  readonly reason: string;
}

export interface DeliveryStore {
  /**
   * The delivery if it is still to be sent, and not as a part of another one's message. Never one to an endpoint. Of a
   * chat, whose messages keep their order, the one that is to be sent next.
   */
  due(deliveryId: string, at: Date): Promise<DueDelivery | null>;
  /**
   * Makes those that wait for the same message until `at` parts of it, the first time; a message that is tried again is
   * the same. Gives what they come to with the delivery itself, or says that it stands alone, or that another one has
   * taken it as a part meanwhile, so that it is not to be sent.
   */
  collect(deliveryId: string, at: Date): Promise<Digest | 'alone' | 'taken'>;
  /** With all parts of its message. */
  sent(deliveryId: string, at: Date): Promise<void>;
  /** Gave up, with the reason, all parts too. `UNKNOWN`: the connection died after sending; it is not repeated blindly. */
  ended(deliveryId: string, status: 'FAILED' | 'UNKNOWN', error: string): Promise<void>;
  /** Another attempt at `nextAttemptAt`; the job is moved in the same transaction. */
  retryAt(deliveryId: string, nextAttemptAt: Date, error: string): Promise<void>;
  /** As `retryAt`, because the other side asked for time: no further attempt is counted. */
  waitUntil(deliveryId: string, until: Date, error: string): Promise<void>;
  /** Looks at the chat of the delivery again at that time. */
  lookAgain(deliveryId: string, at: Date): Promise<void>;
  /** Has another job send what is left for the chat of the delivery. */
  goOn(deliveryId: string): Promise<void>;
  /**
   * The mail server refuses the address for good. Marks it and writes the event, if it is still a person's and was not
   * marked; gives whether it did. The mark goes when a mail arrives, or the person proves the address anew.
   */
  addressBounced(bounce: AddressBounce, eventFor: (userId: string) => NewEvent): Promise<boolean>;
}
