import { payoutEvent } from '../../domain/payout/payout-events.ts';
import { failed } from '../../domain/payout/payout-money.ts';
import type { PayoutFailure } from '../../domain/payout/payout-waits.ts';
import type { Payout } from '../../domain/payout/payout.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { Clock } from '../ports/clock.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { PayoutStore } from '../ports/payout-store.ts';
import { systemStamp } from '../stamp-event.ts';

/**
 * Ends a queued payout that the chain would not carry out; its money is available again, that of a refund or rebound waits
 * for its owner's decision. False when the payout has gone on meanwhile.
 */
export type PayoutFail = (payout: Payout, reason: PayoutFailure) => Promise<boolean>;

export interface PayoutFailDeps {
  readonly payouts: Pick<PayoutStore, 'change'>;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly feed: Pick<EventFeed, 'poke'>;
}

export const payoutFail =
  ({ payouts, ids, clock, feed }: PayoutFailDeps): PayoutFail =>
  async (payout, reason) => {
    const after: Payout = { ...payout, status: 'FAILED' };
    const written = await payouts.change({
      before: payout,
      after,
      failure: reason,
      entries: failed(payout).map((entry) => ({ ...entry, id: ids.next() })),
      events: [systemStamp({ ids, clock })(payoutEvent('payout.failed', after, { reason }))],
      at: clock.now(),
    });
    if (written) feed.poke();
    return written;
  };
