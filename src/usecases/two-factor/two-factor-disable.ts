import { eventActor, type PersonActor } from '../../domain/access/actor.ts';
import { userEvent } from '../../domain/event/event.ts';
import { clientOf } from '../attempt.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { TwoFactorStore } from '../ports/two-factor-store.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import { stepUpMissing } from '../step-up.ts';
import { readProof, type ProofInput } from './proof-input.ts';
import { checkSecondFactor, type SecondFactorDeps } from './second-factor-check.ts';

/** Takes the authenticator off, for one more code of it. Payouts are held for 24 hours (FEATURES A11). */
export type TwoFactorDisable = (actor: PersonActor, input: ProofInput) => Promise<Result<null>>;

export interface TwoFactorDisableDeps extends SecondFactorDeps {
  readonly factors: Pick<TwoFactorStore, 'factorsOf' | 'disableTotp' | 'acceptStep' | 'useRecoveryCode'>;
  readonly clock: Clock;
  readonly feed: Pick<EventFeed, 'poke'>;
}

export const NOT_ENABLED = 'No authenticator is set up.';

export const twoFactorDisable =
  (deps: TwoFactorDisableDeps): TwoFactorDisable =>
  async (actor, input) => {
    const read = readProof(input);
    if (!read.ok) return read;
    const proof = read.value;
    if (proof === null) return refuse('INVALID_INPUT', 'Send a code of the authenticator.', 'totpCode');
    const at = deps.clock.now();
    const missing = stepUpMissing(actor, at);
    if (missing) return missing;
    const { userId, sessionId } = actor;
    const { totp } = await deps.factors.factorsOf(userId);
    if (!totp?.enabledAt) return refuse('WRONG_STATE', NOT_ENABLED);
    const { sealedSecret } = totp;
    const by = eventActor(actor);
    const checked = await checkSecondFactor(deps, {
      userId,
      sealedSecret,
      proof,
      actor: by,
      client: clientOf(actor),
      at,
    });
    if (!checked.ok) return checked;
    const draft = userEvent('user.two_factor_disabled', userId, {});
    const event = stampEvent(draft, { id: deps.ids.next(), actor: by, at });
    const disabled = await deps.factors.disableTotp({ userId, sessionId, at }, event);
    deps.feed.poke();
    return disabled ? done(null) : refuse('WRONG_STATE', NOT_ENABLED);
  };
