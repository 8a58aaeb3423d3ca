import type { NewEvent } from '../../domain/event/event.ts';

/** A link by which a person who lost the authenticator asks the operator. */
export interface NewResetLink {
  readonly id: string;
  /** Null for whoever is sent nothing: the row only makes both answers cost the same. */
  readonly userId: string | null;
  readonly tokenHash: Uint8Array;
  readonly at: Date;
  readonly expiresAt: Date;
}

export type ResetFiling =
  | { readonly outcome: 'filed'; readonly userId: string }
  /** The link is unknown, used or too old, or there is no authenticator any more. */
  | { readonly outcome: 'invalid_token' }
  /** A request waits already; the link stays unused. */
  | { readonly outcome: 'pending' };

export interface ResetDecision {
  readonly requestId: string;
  readonly decision: 'APPROVED' | 'REJECTED';
  readonly answer: string;
  readonly operatorId: string;
  /** Whether the one who decides may manage operators. */
  readonly managesOperators: boolean;
  readonly at: Date;
}

/** Requests to take a lost authenticator off (FEATURES A6). Each method is one atomic write. */
export interface TwoFactorResetStore {
  /** `event` only where a mail is to be sent. */
  addLink(link: NewResetLink, event: NewEvent | null): Promise<void>;
  fileRequest(
    request: {
      readonly id: string;
      readonly tokenHash: Uint8Array;
      readonly reason: string;
      readonly at: Date;
    },
    eventFor: (userId: string) => NewEvent,
  ): Promise<ResetFiling>;
  /**
   * Decides a pending request, once. Approval takes authenticator and recovery codes off, ends every session of the
   * person and holds payouts. Operators do not decide on themselves ('own'), on another operator only who manages them
   * ('of_operator'), and an authenticator that was set up after the request is not taken off by it ('moot').
   */
  decide(
    decision: ResetDecision,
    eventsFor: (userId: string, endedSessions: readonly string[]) => readonly NewEvent[],
  ): Promise<'decided' | 'not_found' | 'not_pending' | 'own' | 'of_operator' | 'moot'>;
}
