import type { PersonActor } from '../../domain/access/actor.ts';
import { codeDigits } from '../../domain/account/second-factor.ts';
import { clientOf, takeAttempt } from '../attempt.ts';
import type { AttemptLimits } from '../ports/attempt-limits.ts';
import type { TotpCodes, TotpProvision } from '../ports/second-factor.ts';
import type { Sealer } from '../ports/secrets.ts';
import type { TwoFactorStore } from '../ports/two-factor-store.ts';
import { done, refuse, type Result } from '../result.ts';
import { verifyCode, type VerifyCodeDeps } from '../verify-code.ts';
import { TOTP_SEAL } from './second-factor-check.ts';
import { ENABLED_ALREADY } from './two-factor-enroll-request.ts';

/** Makes the secret for an authenticator app, for the code that was sent. It asks for nothing before it is enabled. */
export type TwoFactorEnroll = (
  actor: PersonActor,
  input: { readonly code: string },
) => Promise<Result<TotpProvision>>;

export interface TwoFactorEnrollDeps extends VerifyCodeDeps {
  readonly factors: Pick<TwoFactorStore, 'factorsOf' | 'beginTotp'>;
  readonly totp: Pick<TotpCodes, 'newSecret' | 'provision'>;
  readonly sealer: Pick<Sealer, 'seal'>;
  readonly limits: AttemptLimits;
}

export const twoFactorEnroll =
  (deps: TwoFactorEnrollDeps): TwoFactorEnroll =>
  async (actor, input) => {
    const code = codeDigits(input.code);
    if (code === null) return refuse('INVALID_INPUT', 'A code has six digits.', 'code');
    const { userId } = actor;
    const at = deps.clock.now();
    const subject = { account: userId, client: clientOf(actor) };
    const limited = await takeAttempt(deps.limits, 'verification_code', subject, at);
    if (limited) return limited;
    const verified = await verifyCode(deps, { userId, purpose: 'TWO_FACTOR_ENROLLMENT', code });
    if (!verified.ok) return verified;
    const secret = deps.totp.newSecret();
    const sealed = deps.sealer.seal(TOTP_SEAL, userId, secret);
    if (!(await deps.factors.beginTotp(userId, sealed, at))) return refuse('WRONG_STATE', ENABLED_ALREADY);
    const { email } = await deps.factors.factorsOf(userId);
    return done(deps.totp.provision(secret, email));
  };
