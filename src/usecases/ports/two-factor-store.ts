import type { NewEvent } from '../../domain/event/event.ts';

export interface Authenticator {
  readonly sealedSecret: Uint8Array;
  readonly createdAt: Date;
  /** Null while it is being set up. */
  readonly enabledAt: Date | null;
}

/** A person, as far as proving to be one needs it. */
export interface FactorsOfPerson {
  readonly email: string;
  readonly phone: string | null;
  readonly passwordHash: string;
  readonly totp: Authenticator | null;
}

/** An accepted code of an authenticator. */
export interface AcceptedStep {
  readonly userId: string;
  /** The secret that made the code: another one that took its place meanwhile has accepted nothing. */
  readonly sealedSecret: Uint8Array;
  readonly step: number;
}

export interface NewRecoveryCodes {
  readonly userId: string;
  /** SHA-256 of each. */
  readonly hashes: readonly Uint8Array[];
  readonly at: Date;
}

/** Authenticators and recovery codes. Each method is one atomic write or one read. */
export interface TwoFactorStore {
  /** Throws when there is no such person. */
  factorsOf(userId: string): Promise<FactorsOfPerson>;
  /** Keeps the secret of an authenticator that is being set up, in place of an earlier one; false when one is on. */
  beginTotp(userId: string, sealedSecret: Uint8Array, at: Date): Promise<boolean>;
  /**
   * Switches the authenticator on by its first code, with its recovery codes, and marks the session as one with a
   * second factor. False when it is on already, another secret took its place, or the session has ended meanwhile.
   */
  enableTotp(
    accepted: AcceptedStep & { readonly sessionId: string },
    codes: NewRecoveryCodes,
    event: NewEvent,
  ): Promise<boolean>;
  /** Takes a step once: false when this or a later one was taken before (RFC 6238, 5.2). */
  acceptStep(accepted: AcceptedStep): Promise<boolean>;
  /**
   * Uses a recovery code of a person with an authenticator, once, and holds payouts. False when there is no such
   * code left.
   */
  useRecoveryCode(
    use: { readonly userId: string; readonly codeHash: Uint8Array; readonly at: Date },
    eventFor: (remaining: number) => NewEvent,
  ): Promise<boolean>;
  /** Puts new recovery codes in the place of the old ones; false without an authenticator, or when the session ended. */
  renewRecoveryCodes(codes: NewRecoveryCodes, sessionId: string, event: NewEvent): Promise<boolean>;
  /**
   * Takes the authenticator off with its recovery codes and holds payouts; false when there was none, or when the
   * session ended meanwhile.
   */
  disableTotp(
    by: { readonly userId: string; readonly sessionId: string; readonly at: Date },
    event: NewEvent,
  ): Promise<boolean>;
}
