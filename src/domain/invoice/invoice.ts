import type { CreditTerms } from '../fee/fee-schedule.ts';
import type { Payment } from '../payment/payment.ts';
import type { InvoiceState } from './invoice-status.ts';

/** What a quote asks for and on which terms its payments are credited. */
export interface QuoteTerms extends CreditTerms {
  readonly id: string;
  readonly asset: string;
  readonly network: string;
  /** The part of the invoice's amount that it asks for, in the invoice's currency. */
  readonly price: bigint;
  /** What is to be sent for it, in the asset's smallest unit. */
  readonly amount: bigint;
  /** A payment from then on is worth what the quote says, until `expiresAt` or the next quote of the same way. */
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/** What the rules need to know of an invoice; amounts in the smallest unit of its currency. */
export interface Invoice extends InvoiceState {
  readonly id: string;
  readonly merchantId: string;
  readonly projectId: string;
  readonly mode: 'TEST' | 'LIVE';
  readonly currency: string;
  readonly amount: bigint;
  /** Value of the counted payments that were seen. */
  readonly amountSeen: bigint;
  /** Value of the counted payments that are confirmed. */
  readonly amountPaid: bigint;
  /** The value that was taken for the whole, by the merchant or within the threshold; null while the amount is due. */
  readonly accepted: bigint | null;
  /** What refunds that stand give back of it, in the invoice's currency (FEATURES G1). */
  readonly refunded: bigint;
  readonly orderId: string | null;
  readonly expiresAt: Date;
  readonly paidAt: Date | null;
  /** Oldest first. */
  readonly quotes: readonly QuoteTerms[];
  /** In the order in which they were first seen. */
  readonly payments: readonly Payment[];
}

/** What every invoice begins with. */
export const UNPAID = {
  status: 'CREATED',
  exception: 'NONE',
  amountSeen: 0n,
  amountPaid: 0n,
  accepted: null,
  refunded: 0n,
  paidAt: null,
  quotes: [],
  payments: [],
} as const satisfies Partial<Invoice>;

/** The newest quote of a way to pay; undefined when the payer did not choose it. */
export const latestQuote = (
  { quotes }: Pick<Invoice, 'quotes'>,
  { asset, network }: { readonly asset: string; readonly network: string },
): QuoteTerms | undefined => quotes.findLast((q) => q.asset === asset && q.network === network);

/**
 * The quote by which something was sent at a moment: the newest of then, not of now, because the payer may have asked for
 * another one before it was seen. Blocks may be dated before all quotes: then it is the first.
 */
export function quoteAt(
  { quotes }: Pick<Invoice, 'quotes'>,
  { asset, network, at }: { readonly asset: string; readonly network: string; readonly at: Date },
): QuoteTerms | undefined {
  const ofWay = quotes.filter((q) => q.asset === asset && q.network === network);
  return ofWay.findLast((q) => q.createdAt <= at) ?? ofWay[0];
}

/** Default lifetime of an invoice (FEATURES D1), in seconds. */
export const DEFAULT_LIFETIME_SECONDS = 600;
export const MIN_LIFETIME_SECONDS = 60;
export const MAX_LIFETIME_SECONDS = 7 * 24 * 3600;
