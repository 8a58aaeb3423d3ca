import { eventActor, type PersonActor } from '../../domain/access/actor.ts';
import { codeDigits, ENROLLMENT_MS } from '../../domain/account/second-factor.ts';
import { userEvent } from '../../domain/event/event.ts';
import { clientOf, takeAttempt } from '../attempt.ts';
import type { AttemptLimits } from '../ports/attempt-limits.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { TotpCodes } from '../ports/second-factor.ts';
import type { Sealer } from '../ports/secrets.ts';
import type { TwoFactorStore } from '../ports/two-factor-store.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import { makeRecoveryCodes, type RecoveryCodesDeps } from './recovery-codes-make.ts';
import { TOTP_SEAL } from './second-factor-check.ts';

/** Switches the authenticator on by its first code. The recovery codes are shown this once. */
export type TwoFactorEnable = (
  actor: PersonActor,
  input: { readonly totpCode: string },
) => Promise<Result<{ recoveryCodes: readonly string[] }>>;

export interface TwoFactorEnableDeps extends RecoveryCodesDeps {
  readonly factors: Pick<TwoFactorStore, 'factorsOf' | 'enableTotp'>;
  readonly totp: Pick<TotpCodes, 'stepOf'>;
  readonly sealer: Pick<Sealer, 'open'>;
  readonly limits: AttemptLimits;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly feed: Pick<EventFeed, 'poke'>;
}

const NOTHING_BEGUN = 'There is no authenticator to be switched on: begin with twoFactorEnrollRequest.';

export const twoFactorEnable =
  (deps: TwoFactorEnableDeps): TwoFactorEnable =>
  async (actor, input) => {
    const digits = codeDigits(input.totpCode);
    if (digits === null)
      return refuse('INVALID_INPUT', 'A code of an authenticator has six digits.', 'totpCode');
    const { factors, ids } = deps;
    const { userId, sessionId } = actor;
    const at = deps.clock.now();
    const subject = { account: userId, client: clientOf(actor) };
    const limited = await takeAttempt(deps.limits, 'second_factor', subject, at);
    if (limited) return limited;
    const { totp } = await factors.factorsOf(userId);
    const isOpen = totp?.enabledAt === null && at.getTime() - totp.createdAt.getTime() < ENROLLMENT_MS;
    if (!totp || !isOpen) return refuse('WRONG_STATE', NOTHING_BEGUN);
    const { sealedSecret } = totp;
    const step = deps.totp.stepOf(deps.sealer.open(TOTP_SEAL, userId, sealedSecret), digits, at);
    if (step === null)
      return refuse('CODE_REFUSED', 'This is not the code of the authenticator.', 'totpCode');
    const { shown, kept } = makeRecoveryCodes(deps, userId, at);
    const event = stampEvent(userEvent('user.two_factor_enabled', userId, {}), {
      id: ids.next(),
      actor: eventActor(actor),
      at,
    });
    const enabled = await factors.enableTotp({ userId, sealedSecret, step, sessionId }, kept, event);
    if (!enabled) return refuse('WRONG_STATE', NOTHING_BEGUN);
    await deps.limits.forgive('second_factor', { account: userId });
    deps.feed.poke();
    return done({ recoveryCodes: shown });
  };
