import type { NewEvent } from '../../domain/event/event.ts';

export type CodePurpose = 'TWO_FACTOR_ENROLLMENT' | 'EMAIL_CHANGE' | 'PHONE_CHANGE';

export interface NewVerificationCode {
  readonly id: string;
  readonly userId: string;
  readonly purpose: CodePurpose;
  /** The e-mail address or phone number that the code is sent to and proves. */
  readonly target: string;
  readonly at: Date;
  readonly expiresAt: Date;
}

/** Six-digit codes that were sent to people. The digits are `Secrets.deriveCode(purpose, id)`, and stand nowhere. */
export interface VerificationCodes {
  /** The event's data holds `codeId`, so that the message can carry the code. */
  createCode(code: NewVerificationCode, event: NewEvent): Promise<void>;
  /** Counts an attempt at the newest open code; null when there is none or its five attempts are used up. */
  attemptCode(
    userId: string,
    purpose: CodePurpose,
    at: Date,
  ): Promise<{ readonly id: string; readonly target: string } | null>;
  /** False when it was used before. */
  useCode(id: string, at: Date): Promise<boolean>;
}
