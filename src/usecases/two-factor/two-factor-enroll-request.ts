import { eventActor, type PersonActor } from '../../domain/access/actor.ts';
import { userEvent } from '../../domain/event/event.ts';
import { clientOf, takeAttempt } from '../attempt.ts';
import type { AttemptLimits } from '../ports/attempt-limits.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { TwoFactorStore } from '../ports/two-factor-store.ts';
import type { VerificationCodes } from '../ports/verification-codes.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import { stepUpMissing } from '../step-up.ts';
import { CODE_LIFETIME_MS } from '../verify-code.ts';

export type CodeChannel = 'EMAIL' | 'SMS';

/** Sends the code with which setting up an authenticator begins (FEATURES A5). */
export type TwoFactorEnrollRequest = (
  actor: PersonActor,
  input: { readonly channel: CodeChannel },
) => Promise<Result<{ channel: CodeChannel; expiresAt: Date }>>;

export interface TwoFactorEnrollRequestDeps {
  readonly factors: Pick<TwoFactorStore, 'factorsOf'>;
  readonly codes: Pick<VerificationCodes, 'createCode'>;
  readonly limits: AttemptLimits;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly feed: Pick<EventFeed, 'poke'>;
}

export const ENABLED_ALREADY = 'An authenticator is set up already: take it off first.';

export const twoFactorEnrollRequest =
  ({ factors, codes, limits, ids, clock, feed }: TwoFactorEnrollRequestDeps): TwoFactorEnrollRequest =>
  async (actor, { channel }) => {
    const at = clock.now();
    const { userId } = actor;
    const refused =
      stepUpMissing(actor, at) ??
      (await takeAttempt(limits, 'message', { account: userId, client: clientOf(actor) }, at));
    if (refused) return refused;
    const person = await factors.factorsOf(userId);
    if (person.totp?.enabledAt) return refuse('WRONG_STATE', ENABLED_ALREADY);
    const target = channel === 'SMS' ? person.phone : person.email;
    if (target === null)
      return refuse('WRONG_STATE', 'There is no phone number to send a code to.', 'channel');
    const codeId = ids.next();
    const expiresAt = new Date(at.getTime() + CODE_LIFETIME_MS);
    const sentTo = channel === 'SMS' ? { email: null, phone: target } : { email: target, phone: null };
    await codes.createCode(
      { id: codeId, userId, purpose: 'TWO_FACTOR_ENROLLMENT', target, at, expiresAt },
      stampEvent(userEvent('user.two_factor_code_requested', userId, { codeId, ...sentTo }), {
        id: ids.next(),
        actor: eventActor(actor),
        at,
      }),
    );
    feed.poke();
    return done({ channel, expiresAt });
  };
