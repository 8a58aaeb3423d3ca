import type { NewEvent } from '../../domain/event/event.ts';
import type { CreditTerms } from '../../domain/fee/fee-schedule.ts';
import type { ChangeContext } from '../../domain/invoice/invoice-change.ts';
import type { Invoice } from '../../domain/invoice/invoice.ts';
import type { LedgerEntry } from '../../domain/ledger/entries.ts';
import type { Payment } from '../../domain/payment/payment.ts';

export interface NewInvoice {
  readonly id: string;
  readonly merchantId: string;
  readonly projectId: string;
  readonly mode: 'TEST' | 'LIVE';
  readonly currency: string;
  readonly amount: bigint;
  readonly orderId: string | null;
  readonly description: string | null;
  readonly customerEmail: string | null;
  readonly customerRef: string | null;
  readonly subMerchantId: string | null;
  readonly paymentLinkId: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly returnUrl: string | null;
  readonly cancelUrl: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

export interface Idempotency {
  /** The person's id, or the API key's: of keys that took one another's place the first one's. */
  readonly ownerId: string;
  readonly operation: string;
  readonly key: string;
  /** SHA-256 of the normalised input. */
  readonly inputHash: Uint8Array;
}

export type CreateOutcome =
  | { readonly kind: 'created' }
  /** The same key and input made this row before. */
  | { readonly kind: 'replayed'; readonly resultId: string }
  | { readonly kind: 'key_reused' }
  /** It was blocked or archived, maybe together with its merchant, since it was looked at. */
  | { readonly kind: 'project_barred' };

export interface NewQuote extends CreditTerms {
  readonly id: string;
  readonly invoiceId: string;
  readonly asset: string;
  readonly network: string;
  /** The part of the invoice's amount that it asks for, in the invoice's currency. */
  readonly price: bigint;
  /** What is to be sent for it, in the asset's smallest unit. */
  readonly amount: bigint;
  /** Scaled by 10^18, the spread taken off. */
  readonly rate: bigint;
  readonly spreadBasisPoints: number;
  readonly rateSource: string;
  readonly rateAt: Date;
  readonly address: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/** An invoice at the revision at which it was read, and what its changes are computed by. */
export interface InvoiceSnapshot extends Pick<ChangeContext, 'rules' | 'fees' | 'balances'> {
  readonly invoice: Invoice;
  readonly revision: number;
}

export interface InvoiceWrite {
  readonly invoice: Invoice;
  /** The revision that the change was computed from. */
  readonly revision: number;
  readonly payments: readonly Payment[];
  readonly entries: readonly (LedgerEntry & { readonly id: string })[];
  readonly events: readonly NewEvent[];
  readonly at: Date;
}

export interface ExpiredInvoice {
  readonly id: string;
  readonly expiresAt: Date;
}

export interface InvoiceStore {
  /** Invoice, idempotency key and event in one statement. A concurrent request with the same key is waited for. */
  create(invoice: NewInvoice, event: NewEvent, idempotency: Idempotency | null): Promise<CreateOutcome>;
  snapshot(invoiceId: string): Promise<InvoiceSnapshot | null>;
  /** The invoice that a payment belongs to. */
  snapshotOfPayment(paymentId: string): Promise<InvoiceSnapshot | null>;
  /**
   * Adds the quote at the revision seen. 'stale' when another writer was first, who may have added the same
   * quote. The address must have been given to this invoice before.
   */
  addQuote(quote: NewQuote, revision: number, event: NewEvent): Promise<'written' | 'stale'>;
  /** State, payments, ledger and events in one statement, or nothing: 'stale' when another writer was first. */
  write(change: InvoiceWrite): Promise<'written' | 'stale'>;
  /**
   * Open invoices whose time is over, oldest first, after the one named. A LIVE invoice waits, a day at most, until
   * the networks of its quotes are read to a head of after its expiry.
   */
  expired(at: Date, limit: number, after: ExpiredInvoice | null): Promise<ExpiredInvoice[]>;
}
