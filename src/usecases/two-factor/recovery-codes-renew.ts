import { eventActor, type PersonActor } from '../../domain/access/actor.ts';
import { userEvent } from '../../domain/event/event.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { TwoFactorStore } from '../ports/two-factor-store.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import { stepUpMissing } from '../step-up.ts';
import { makeRecoveryCodes, type RecoveryCodesDeps } from './recovery-codes-make.ts';
import { NOT_ENABLED } from './two-factor-disable.ts';

/** Makes new recovery codes; the old ones are void. They are shown this once. */
export type RecoveryCodesRenew = (
  actor: PersonActor,
) => Promise<Result<{ recoveryCodes: readonly string[] }>>;

export interface RecoveryCodesRenewDeps extends RecoveryCodesDeps {
  readonly factors: Pick<TwoFactorStore, 'renewRecoveryCodes'>;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly feed: Pick<EventFeed, 'poke'>;
}

export const recoveryCodesRenew =
  (deps: RecoveryCodesRenewDeps): RecoveryCodesRenew =>
  async (actor) => {
    const at = deps.clock.now();
    const missing = stepUpMissing(actor, at);
    if (missing) return missing;
    const { shown, kept } = makeRecoveryCodes(deps, actor.userId, at);
    const event = stampEvent(userEvent('user.recovery_codes_created', actor.userId, {}), {
      id: deps.ids.next(),
      actor: eventActor(actor),
      at,
    });
    if (!(await deps.factors.renewRecoveryCodes(kept, actor.sessionId, event)))
      return refuse('WRONG_STATE', NOT_ENABLED);
    deps.feed.poke();
    return done({ recoveryCodes: shown });
  };
