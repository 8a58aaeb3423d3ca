import { eventActor, type Actor } from '../../domain/access/actor.ts';
import { userEvent, type EventDraft } from '../../domain/event/event.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { OperatorStore } from '../ports/operator-store.ts';
import { done, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import { managementRefused, unchangedRefusal } from './operator-management.ts';

/**
 * Takes an operator's rights away at once and ends the sessions. The last enabled ADMIN cannot be disabled.
 * Refusals: FORBIDDEN, STEP_UP_REQUIRED, NOT_FOUND, WRONG_STATE.
 */
export type OperatorDisable = (
  actor: Actor,
  input: { readonly operatorId: string },
) => Promise<Result<{ userId: string }>>;

export interface OperatorDisableDeps {
  readonly operators: Pick<OperatorStore, 'disableOperator'>;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly feed: Pick<EventFeed, 'poke'>;
}

export const operatorDisable =
  ({ operators, ids, clock, feed }: OperatorDisableDeps): OperatorDisable =>
  async (actor, { operatorId: userId }) => {
    const at = clock.now();
    const refused = managementRefused(actor, null, at);
    if (refused) return refused;
    const stamped = (draft: EventDraft) =>
      stampEvent(draft, { id: ids.next(), actor: eventActor(actor), at });
    const outcome = await operators.disableOperator(userId, at, ({ email, role }, sessionIds) => [
      stamped(userEvent('operator.disabled', userId, { email, role })),
      ...sessionIds.map((sessionId) =>
        stamped(userEvent('session.ended', userId, { sessionId, reason: 'OPERATOR_DISABLED' })),
      ),
    ]);
    if (outcome !== 'disabled') return unchangedRefusal(outcome);
    feed.poke();
    return done({ userId });
  };
