import type { Actor } from '../../domain/access/actor.ts';
import { mayAt, type Right } from '../../domain/access/rights.ts';
import { activeHold } from '../../domain/access/withdrawal-hold.ts';
import type { Refund } from '../../domain/refund/refund.ts';
import type { RefundStore } from '../ports/refund-store.ts';
import type { WithdrawalStore } from '../ports/withdrawal-store.ts';
import { done, refuse, type Result } from '../result.ts';

/**
 * The refund if the actor has the right there, and sees it, as the answer shows it; otherwise it looks like one that does
 * not exist (FEATURES B7).
 */
export async function refundFor(
  refunds: Pick<RefundStore, 'byId'>,
  actor: Actor,
  right: Right,
  refundId: string,
): Promise<Result<Refund>> {
  const refund = await refunds.byId(refundId);
  return refund && mayAt(actor, right, refund) && mayAt(actor, 'invoice:read', refund)
    ? done(refund)
    : refuse('NOT_FOUND', 'There is no such refund.', 'refundId');
}

/**
 * Why no money may be promised to a payer at the moment (RULES 12); null when it may. Where it goes is not known yet, and
 * needs no listing: what is asked again when it is sent is `payout-check`.
 */
export async function holdOn(
  withdrawals: Pick<WithdrawalStore, 'factsFor'>,
  actor: Actor,
  {
    merchantId,
    mode,
    network,
  }: { readonly merchantId: string; readonly mode: 'TEST' | 'LIVE'; readonly network: string },
  at: Date,
): Promise<Result<never> | null> {
  if (mode === 'TEST') return null;
  const userIds = actor.type === 'USER' ? [actor.userId] : [];
  const facts = await withdrawals.factsFor({ merchantId, userIds, network, address: '', at });
  if (!facts) return refuse('NOT_FOUND', 'There is no such merchant.');
  const hold = activeHold(facts.holds, at);
  return hold
    ? refuse('WRONG_STATE', `Payouts are held until ${hold.endsAt.toISOString()}, because of ${hold.reason}.`)
    : null;
}
