import { eventActor, type OperatorActor } from '../../domain/access/actor.ts';
import { mayOperate } from '../../domain/access/rights.ts';
import { payoutEvent } from '../../domain/payout/payout-events.ts';
import type { Payout } from '../../domain/payout/payout.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import { stepUpMissing } from '../step-up.ts';
import type { FiatPayoutTakeDeps } from './fiat-payout-deps.ts';
import { openFiatPayout } from './fiat-payout-end.ts';
import { barredBy } from './payout-check.ts';

/**
 * An operator begins the transfer of a payout to its bank account, before the bank is told (FEATURES F2): what holds
 * payouts back is asked here for the last time (RULES 12), and from here on the merchant cannot call it off. Of two
 * operators one takes it. Refusals: FORBIDDEN, STEP_UP_REQUIRED, NOT_FOUND, WRONG_STATE.
 */
export type FiatPayoutTake = (
  actor: OperatorActor,
  input: { readonly payoutId: string },
) => Promise<Result<{ payoutId: string }>>;

export const fiatPayoutTake =
  (deps: FiatPayoutTakeDeps): FiatPayoutTake =>
  async (actor, { payoutId }) => {
    const { payouts, payoutCheck, ids, clock, feed } = deps;
    if (!mayOperate(actor, 'payout:settle')) return refuse('FORBIDDEN', 'This is for operators.');
    const at = clock.now();
    const missing = stepUpMissing(actor, at);
    if (missing) return missing;
    const open = await openFiatPayout(deps, payoutId);
    if (!open.ok) return open;
    const payout = open.value;
    if (payout.isTaken) return refuse('WRONG_STATE', 'An operator has taken this payout.', 'payoutId');
    const barred = barredBy(await payoutCheck(payout), 'payoutId');
    if (barred) return barred;
    if (await payouts.isBeyondDay(payoutId, at))
      return refuse('WRONG_STATE', 'More than may leave within 24 hours: take it later.', 'payoutId');
    const taken: Payout = { ...payout, isTaken: true, revision: payout.revision + 1 };
    const event = stampEvent(payoutEvent('payout.taken', taken), {
      id: ids.next(),
      actor: eventActor(actor),
      at,
    });
    if (!(await payouts.take(payout, { operatorId: actor.userId, event, at })))
      return refuse('WRONG_STATE', 'The payout was changed meanwhile.', 'payoutId');
    feed.poke();
    return done({ payoutId });
  };
