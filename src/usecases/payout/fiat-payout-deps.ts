import type { Clock } from '../ports/clock.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { PayoutStore } from '../ports/payout-store.ts';
import type { PayoutCheck } from './payout-check.ts';

/** What operators need to decide on a payout to a bank account. */
export interface FiatPayoutDeps {
  readonly payouts: Pick<PayoutStore, 'byId' | 'namesOf' | 'change'>;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly feed: Pick<EventFeed, 'poke'>;
}

export interface FiatPayoutTakeDeps extends Pick<FiatPayoutDeps, 'ids' | 'clock' | 'feed'> {
  readonly payouts: Pick<PayoutStore, 'byId' | 'take' | 'isBeyondDay'>;
  readonly payoutCheck: PayoutCheck;
}
