import { eventActor, type Actor } from '../../domain/access/actor.ts';
import { refundEvent } from '../../domain/refund/refund-events.ts';
import { givenBack } from '../../domain/refund/refund-money.ts';
import { isUnclaimed, type Refund } from '../../domain/refund/refund.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import type { RefundDeps } from './refund-deps.ts';
import { refundPayerTold } from './refund-payer-told.ts';
import { refundFor } from './refund-place.ts';

/**
 * Calls a refund off as long as its payer has not said where it is to go: what was debited is available again, and the
 * link is of no use any more. A repeat gives the same answer.
 */
export type RefundCancel = (
  actor: Actor,
  input: { readonly refundId: string },
) => Promise<Result<{ refundId: string }>>;

export type RefundCancelDeps = Pick<RefundDeps, 'refunds' | 'ids' | 'clock' | 'feed'>;

export const refundCancel =
  ({ refunds, ids, clock, feed }: RefundCancelDeps): RefundCancel =>
  async (actor, { refundId }) => {
    for (;;) {
      const found = await refundFor(refunds, actor, 'payout:write', refundId);
      if (!found.ok) return found;
      const before = found.value;
      if (before.status === 'CANCELLED') return done({ refundId });
      if (!isUnclaimed(before))
        return refuse(
          'WRONG_STATE',
          `The refund is ${before.status}, and its payer has said where it is to go.`,
        );
      const after: Refund = { ...before, status: 'CANCELLED' };
      const at = clock.now();
      const drafts = [refundEvent('refund.cancelled', after), ...(await refundPayerTold(refunds, after))];
      // Another writer only brings it nearer to its end: this ends soon.
      const written = await refunds.change({
        before,
        after,
        claimTokenHash: null,
        entries: [{ ...givenBack(before), id: ids.next() }],
        events: drafts.map((draft) => stampEvent(draft, { id: ids.next(), actor: eventActor(actor), at })),
        at,
      });
      if (!written) continue;
      feed.poke();
      return done({ refundId });
    }
  };
