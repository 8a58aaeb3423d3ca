import type { NewEvent } from '../../domain/event/event.ts';
import type { LedgerEntry } from '../../domain/ledger/entries.ts';
import type { HeldDecision } from '../../domain/payment/payment.ts';
import type { Rebound } from '../../domain/rebound/rebound.ts';
import type { Idempotency } from './invoice-store.ts';

export interface ReboundChange {
  /** As it was seen: its revision must still hold. */
  readonly before: Rebound;
  readonly after: Rebound;
  /**
   * The payment's decision must be the first and becomes the second, with its held part as large as the rebound and the
   * chain still showing it. Left out where the payment stays as it is.
   */
  readonly decision?: { readonly from: HeldDecision; readonly to: HeldDecision };
  /** Of the link that is sent; null takes the link away; left out, it stays. */
  readonly claimTokenHash?: Uint8Array | null;
  /** Who named an inbox that is not the one the invoice was made with: all who did stay known. */
  readonly inboxNamedBy?: string;
  /** The link that was sent last has run out. */
  readonly claimExpired?: boolean;
  readonly failure?: string;
  readonly entries: readonly (LedgerEntry & { readonly id: string })[];
  readonly events: readonly NewEvent[];
  /** A repetition of the request with this key changes nothing. */
  readonly idempotency?: Idempotency | null;
  readonly at: Date;
}

export type InboxNamed = 'named' | 'stale' | 'day_limit_reached';

/** Rebounds (FEATURES G3). Each method is one atomic write or one read. */
export interface ReboundStore {
  /**
   * False, and nothing written, when one stands for the payment, or the payment is not to go back with this amount any
   * more. One that has ended already takes the decision off the payment.
   */
  create(
    rebound: Rebound,
    write: {
      readonly claimTokenHash: Uint8Array | null;
      readonly failure: string | null;
      readonly events: readonly NewEvent[];
    },
  ): Promise<boolean>;
  byId(id: string): Promise<Rebound | null>;
  byClaimToken(hash: Uint8Array): Promise<Rebound | null>;
  /** The one that was not rejected: a payment never has two. */
  standingOf(paymentId: string): Promise<Rebound | null>;
  /** The address of the invoice's customer, if it is known. */
  customerEmailOf(invoiceId: string): Promise<string | null>;
  /** False when rebound or payment is another by now. */
  change(change: ReboundChange): Promise<boolean>;
  /**
   * Of an inbox that somebody named: from the first time on the rebound counts towards the day's limit, as a refund does
   * from its beginning.
   *
   * @param dailyLimit what may leave in the asset within the 24 hours before, payouts included; null for no limit
   */
  nameInbox(change: ReboundChange, dailyLimit: bigint | null): Promise<InboxNamed>;
}
