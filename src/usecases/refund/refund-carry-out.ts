import { SYSTEM, eventActor } from '../../domain/access/actor.ts';
import type { PayoutStatus } from '../../domain/payout/payout.ts';
import { refundEvent } from '../../domain/refund/refund-events.ts';
import { givenBack } from '../../domain/refund/refund-money.ts';
import { isUnderWay, type Refund } from '../../domain/refund/refund.ts';
import type { PayoutForSource } from '../payout/payout-for-source.ts';
import type { PayoutStore } from '../ports/payout-store.ts';
import { stampEvent } from '../stamp-event.ts';
import type { RefundDeps } from './refund-deps.ts';
import { refundPayerTold } from './refund-payer-told.ts';
import { refundUncovered, type RefundUncoveredDeps } from './refund-uncovered.ts';

export type RefundEndDeps = Pick<RefundDeps, 'refunds' | 'ids' | 'clock' | 'feed'>;

interface CarryingOut {
  readonly payouts: Pick<PayoutStore, 'ofSource'>;
  readonly payoutForSource: PayoutForSource;
}

/**
 * Makes the payout of a refund whose payer said where it is to go, if its payment is still there. Does nothing for another
 * one; safe to repeat.
 */
export const refundCarryOut =
  ({ payoutForSource, payouts, ...deps }: RefundUncoveredDeps & CarryingOut) =>
  async (refundId: string): Promise<void> => {
    const refund = await deps.refunds.byId(refundId);
    if (!refund || !isUnderWay(refund) || refund.address === null) return;
    // One that has its payout goes the way of that.
    if (!(await payouts.ofSource('REFUND', refundId)) && (await refundUncovered(deps, refund))) return;
    const { id, merchantId, projectId, mode, asset, network, assetAmount, networkFee, createdBy } = refund;
    await payoutForSource(
      {
        origin: 'REFUND',
        id,
        merchantId,
        projectId,
        mode,
        currency: asset,
        network,
        debited: assetAmount,
        networkFee,
        createdBy,
      },
      refund.address,
    );
  };

/** How a payout ended. */
export interface PayoutEnd {
  readonly status: Extract<PayoutStatus, 'CONFIRMED' | 'FAILED' | 'CANCELLED' | 'REJECTED'>;
  /** The transaction that carried it, or failed; null for one that was never sent. */
  readonly txId: string | null;
  /** Why the gateway ended it, where it did. */
  readonly failure: string | null;
}

/** Why what a payout was to carry out ended without it: what a person typed is the payout's alone. */
export const failureOf = ({ status, failure }: PayoutEnd): string =>
  (status === 'FAILED' ? failure : null) ?? `PAYOUT_${status}`;

const END_OF = {
  CONFIRMED: 'SUCCEEDED',
  FAILED: 'FAILED',
  REJECTED: 'FAILED',
  CANCELLED: 'CANCELLED',
} as const satisfies Record<PayoutEnd['status'], Refund['status']>;

const EVENT_OF = {
  SUCCEEDED: 'refund.succeeded',
  FAILED: 'refund.failed',
  CANCELLED: 'refund.cancelled',
} as const;

/** Ends a refund as its payout ended: where nothing was sent, what was debited is available again. Safe to repeat. */
export const refundEnd =
  ({ refunds, ids, clock, feed }: RefundEndDeps) =>
  async (refundId: string, end: PayoutEnd): Promise<void> => {
    const before = await refunds.byId(refundId);
    if (!before || !isUnderWay(before)) return;
    const status = END_OF[end.status];
    const failure = failureOf(end);
    const isSent = status === 'SUCCEEDED';
    const after: Refund = { ...before, status };
    const at = clock.now();
    const drafts = [
      refundEvent(EVENT_OF[status], after, { txId: end.txId, ...(isSent ? {} : { failure }) }),
      ...(await refundPayerTold(refunds, after, end.txId)),
    ];
    const written = await refunds.change({
      before,
      after,
      ...(isSent ? {} : { failure }),
      entries: isSent ? [] : [{ ...givenBack(before), id: ids.next() }],
      events: drafts.map((draft) => stampEvent(draft, { id: ids.next(), actor: eventActor(SYSTEM), at })),
      at,
    });
    // Nobody else changes a refund that is under way.
    if (!written) throw new Error(`refund ${refundId} was changed while it ended`);
    feed.poke();
  };
