import type { NewEvent } from '../../domain/event/event.ts';

/** By what a person can prove in a chat to be the one. */
export interface ChatProofs {
  /** argon2id; null for none. */
  readonly pinHash: string | null;
  /** Whether an authenticator is switched on. */
  readonly hasSecondFactor: boolean;
}

/** Proofs of people who decide on payouts in a chat. */
export interface PayoutProofs {
  /** Null when there is no such person. */
  of(userId: string): Promise<ChatProofs | null>;
  /** Writes down that a PIN was wrong. */
  refused(event: NewEvent): Promise<void>;
}
