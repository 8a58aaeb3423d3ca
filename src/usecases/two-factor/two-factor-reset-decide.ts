import { eventActor, type OperatorActor } from '../../domain/access/actor.ts';
import { mayOperate } from '../../domain/access/rights.ts';
import { userEvent, type EventDraft } from '../../domain/event/event.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { TwoFactorResetStore } from '../ports/two-factor-reset-store.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import { stepUpMissing } from '../step-up.ts';
import { explanation } from './explanation.ts';

export interface TwoFactorResetDecideInput {
  readonly requestId: string;
  readonly decision: 'APPROVED' | 'REJECTED';
  /** What the person is told. */
  readonly answer: string;
}

/**
 * An operator decides on a lost authenticator. Approval takes it off with the recovery codes, ends the person's
 * sessions and holds payouts for 24 hours: the password alone opens the account then.
 */
export type TwoFactorResetDecide = (
  actor: OperatorActor,
  input: TwoFactorResetDecideInput,
) => Promise<Result<{ requestId: string }>>;

export interface TwoFactorResetDecideDeps {
  readonly resets: Pick<TwoFactorResetStore, 'decide'>;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly feed: Pick<EventFeed, 'poke'>;
}

export const twoFactorResetDecide =
  ({ resets, ids, clock, feed }: TwoFactorResetDecideDeps): TwoFactorResetDecide =>
  async (actor, { requestId, decision, answer: typed }) => {
    if (!mayOperate(actor, 'two_factor:reset')) return refuse('FORBIDDEN', 'You are not allowed to do this.');
    const answer = explanation(typed);
    if (answer === null) return refuse('INVALID_INPUT', 'Answer in 10 to 1000 characters.', 'answer');
    const at = clock.now();
    const missing = stepUpMissing(actor, at);
    if (missing) return missing;
    const by = eventActor(actor);
    const stamped = (draft: EventDraft) => stampEvent(draft, { id: ids.next(), actor: by, at });
    const outcome = await resets.decide(
      {
        requestId,
        decision,
        answer,
        operatorId: actor.userId,
        managesOperators: mayOperate(actor, 'operator:manage'),
        at,
      },
      (userId, endedSessions) => [
        stamped(userEvent('user.two_factor_reset_decided', userId, { requestId, decision, answer })),
        ...endedSessions.map((sessionId) =>
          stamped(userEvent('session.ended', userId, { sessionId, reason: 'TWO_FACTOR_RESET' })),
        ),
      ],
    );
    if (outcome === 'not_found') return refuse('NOT_FOUND', 'There is no such request.', 'requestId');
    if (outcome !== 'decided') return refuse('WRONG_STATE', WHY_NOT[outcome]);
    feed.poke();
    return done({ requestId });
  };

const WHY_NOT = {
  not_pending: 'The request was decided before.',
  own: 'Another operator decides on your own request.',
  of_operator: 'Only who manages operators decides on the authenticator of one.',
  moot: 'The authenticator that the request is about is off already.',
} as const;
