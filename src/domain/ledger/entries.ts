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

/** A set of postings, made once for (sourceType, sourceId, kind). */
export interface LedgerEntry {
  readonly sourceType: 'PAYMENT';
  /** The payment's id and sighting: a sighting after a reorg is a source of its own. */
  readonly sourceId: string;
  readonly kind: PaymentStep;
  readonly postings: readonly PostingDraft[];
}
