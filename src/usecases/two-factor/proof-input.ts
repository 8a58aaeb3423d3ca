import { codeDigits, recoveryCodeKey } from '../../domain/account/second-factor.ts';
import { done, refuse, type Result } from '../result.ts';

/** A second factor as a person typed it; at most one of the two. */
export interface ProofInput {
  /** The code that the authenticator shows. */
  readonly totpCode?: string | null | undefined;
  readonly recoveryCode?: string | null | undefined;
}

/** A second factor in the form in which it is compared. */
export type Proof =
  | { readonly kind: 'TOTP'; readonly digits: string }
  | { readonly kind: 'RECOVERY_CODE'; readonly key: string };

/** Reads a second factor; null when none was typed, INVALID_INPUT for what cannot be one. */
export function readProof({ totpCode, recoveryCode }: ProofInput): Result<Proof | null> {
  if (isGiven(totpCode) && isGiven(recoveryCode)) {
    return refuse('INVALID_INPUT', 'Send one of the codes, not both.', 'recoveryCode');
  }
  if (isGiven(totpCode)) {
    const digits = codeDigits(totpCode);
    if (digits === null)
      return refuse('INVALID_INPUT', 'A code of an authenticator has six digits.', 'totpCode');
    return done({ kind: 'TOTP', digits });
  }
  if (!isGiven(recoveryCode)) return done(null);
  const key = recoveryCodeKey(recoveryCode);
  if (key === null) {
    return refuse('INVALID_INPUT', 'A recovery code has sixteen letters and digits.', 'recoveryCode');
  }
  return done({ kind: 'RECOVERY_CODE', key });
}

const isGiven = (text: string | null | undefined): text is string => text !== null && text !== undefined;
