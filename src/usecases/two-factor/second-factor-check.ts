import type { Client } from '../../domain/access/actor.ts';
import { userEvent, type EventActor } from '../../domain/event/event.ts';
import { takeAttempt } from '../attempt.ts';
import type { AttemptLimits } from '../ports/attempt-limits.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { TotpCodes } from '../ports/second-factor.ts';
import type { SealPurpose } from '../ports/sealed-secrets.ts';
import type { Sealer, Secrets } from '../ports/secrets.ts';
import type { TwoFactorStore } from '../ports/two-factor-store.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import type { Proof } from './proof-input.ts';

/** What secrets of authenticators are sealed for; the row is the person's. */
export const TOTP_SEAL = 'totp' satisfies SealPurpose;

export interface SecondFactorDeps {
  readonly factors: Pick<TwoFactorStore, 'acceptStep' | 'useRecoveryCode'>;
  readonly totp: Pick<TotpCodes, 'stepOf'>;
  readonly sealer: Pick<Sealer, 'open'>;
  readonly secrets: Pick<Secrets, 'hash'>;
  readonly limits: AttemptLimits;
  readonly ids: IdSource;
}

export interface SecondFactorAttempt {
  readonly userId: string;
  /** The secret of the authenticator that is on. */
  readonly sealedSecret: Uint8Array;
  readonly proof: Proof;
  readonly actor: EventActor;
  readonly client: Client | undefined;
  readonly at: Date;
}

/**
 * Takes a second factor, once, wherever one is asked for: all places count the same attempts. RATE_LIMITED, or
 * CODE_REFUSED. A recovery code holds payouts and is told to the person.
 */
export async function checkSecondFactor(
  deps: SecondFactorDeps,
  attempt: SecondFactorAttempt,
): Promise<Result<null>> {
  const { userId, client, proof, at } = attempt;
  const limited = await takeAttempt(deps.limits, 'second_factor', { account: userId, client }, at);
  if (limited) return limited;
  const accepted = await (proof.kind === 'TOTP'
    ? acceptCode(deps, attempt, proof.digits)
    : acceptRecoveryCode(deps, attempt, proof.key));
  if (!accepted) {
    const field = proof.kind === 'TOTP' ? 'totpCode' : 'recoveryCode';
    return refuse('CODE_REFUSED', 'This code is wrong, used or too old.', field);
  }
  await deps.limits.forgive('second_factor', { account: userId });
  return done(null);
}

async function acceptCode(
  { sealer, totp, factors }: SecondFactorDeps,
  { userId, sealedSecret, at }: SecondFactorAttempt,
  digits: string,
): Promise<boolean> {
  const step = totp.stepOf(sealer.open(TOTP_SEAL, userId, sealedSecret), digits, at);
  return step !== null && factors.acceptStep({ userId, sealedSecret, step });
}

const acceptRecoveryCode = (
  { factors, secrets, ids }: SecondFactorDeps,
  { userId, actor, at }: SecondFactorAttempt,
  key: string,
): Promise<boolean> =>
  factors.useRecoveryCode({ userId, codeHash: secrets.hash(key), at }, (remaining) =>
    stampEvent(userEvent('user.recovery_code_used', userId, { remaining }), { id: ids.next(), actor, at }),
  );
