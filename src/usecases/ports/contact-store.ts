import type { NewEvent } from '../../domain/event/event.ts';

interface ContactChange {
  readonly userId: string;
  /** Must not have ended meanwhile: a reset of the password may end it between code and change. */
  readonly sessionId: string;
  readonly at: Date;
}

/** E-mail addresses and phone numbers of people. Each method is one atomic write or one read. */
export interface ContactStore {
  contactOf(userId: string): Promise<{ readonly email: string; readonly phone: string | null } | null>;
  /**
   * Ends all other sessions, voids every link and code that was sent before, and holds payouts back. 'taken' when the
   * address has another account, 'session_over' when the session ended meanwhile; nothing is written then.
   */
  changeEmail(
    change: ContactChange & { readonly email: string; readonly emailKey: string },
    eventsFor: (outcome: {
      readonly oldEmail: string;
      readonly endedSessions: readonly string[];
    }) => readonly NewEvent[],
  ): Promise<'changed' | 'taken' | 'session_over'>;
  /** Voids the codes that were sent before, and holds payouts back. */
  changePhone(
    change: ContactChange & { readonly phone: string },
    events: readonly NewEvent[],
  ): Promise<'changed' | 'session_over'>;
}
