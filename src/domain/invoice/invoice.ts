import type { InvoiceState } from './invoice-status.ts';
import type { Payment } from './payment.ts';

export interface QuoteTerms {
  readonly id: string;
  readonly asset: string;
  readonly network: string;
  /** In the asset's smallest unit. */
  readonly amount: bigint;
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
  readonly orderId: string | null;
  readonly expiresAt: Date;
  readonly paidAt: Date | null;
  readonly quotes: readonly QuoteTerms[];
  readonly payments: readonly Payment[];
}

/** What every invoice begins with. */
export const UNPAID = {
  status: 'CREATED',
  exception: 'NONE',
  amountSeen: 0n,
  amountPaid: 0n,
  paidAt: null,
  quotes: [],
  payments: [],
} as const satisfies Partial<Invoice>;

/** Default lifetime of an invoice (FEATURES D1), in seconds. */
export const DEFAULT_LIFETIME_SECONDS = 600;
export const MIN_LIFETIME_SECONDS = 60;
export const MAX_LIFETIME_SECONDS = 7 * 24 * 3600;
