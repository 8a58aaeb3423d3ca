import { eventActor } from '../../domain/access/actor.ts';
import { refundEvent } from '../../domain/refund/refund-events.ts';
import { arrivesOf } from '../../domain/refund/refund-money.ts';
import { canClaim, type Refund } from '../../domain/refund/refund.ts';
import type { Claim, ClaimShow } from '../claim/claim.ts';
import {
  isOfRevokedKey,
  makeClaim,
  showClaim,
  type Claimable,
  type ClaimingDeps,
} from '../claim/claiming.ts';
import { stampEvent } from '../stamp-event.ts';
import type { RefundDeps } from './refund-deps.ts';

export type RefundClaimDeps = ClaimingDeps & Pick<RefundDeps, 'refunds' | 'ids' | 'feed'>;

/** What the link of a refund is good for (FEATURES G2). */
export const refundClaimShow = (deps: RefundClaimDeps): ClaimShow => showClaim(deps, claimable(deps));

/** Says where a refund is to go. The payout is made by the worker that hears of it (`refund-course`). */
export const refundClaim = (deps: RefundClaimDeps): Claim => makeClaim(deps, claimable(deps));

const claimable = ({ payees, refunds, ids, feed }: RefundClaimDeps): Claimable<Refund> => ({
  async find(tokenHash, at) {
    const refund = await refunds.byClaimToken(tokenHash);
    if (!refund || !canClaim(refund, at)) return null;
    return (await isOfRevokedKey(payees, 'REFUND', refund)) ? null : refund;
  },
  async offerOf(refund) {
    const { projectName, page } = await refunds.shopName(refund.projectId);
    const { mode, asset, network, networkFee } = refund;
    return {
      shopName: page.title ?? projectName,
      mode,
      asset,
      network,
      networkFee,
      arrives: arrivesOf(refund),
    };
  },
  async claim(before, address, actor, at) {
    const after: Refund = { ...before, address };
    const written = await refunds.change({
      before,
      after,
      claimTokenHash: null,
      entries: [],
      events: [
        stampEvent(refundEvent('refund.claimed', after), { id: ids.next(), actor: eventActor(actor), at }),
      ],
      at,
    });
    if (written) feed.poke();
    return written;
  },
});
