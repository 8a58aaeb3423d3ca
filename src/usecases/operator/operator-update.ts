import { eventActor, type Actor } from '../../domain/access/actor.ts';
import type { OperatorRole } from '../../domain/access/rights.ts';
import { userEvent } from '../../domain/event/event.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { OperatorStore } from '../ports/operator-store.ts';
import { done, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import { managementRefused, unchangedRefusal } from './operator-management.ts';

export interface OperatorUpdateInput {
  /** The id of the person. */
  readonly operatorId: string;
  readonly role: OperatorRole;
}

/**
 * Gives an operator another role. The last enabled ADMIN keeps it.
 * Refusals: FORBIDDEN, STEP_UP_REQUIRED, NOT_FOUND, WRONG_STATE.
 */
export type OperatorUpdate = (
  actor: Actor,
  input: OperatorUpdateInput,
) => Promise<Result<{ userId: string }>>;

export interface OperatorUpdateDeps {
  readonly operators: Pick<OperatorStore, 'changeRole'>;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly feed: Pick<EventFeed, 'poke'>;
}

export const operatorUpdate =
  ({ operators, ids, clock, feed }: OperatorUpdateDeps): OperatorUpdate =>
  async (actor, { operatorId: userId, role }) => {
    const at = clock.now();
    const refused = managementRefused(actor, null, at);
    if (refused) return refused;
    const outcome = await operators.changeRole(userId, role, ({ email, role: previousRole }) =>
      stampEvent(userEvent('operator.changed', userId, { email, role, previousRole }), {
        id: ids.next(),
        actor: eventActor(actor),
        at,
      }),
    );
    if (outcome === 'changed') feed.poke();
    return outcome === 'changed' || outcome === 'unchanged' ? done({ userId }) : unchangedRefusal(outcome);
  };
