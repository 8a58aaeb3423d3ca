/**
 * Double entry (DESIGN §4). Amounts are credit-positive: what the gateway owes is positive, what it holds
 * (CUSTODY) or expects (INCOMING) is negative. Every entry sums to zero per asset.
 */

export type LedgerAccountKind =
  | 'PENDING'
  | 'AVAILABLE'
  | 'HELD'
  /** A merchant's debt: negative by what a merchant owes. */
  | 'OWED'
  | 'INCOMING'
  | 'CUSTODY'
  | 'FEES'
  | 'NETWORK_FEES'
  | 'CONVERSION';

export interface AccountRef {
  readonly kind: LedgerAccountKind;
  readonly asset: string;
  /** Null for the gateway's own accounts. */
  readonly merchantId: string | null;
  /** Set for the gateway's own accounts that belong to one network. */
  readonly network: string | null;
}

export interface PostingDraft {
  readonly account: AccountRef;
  /** In the asset's smallest unit; never zero. */
  readonly amount: bigint;
}

/** The steps of a payment's money; each happens at most once a sighting. */
export type PaymentStep = 'DETECTED' | 'CREDITED' | 'HELD' | 'RELEASED' | 'ORPHANED' | 'REVERSED';

/** The steps of a payout's money: it is set aside, and then sent, or given back. */
export type PayoutStep = 'REQUESTED' | 'SENT' | 'RETURNED';

/** The steps of a refund's money: it is set aside in what is sent, and given back where it is not sent. */
export type RefundStep = 'DEBITED' | 'RETURNED';

/** A rebound was not sent, or what it owes was paid by its payment, which the chain showed again (by sighting). */
export type ReboundStep = 'RETURNED' | 'SETTLED';

/** What a transaction of the gateway's own cost, also where it carried nothing. */
export type SpendStep = 'MINED';

/** A set of postings, made once for (sourceType, sourceId, kind). */
export interface LedgerEntry {
  readonly sourceType: 'PAYMENT' | 'PAYOUT' | 'REFUND' | 'REBOUND' | 'SPEND';
  /** The row's id; with a payment, and a rebound that is settled, the sighting: each is a source of its own. */
  readonly sourceId: string;
  readonly kind: PaymentStep | PayoutStep | RefundStep | ReboundStep | SpendStep;
  readonly postings: readonly PostingDraft[];
}
