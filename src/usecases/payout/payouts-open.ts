import type { Mode, UserActor } from '../../domain/access/actor.ts';
import { may } from '../../domain/access/rights.ts';
import { waitsForMember } from '../../domain/payout/payout-consent.ts';
import type { Payout } from '../../domain/payout/payout.ts';
import type { Clock } from '../ports/clock.ts';
import type { OpenPayout, PayoutReads } from '../ports/payout-reads.ts';
import { done, refuse, type Result } from '../result.ts';

/** With whether it waits for the person who looks at it. */
export interface PayoutToSee extends OpenPayout {
  readonly waitsForMe: boolean;
}

/**
 * What of a merchant's payouts has not ended, newest first, as far as the person may see it (FEATURES N10).
 * Refusal: NOT_FOUND, for a merchant whose payouts the person does not see.
 */
export type PayoutsOpen = (
  actor: UserActor,
  input: { readonly merchantId: string; readonly mode: Mode; readonly limit: number },
) => Promise<Result<readonly PayoutToSee[]>>;

export const payoutsOpen =
  ({
    payoutReads,
    clock,
  }: {
    readonly payoutReads: Pick<PayoutReads, 'open'>;
    readonly clock: Clock;
  }): PayoutsOpen =>
  async (actor, { merchantId, mode, limit }) => {
    if (!may(actor, 'payout:read', { merchantId, mode }))
      return refuse('NOT_FOUND', 'There is no such merchant.', 'merchantId');
    const at = clock.now();
    const open = await payoutReads.open({ merchantId, mode }, actor.userId, limit);
    return done(
      open.map(({ viewer, ...one }) => ({
        ...one,
        waitsForMe:
          may(actor, 'payout:write', placeOfPayout(one.payout)) && waitsForMember(one.payout, viewer, at),
      })),
    );
  };

/** Where the right to a payout is asked for. */
export const placeOfPayout = ({ merchantId, projectId, mode }: Payout) => ({
  merchantId,
  mode,
  ...(projectId === null ? {} : { projectId }),
});
