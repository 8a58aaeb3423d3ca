import { eventActor, type UserActor } from '../../domain/access/actor.ts';
import { payoutEvent, queuedEvents } from '../../domain/payout/payout-events.ts';
import { canApprove, isMadeBy, type Payout } from '../../domain/payout/payout.ts';
import type { WithdrawalStore } from '../ports/withdrawal-store.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import { managedPayout } from './payout-cancel.ts';
import type { PayoutDeps } from './payout-deps.ts';
import { heldUntil } from './payout-held.ts';
import { payoutProofMissing } from './payout-place.ts';

export interface PayoutApproveInput {
  readonly payoutId: string;
  /** The revision that the member saw: an approval holds for that one alone. */
  readonly revision: number;
}

/**
 * A member agrees to a payout (FEATURES F5); the last one that is needed queues it. Not whoever asked for it, nor who ever
 * named an inbox in which the payer was asked, nor who made the API key that did: nobody alone both chooses where
 * money goes and agrees to it. Nor while a security change of the member or the merchant holds payouts back, nor within
 * the first day of a member.
 * Refusals: NOT_FOUND, SECOND_FACTOR_REQUIRED, STEP_UP_REQUIRED, FORBIDDEN, WRONG_STATE.
 */
export type PayoutApprove = (
  actor: UserActor,
  input: PayoutApproveInput,
) => Promise<Result<{ payoutId: string; approvals: number }>>;

export type PayoutApproveDeps = Pick<PayoutDeps, 'payouts' | 'ids' | 'clock' | 'feed'> & {
  readonly withdrawals: Pick<WithdrawalStore, 'factsFor'>;
};

export const payoutApprove =
  ({ payouts, withdrawals, ids, clock, feed }: PayoutApproveDeps): PayoutApprove =>
  async (actor, { payoutId, revision }) => {
    const payout = await managedPayout(payouts, actor, payoutId);
    if (!payout) return refuse('NOT_FOUND', 'There is no such payout.', 'payoutId');
    const at = clock.now();
    const unproved = payoutProofMissing(actor, payout.mode, at);
    if (unproved) return unproved;
    if (isMadeBy(payout, actor.userId))
      return refuse('FORBIDDEN', 'Somebody else must agree to what you asked for.', 'payoutId');
    if (!canApprove(payout) || payout.revision !== revision)
      return refuse('WRONG_STATE', 'The payout has gone on since it was looked at.', 'revision');
    const until = await heldUntil({ withdrawals, clock }, actor, payout);
    if (until) return refuse('WRONG_STATE', `Consents are held until ${until.toISOString()}.`, 'payoutId');
    const stamp = () => ({ id: ids.next(), actor: eventActor(actor), at });
    const queued: Payout = { ...payout, status: 'QUEUED', revision: payout.revision + 1 };
    const outcome = await payouts.approve(payout, {
      id: ids.next(),
      userId: actor.userId,
      events: [stampEvent(payoutEvent('payout.approved', payout, { userId: actor.userId }), stamp())],
      queued: queuedEvents(queued).map((event) => stampEvent(event, stamp())),
      at,
    });
    if (outcome.kind === 'stale')
      return refuse('WRONG_STATE', 'The payout has gone on since it was looked at.', 'revision');
    if (outcome.kind === 'new_member')
      return refuse('WRONG_STATE', `A new member agrees from ${outcome.until.toISOString()} on.`, 'payoutId');
    if (outcome.kind === 'approved') feed.poke();
    return done({ payoutId, approvals: outcome.approvals });
  };
