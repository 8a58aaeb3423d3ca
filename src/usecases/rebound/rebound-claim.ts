import { eventActor } from '../../domain/access/actor.ts';
import { reboundEvent } from '../../domain/rebound/rebound-events.ts';
import { arrivesOf, canClaim, type Rebound } from '../../domain/rebound/rebound.ts';
import type { Claim, ClaimShow } from '../claim/claim.ts';
import {
  isOfRevokedKey,
  makeClaim,
  showClaim,
  type Claimable,
  type ClaimingDeps,
} from '../claim/claiming.ts';
import { stampEvent } from '../stamp-event.ts';
import type { ReboundDeps } from './rebound-deps.ts';

export type ReboundClaimDeps = ClaimingDeps & Pick<ReboundDeps, 'rebounds' | 'refunds' | 'ids' | 'feed'>;

/** What the link of a rebound is good for (FEATURES G3). */
export const reboundClaimShow = (deps: ReboundClaimDeps): ClaimShow => showClaim(deps, claimable(deps));

/**
 * Says where a rebound is to go: from then on nobody decides otherwise on the payment's held money. The payout is made by
 * the worker that hears of it (`refund-course`).
 */
export const reboundClaim = (deps: ReboundClaimDeps): Claim => makeClaim(deps, claimable(deps));

const claimable = ({ payees, rebounds, refunds, ids, feed }: ReboundClaimDeps): Claimable<Rebound> => ({
  async find(tokenHash, at) {
    const rebound = await rebounds.byClaimToken(tokenHash);
    if (!rebound || !canClaim(rebound, at)) return null;
    return (await isOfRevokedKey(payees, 'REBOUND', { ...rebound, createdBy: null })) ? null : rebound;
  },
  async offerOf(rebound) {
    const { projectName, page } = await refunds.shopName(rebound.projectId);
    const { mode, asset, network, networkFee } = rebound;
    return {
      shopName: page.title ?? projectName,
      mode,
      asset,
      network,
      networkFee,
      arrives: arrivesOf(rebound),
    };
  },
  async claim(before, address, actor, at) {
    const after: Rebound = { ...before, status: 'WITHDRAW_REQUESTED', address };
    const written = await rebounds.change({
      before,
      after,
      decision: { from: 'REBOUND', to: 'REBOUNDED' },
      claimTokenHash: null,
      entries: [],
      events: [
        stampEvent(reboundEvent('rebound.withdraw_requested', after), {
          id: ids.next(),
          actor: eventActor(actor),
          at,
        }),
      ],
      at,
    });
    if (written) feed.poke();
    return written;
  },
});
