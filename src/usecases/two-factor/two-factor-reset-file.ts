import type { AnonymousActor } from '../../domain/access/actor.ts';
import { userEvent } from '../../domain/event/event.ts';
import { clientOf, takeAttempt } from '../attempt.ts';
import type { AttemptLimits } from '../ports/attempt-limits.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { Secrets } from '../ports/secrets.ts';
import type { TwoFactorResetStore } from '../ports/two-factor-reset-store.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import { explanation } from './explanation.ts';

/** Asks the operator to take a lost authenticator off, by the link in a mail. The link works once, for an hour. */
export type TwoFactorResetFile = (
  actor: AnonymousActor,
  input: { readonly token: string; readonly reason: string },
) => Promise<Result<{ requestId: string }>>;

export interface TwoFactorResetFileDeps {
  readonly resets: Pick<TwoFactorResetStore, 'fileRequest'>;
  readonly secrets: Pick<Secrets, 'hash'>;
  readonly limits: AttemptLimits;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly feed: Pick<EventFeed, 'poke'>;
}

export const twoFactorResetFile =
  ({ resets, secrets, limits, ids, clock, feed }: TwoFactorResetFileDeps): TwoFactorResetFile =>
  async (actor, { token, reason: typed }) => {
    const reason = explanation(typed);
    if (reason === null)
      return refuse('INVALID_INPUT', 'Say in 10 to 1000 characters what happened.', 'reason');
    const at = clock.now();
    const client = clientOf(actor);
    const limited = await takeAttempt(limits, 'token', { client }, at);
    if (limited) return limited;
    const requestId = ids.next();
    const filed = await resets.fileRequest(
      { id: requestId, tokenHash: secrets.hash(token), reason, at },
      (userId) =>
        stampEvent(userEvent('user.two_factor_reset_filed', userId, { requestId, reason }), {
          id: ids.next(),
          actor: { type: 'USER', id: userId, ...client },
          at,
        }),
    );
    if (filed.outcome === 'pending') {
      return refuse('WRONG_STATE', 'The operator was asked already and has not decided yet.');
    }
    if (filed.outcome === 'invalid_token') {
      return refuse('INVALID_TOKEN', 'This link is not valid any more.', 'token');
    }
    feed.poke();
    return done({ requestId });
  };
