import type { Clock } from './ports/clock.ts';
import type { Secrets } from './ports/secrets.ts';
import type { CodePurpose, VerificationCodes } from './ports/verification-codes.ts';
import { done, refuse, type Result } from './result.ts';

/** How long a code that was sent works, in milliseconds. */
export const CODE_LIFETIME_MS = 10 * 60_000;

export interface VerifyCodeDeps {
  readonly codes: VerificationCodes;
  readonly secrets: Pick<Secrets, 'deriveCode' | 'equal'>;
  readonly clock: Clock;
}

/**
 * Uses the newest code that was sent to the person for this purpose, once, and gives where it had been sent. Each code
 * has five attempts; count the account's own with `takeAttempt('verification_code')` before.
 */
export async function verifyCode(
  { codes, secrets, clock }: VerifyCodeDeps,
  { userId, purpose, code }: { userId: string; purpose: CodePurpose; code: string },
): Promise<Result<{ target: string }>> {
  const at = clock.now();
  const open = await codes.attemptCode(userId, purpose, at);
  const matches = open !== null && secrets.equal(secrets.deriveCode(purpose, open.id), code.trim());
  if (!open || !matches || !(await codes.useCode(open.id, at)))
    return refuse('CODE_REFUSED', 'This code is wrong, used or too old.', 'code');
  return done({ target: open.target });
}
