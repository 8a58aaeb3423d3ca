import type { NewEvent } from '../../domain/event/event.ts';

export interface NewAccount {
  readonly user: { id: string; email: string; emailKey: string; passwordHash: string; locale: string };
  readonly merchant: { id: string; name: string };
  readonly memberId: string;
  readonly token: NewConfirmation;
  readonly at: Date;
}

/** A link that confirms an e-mail address, and the password chosen with it. */
export interface NewConfirmation {
  readonly id: string;
  readonly hash: Uint8Array;
  readonly passwordHash: string;
  readonly expiresAt: Date;
}

export interface UserCredentials {
  readonly userId: string;
  readonly email: string;
  readonly passwordHash: string;
  readonly emailConfirmed: boolean;
}

/** People and their merchants. Each method is one atomic write or one read. */
export interface AccountStore {
  /** Person, merchant and owner; 'email_taken' when the address has an account. Writes the event with it. */
  createAccount(account: NewAccount, event: NewEvent): Promise<'created' | 'email_taken'>;
  /** Another link for a person who has not confirmed yet. */
  addConfirmation(userId: string, token: NewConfirmation, at: Date, event: NewEvent): Promise<void>;
  credentialsOf(emailKey: string): Promise<UserCredentials | null>;
  appendEvent(event: NewEvent): Promise<void>;
  /**
   * What a link would confirm, and the password that was chosen with it; null when the link is unknown, used or expired
   * at `at`, or the person has confirmed by another one. Does not use it.
   */
  confirmationOf(
    tokenHash: Uint8Array,
    at: Date,
  ): Promise<{ readonly tokenId: string; readonly passwordHash: string | null } | null>;
  /**
   * Uses the token once: null when it is unknown, used or expired at `at`. Returns the confirmed person's id.
   * The password chosen with this link becomes the person's: whoever signed up with a stranger's address cannot
   * keep a password in the account that the owner of the address confirms.
   */
  confirmEmail(
    tokenHash: Uint8Array,
    at: Date,
    eventFor: (userId: string) => NewEvent,
  ): Promise<string | null>;
}
