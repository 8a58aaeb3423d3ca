import type { AddressFormats } from '../ports/address-formats.ts';
import type { CanSend } from '../ports/can-send.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { PayoutStore } from '../ports/payout-store.ts';
import type { PayoutTerms } from '../ports/payout-terms.ts';
import type { Secrets } from '../ports/secrets.ts';
import type { PayoutCheck } from './payout-check.ts';

/** What asking for a payout needs, by whatever path. */
export interface PayoutDeps {
  readonly payouts: PayoutStore;
  readonly terms: PayoutTerms;
  readonly formats: AddressFormats;
  readonly canSend: CanSend;
  readonly payoutCheck: PayoutCheck;
  readonly secrets: Pick<Secrets, 'hash'>;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly feed: Pick<EventFeed, 'poke'>;
}
