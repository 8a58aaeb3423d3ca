import type { NewEvent } from '../../domain/event/event.ts';
import type { LedgerEntry } from '../../domain/ledger/entries.ts';
import type { PageSettings } from '../../domain/project/page-settings.ts';
import type { StandingRefund } from '../../domain/refund/refund-limits.ts';
import type { PayoutPolicy } from '../../domain/payout/payout-policy.ts';
import type { Refund } from '../../domain/refund/refund.ts';
import type { Idempotency } from './invoice-store.ts';

/** What a refund needs of its invoice besides the money. */
export interface RefundInvoice {
  /** External id of the sub-merchant for whom an acquirer asked (FEATURES C5). */
  readonly subMerchantId: string | null;
  readonly customerEmail: string | null;
  /** The sum of the refunds that stand, in the invoice's currency. */
  readonly standing: bigint;
}

/** Who asks a payer where money is to go. */
export interface ShopName {
  readonly projectName: string;
  readonly merchantName: string;
  readonly page: PageSettings;
}

type Entry = LedgerEntry & { readonly id: string };

export interface NewRefund {
  readonly refund: Refund;
  /** The revision of the invoice by which `captured` was computed. */
  readonly invoiceRevision: number;
  /** What was captured of the invoice, in its currency: refunds that stand never come to more. */
  readonly captured: bigint;
  /** SHA-256 of the token of the claim link that is sent with it, if one is. */
  readonly claimTokenHash: Uint8Array | null;
  readonly entries: readonly Entry[];
  readonly events: readonly NewEvent[];
  readonly idempotency: Idempotency | null;
  /**
   * What may leave within the 24 hours before `refund.createdAt`, payouts included, by currency: asked for the asset, and
   * for what is debited.
   */
  readonly dailyLimit: PayoutPolicy['dailyLimit'];
}

/** By what a refund may be refused. */
export type RefundSums = Pick<NewRefund, 'refund' | 'invoiceRevision' | 'captured' | 'dailyLimit'>;

export type KeyUsed =
  | { readonly kind: 'replayed'; readonly resultId: string }
  | { readonly kind: 'key_reused' };

export type RefundCreated =
  | { readonly kind: 'created' }
  | KeyUsed
  /** The invoice was changed since it was read. */
  | { readonly kind: 'stale' }
  /** More than was captured. */
  | { readonly kind: 'limit_reached' }
  /** More than may leave in a day. */
  | { readonly kind: 'day_limit_reached' }
  /** AVAILABLE, less what is owed, has less. */
  | { readonly kind: 'balance_short' }
  | { readonly kind: 'merchant_closed' };

export interface RefundChange {
  /** As it was seen: its revision must still hold. */
  readonly before: Refund;
  readonly after: Refund;
  /** Of the link that is sent; null takes the link away; left out, it stays. */
  readonly claimTokenHash?: Uint8Array | null;
  /** Who named an inbox that is not the one the invoice was made with: all who did stay known. */
  readonly inboxNamedBy?: string;
  /** The link that was sent last has run out. */
  readonly claimExpired?: boolean;
  readonly failure?: string;
  readonly entries: readonly Entry[];
  readonly events: readonly NewEvent[];
  /** A repetition of the request with this key changes nothing. */
  readonly idempotency?: Idempotency | null;
  readonly at: Date;
}

/** Refunds (FEATURES G1, G2). Each method is one atomic write or one read; idempotency keys are kept for ever. */
export interface RefundStore {
  /** Null when there is no such invoice. */
  ofInvoice(invoiceId: string): Promise<RefundInvoice | null>;
  /** The refunds of an invoice that neither failed nor were cancelled, oldest first. */
  standingOf(invoiceId: string): Promise<readonly StandingRefund[]>;
  shopName(projectId: string): Promise<ShopName>;
  /** Null for a key that was not used. */
  usedBefore(idempotency: Idempotency): Promise<KeyUsed | null>;
  /** What would refuse it now; null for nothing. It is looked at again when it is written. */
  refusalOf(sums: RefundSums): Promise<RefundCreated | null>;
  /** Those of an invoice are made one after the other, under its row lock. */
  create(refund: NewRefund): Promise<RefundCreated>;
  byId(id: string): Promise<Refund | null>;
  byClaimToken(hash: Uint8Array): Promise<Refund | null>;
  /** False when it is another by now. */
  change(change: RefundChange): Promise<boolean>;
}
