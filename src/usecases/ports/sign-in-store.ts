import type { NewEvent } from '../../domain/event/event.ts';
import type { UserCredentials } from './account-store.ts';
import type { NewSession } from './session-store.ts';

export interface SignInCredentials extends UserCredentials {
  /** The sealed secret of the authenticator; null while signing in asks for none. */
  readonly sealedTotp: Uint8Array | null;
}

/** Signing in and proving anew to be there. Each method is one atomic write or one read. */
export interface SignInStore {
  credentialsOf(emailKey: string): Promise<SignInCredentials | null>;
  /** The network addresses from which the person signed in after `since`; none for an unknown one. */
  addressesOf(emailKey: string, since: Date): Promise<readonly string[]>;
  /**
   * Opens a session for what was verified: false when the person has another password by now, or an authenticator
   * without a second factor in the session. A password that is being replaced opens nothing any more.
   */
  openSession(session: NewSession, passwordHash: string, event: NewEvent): Promise<boolean>;
  /**
   * The person proved to be there: the session gets another token, and a mark of the second factor where one was
   * given. False when the session has ended.
   */
  stepUp(proven: SteppedUp, event: NewEvent): Promise<boolean>;
}

export interface SteppedUp {
  readonly sessionId: string;
  readonly tokenHash: Uint8Array;
  readonly withSecondFactor: boolean;
  readonly at: Date;
}
