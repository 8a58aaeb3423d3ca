import type { BankAccountStore } from '../ports/bank-account-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';

/** What changes of bank accounts need. */
export interface BankAccountDeps {
  readonly bankAccounts: BankAccountStore;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly feed: Pick<EventFeed, 'poke'>;
}
