import type { Membership } from '../../domain/access/actor.ts';
import type { NewEvent } from '../../domain/event/event.ts';

export interface NewSession {
  readonly id: string;
  readonly userId: string;
  readonly tokenHash: Uint8Array;
  readonly ip: string;
  readonly userAgent: string;
  readonly at: Date;
}

export interface LiveSession {
  readonly sessionId: string;
  readonly userId: string;
  readonly activeAt: Date;
  readonly memberships: readonly Membership[];
}

/** Sessions of signed-in people. Each method is one atomic write or one read. */
export interface SessionStore {
  createSession(session: NewSession, event: NewEvent): Promise<void>;
  /** The session of a token unless it was ended. */
  sessionOf(tokenHash: Uint8Array): Promise<LiveSession | null>;
  /** Whether the session is live still, with its person's present memberships; null when it is not. */
  sessionById(sessionId: string): Promise<LiveSession | null>;
  touchSession(sessionId: string, at: Date): Promise<void>;
  /** False when it had ended before. */
  endSession(sessionId: string, at: Date, event: NewEvent): Promise<boolean>;
}
