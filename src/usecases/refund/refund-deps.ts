import type { AttemptLimits } from '../ports/attempt-limits.ts';
import type { CanSend } from '../ports/can-send.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { InvoiceStore } from '../ports/invoice-store.ts';
import type { Pause } from '../ports/pause.ts';
import type { PayoutStore } from '../ports/payout-store.ts';
import type { Rates } from '../ports/rates.ts';
import type { RefundStore } from '../ports/refund-store.ts';
import type { Secrets } from '../ports/secrets.ts';
import type { WithdrawalStore } from '../ports/withdrawal-store.ts';

/** What the use cases of refunds need. */
export interface RefundDeps {
  readonly refunds: RefundStore;
  readonly invoices: Pick<InvoiceStore, 'snapshot'>;
  readonly withdrawals: Pick<WithdrawalStore, 'factsFor'>;
  /** Refunds keep to the same limits as payouts. */
  readonly payouts: Pick<PayoutStore, 'policy'>;
  readonly canSend: CanSend;
  readonly rates: Rates;
  readonly limits: AttemptLimits;
  readonly secrets: Pick<Secrets, 'hash' | 'derive'>;
  readonly pause: Pause;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly feed: Pick<EventFeed, 'poke'>;
}
