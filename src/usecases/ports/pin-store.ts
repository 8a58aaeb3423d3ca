import type { NewEvent } from '../../domain/event/event.ts';

/** A locked session and when its PIN was tried. */
export interface PinAttempt {
  readonly sessionId: string;
  readonly at: Date;
}

/** PINs and the sessions that they lock. Each method is one atomic write. */
export interface PinStore {
  /** The first PIN of a person ends the sessions that had run out by `at`: locked, they would live again. */
  setPin(pin: { userId: string; pinHash: string; at: Date }, event: NewEvent): Promise<void>;
  /**
   * Removes the PIN and ends the person's other sessions that it has locked by `at`: without it they would be open.
   * Null when there is no PIN.
   */
  removePin(
    pin: { userId: string; sessionId: string; at: Date },
    event: NewEvent,
    endedEventFor: (sessionId: string) => NewEvent,
  ): Promise<'removed' | null>;
  /**
   * Takes one of the attempts that a session has, before the PIN is compared: parallel ones cannot share one. Gives
   * the hash to compare with; null when no attempt is left, there is no PIN, or the session has ended.
   */
  takePinAttempt(sessionId: string): Promise<{ readonly pinHash: string } | null>;
  /** Opens a session and gives it all its attempts again; false when it had ended meanwhile. */
  unlockSession(attempt: PinAttempt, event: NewEvent): Promise<boolean>;
  /** Writes the wrong attempt, and ends the session with the second event if it was the last one. */
  refusePin(attempt: PinAttempt, refused: NewEvent, ended: NewEvent): Promise<'ended' | 'locked'>;
  /** Ends a session that has no attempt left; nothing happens to another. */
  endWithoutAttempts(attempt: PinAttempt, ended: NewEvent): Promise<void>;
}
