import { eventActor, type UserActor } from '../../domain/access/actor.ts';
import { may } from '../../domain/access/rights.ts';
import { ruleDisabled } from '../../domain/payout/auto-withdrawal.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import { stepUpMissing } from '../step-up.ts';
import type { AutoWithdrawalDeps } from './auto-withdrawal-create.ts';

/**
 * Sends nothing on by this rule any more; what is on its way goes on (FEATURES F3). Safe to repeat.
 * Refusals: NOT_FOUND, STEP_UP_REQUIRED.
 */
export type AutoWithdrawalDisable = (
  actor: UserActor,
  input: { readonly autoWithdrawalId: string },
) => Promise<Result<{ autoWithdrawalId: string }>>;

export const autoWithdrawalDisable =
  ({ rules, ids, clock, feed }: AutoWithdrawalDeps): AutoWithdrawalDisable =>
  async (actor, { autoWithdrawalId: id }) => {
    const rule = await rules.byId(id);
    if (!rule || !may(actor, 'payout:write', { merchantId: rule.merchantId }))
      return refuse('NOT_FOUND', 'There is no such rule.', 'autoWithdrawalId');
    const at = clock.now();
    const absent = stepUpMissing(actor, at);
    if (absent) return absent;
    const event = stampEvent(ruleDisabled(rule, 'BY_MEMBER'), {
      id: ids.next(),
      actor: eventActor(actor),
      at,
    });
    if (await rules.disable(id, 'BY_MEMBER', at, event)) feed.poke();
    return done({ autoWithdrawalId: id });
  };
