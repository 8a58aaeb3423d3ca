import { eventActor, type Actor } from '../../domain/access/actor.ts';
import { mayOperate } from '../../domain/access/rights.ts';
import { feeScheduleEvent } from '../../domain/fee/fee-event.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import { stepUpMissing } from '../step-up.ts';
import type { FeeDeps } from './fee-deps.ts';

export interface FeeScheduleRemoveInput {
  readonly feeScheduleId: string;
}

/**
 * An operator takes a schedule away: the next wider one holds from now on, and no fees where there is none.
 * Refusals: FORBIDDEN, STEP_UP_REQUIRED, NOT_FOUND.
 */
export type FeeScheduleRemove = (
  actor: Actor,
  input: FeeScheduleRemoveInput,
) => Promise<Result<{ feeScheduleId: string }>>;

export const feeScheduleRemove =
  ({ fees, ids, clock, feed }: Omit<FeeDeps, 'projects'>): FeeScheduleRemove =>
  async (actor, { feeScheduleId }) => {
    if (actor.type !== 'OPERATOR' || !mayOperate(actor, 'fee:write')) {
      return refuse('FORBIDDEN', 'Only an operator who may set fees can do this.');
    }
    const at = clock.now();
    const missing = stepUpMissing(actor, at);
    if (missing) return missing;
    const scope = await fees.scopeOf(feeScheduleId);
    if (scope) {
      const event = stampEvent(feeScheduleEvent(feeScheduleId, scope, null), {
        id: ids.next(),
        actor: eventActor(actor),
        at,
      });
      if (await fees.removeSchedule(feeScheduleId, event)) {
        feed.poke();
        return done({ feeScheduleId });
      }
    }
    return refuse('NOT_FOUND', 'There is no such fee schedule.', 'feeScheduleId');
  };
