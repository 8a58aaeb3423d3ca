import type { Membership } from '../../domain/access/actor.ts';
import type { OperatorRole } from '../../domain/access/rights.ts';
import type { NewEvent } from '../../domain/event/event.ts';

export interface NewSession {
  readonly id: string;
  readonly userId: string;
  readonly tokenHash: Uint8Array;
  readonly ip: string;
  readonly userAgent: string;
  /** The user agent in words. */
  readonly device: string;
  /** When a second factor was given with the password. */
  readonly secondFactorAt: Date | null;
  readonly at: Date;
}

export interface LiveSession {
  readonly sessionId: string;
  readonly userId: string;
  readonly createdAt: Date;
  readonly activeAt: Date;
  /** Whether the person has set a PIN. */
  readonly hasPin: boolean;
  readonly secondFactorAt: Date | null;
  readonly steppedUpAt: Date | null;
  /** Those that are not disabled, in merchants that are not closed. */
  readonly memberships: readonly Membership[];
  /** Null for everybody who is no operator, or not any more. */
  readonly operatorRole: OperatorRole | null;
}

/** A sign-in, as its person is shown it. */
export interface SignIn {
  readonly sessionId: string;
  readonly createdAt: Date;
  readonly activeAt: Date;
  readonly ip: string;
  /** The user agent in words. */
  readonly device: string;
  readonly hasPin: boolean;
  readonly endedAt: Date | null;
  readonly disownedAt: Date | null;
}

/** Sessions of signed-in people. Each method is one atomic write or one read. */
export interface SessionStore {
  createSession(session: NewSession, event: NewEvent): Promise<void>;
  /** The session of a token unless it was ended. */
  sessionOf(tokenHash: Uint8Array): Promise<LiveSession | null>;
  /** Whether the session is live still, with its person's present memberships; null when it is not. */
  sessionById(sessionId: string): Promise<LiveSession | null>;
  /** Notes what a person did, to the minute: writes at most once in `SESSION_TOUCH_MS`, and never backwards. */
  touchSession(sessionId: string, at: Date): Promise<void>;
  /** Ends a session of the person; false when it is not theirs or had ended before. The event is written with it. */
  endSession(session: { sessionId: string; userId: string }, at: Date, event: NewEvent): Promise<boolean>;
  /** Ends all sessions of the person but one, each with its event; gives how many were still of use. */
  endOtherSessions(
    session: { sessionId: string; userId: string },
    at: Date,
    eventFor: (sessionId: string) => NewEvent,
  ): Promise<number>;
  /** The person's sign-ins, the latest first; only one where its session is named. */
  signIns(userId: string, which: { readonly limit: number; readonly sessionId?: string }): Promise<SignIn[]>;
  /**
   * The person says that a session was somebody else's: marks it, ends it where it was not over, and holds payouts
   * back, with the events for what it was. Once: `disowned_before` and nothing written after that.
   */
  disownSession(
    session: { readonly sessionId: string; readonly userId: string; readonly at: Date },
    eventsFor: (signIn: SignIn) => readonly NewEvent[],
  ): Promise<'disowned' | 'disowned_before' | 'unknown'>;
}
