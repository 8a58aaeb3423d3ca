import type { Clock } from '../ports/clock.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { WithdrawalStore } from '../ports/withdrawal-store.ts';

/** What changes of the whitelist need. */
export interface WithdrawalDeps {
  readonly withdrawals: WithdrawalStore;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly feed: Pick<EventFeed, 'poke'>;
}
