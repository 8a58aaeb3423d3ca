import { eventActor, type Actor } from '../../domain/access/actor.ts';
import { mayOperate } from '../../domain/access/rights.ts';
import { feeScheduleEvent } from '../../domain/fee/fee-event.ts';
import type { FeeScope } from '../../domain/fee/fee-scope.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import { stepUpMissing } from '../step-up.ts';
import type { FeeDeps } from './fee-deps.ts';
import { readFees, type FeeInput } from './fee-input.ts';

export interface FeeScheduleSetInput extends FeeInput {
  /** For a merchant, or for a project; for the whole gateway without both. */
  readonly merchantId?: string | null | undefined;
  readonly projectId?: string | null | undefined;
}

/**
 * An operator says what the gateway takes, for itself, a merchant or a project; the whole schedule of that scope is
 * replaced. It holds for quotes from now on, and for money that no quote priced. The same again changes nothing.
 * Refusals: FORBIDDEN, INVALID_INPUT, STEP_UP_REQUIRED, NOT_FOUND.
 */
export type FeeScheduleSet = (
  actor: Actor,
  input: FeeScheduleSetInput,
) => Promise<Result<{ feeScheduleId: string }>>;

export const feeScheduleSet =
  (deps: FeeDeps): FeeScheduleSet =>
  async (actor, input) => {
    if (actor.type !== 'OPERATOR' || !mayOperate(actor, 'fee:write')) {
      return refuse('FORBIDDEN', 'Only an operator who may set fees can do this.');
    }
    if (input.merchantId && input.projectId) {
      return refuse('INVALID_INPUT', 'Name a merchant or a project, not both.', 'projectId');
    }
    const schedule = readFees(input);
    if (!schedule.ok) return schedule;
    const missing = stepUpMissing(actor, deps.clock.now());
    if (missing) return missing;
    const found = await scopeFor(deps, input);
    if (!found.ok) return found;
    const scope = found.value;
    for (;;) {
      const id = (await deps.fees.scheduleOf(scope)) ?? deps.ids.next();
      const at = deps.clock.now();
      const stamp = { id: deps.ids.next(), actor: eventActor(actor), at };
      const event = stampEvent(feeScheduleEvent(id, scope, schedule.value), stamp);
      switch (await deps.fees.writeSchedule({ id, scope, schedule: schedule.value, at }, event)) {
        case 'written':
          deps.feed.poke();
          return done({ feeScheduleId: id });
        case 'same':
          return done({ feeScheduleId: id });
        case 'unknown':
          return refuse('NOT_FOUND', 'There is no such merchant.', 'merchantId');
        case 'stale':
        // Another writer was first, or removed it: look again.
      }
    }
  };

async function scopeFor(
  { projects }: FeeDeps,
  { merchantId, projectId }: FeeScheduleSetInput,
): Promise<Result<FeeScope>> {
  if (merchantId) return done({ of: 'MERCHANT', merchantId });
  if (!projectId) return done({ of: 'GATEWAY' });
  const project = await projects.projectById(projectId);
  if (!project) return refuse('NOT_FOUND', 'There is no such project.', 'projectId');
  return done({ of: 'PROJECT', merchantId: project.merchantId, projectId });
}
