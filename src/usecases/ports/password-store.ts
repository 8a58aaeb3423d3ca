import type { NewEvent } from '../../domain/event/event.ts';

/** A person as far as a new password must differ from what a stranger would guess. */
export interface PasswordOwner {
  readonly userId: string;
  readonly email: string;
  /** The names of the person's merchants. */
  readonly merchantNames: readonly string[];
  readonly passwordHash: string;
}

/** A link that sets a new password. Without a person it opens nothing and only makes both answers cost the same. */
export interface NewPasswordReset {
  readonly id: string;
  readonly userId: string | null;
  readonly hash: Uint8Array;
  readonly at: Date;
  readonly expiresAt: Date;
}

/** What came of a reset. */
export interface PasswordResetOutcome {
  readonly userId: string;
  /** Whether the link proved the address for the first time. */
  readonly emailConfirmed: boolean;
  readonly endedSessions: readonly string[];
}

/**
 * Passwords of people. Each method is one atomic write or one read. A new password voids every link and code that was
 * sent to the person before, ends sessions and holds payouts back (FEATURES A4, A11).
 */
export interface PasswordStore {
  ownerOf(userId: string): Promise<PasswordOwner | null>;
  createReset(reset: NewPasswordReset, events: readonly NewEvent[]): Promise<void>;
  /** Whose password the link sets; null when it is unknown, used or expired at `at`. Does not use it. */
  ownerOfReset(tokenHash: Uint8Array, at: Date): Promise<PasswordOwner | null>;
  /** Uses the link once and ends all sessions; false when it is unknown, used or expired at `at`. */
  resetPassword(
    reset: { readonly tokenHash: Uint8Array; readonly passwordHash: string; readonly at: Date },
    eventsFor: (outcome: PasswordResetOutcome) => readonly NewEvent[],
  ): Promise<boolean>;
  /** Ends all sessions but this one; null when the password is not `expectedHash` any more, else the ended ones. */
  changePassword(
    change: {
      readonly userId: string;
      readonly sessionId: string;
      readonly expectedHash: string;
      readonly passwordHash: string;
      readonly at: Date;
    },
    eventsFor: (endedSessions: readonly string[]) => readonly NewEvent[],
  ): Promise<readonly string[] | null>;
  /** Another hash of the same password; nothing when the password is not `expectedHash` any more. */
  replaceHash(userId: string, expectedHash: string, passwordHash: string): Promise<void>;
}
