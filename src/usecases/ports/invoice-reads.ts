import type { Mode } from '../../domain/access/actor.ts';
import type { InvoiceException, InvoiceStatus } from '../../domain/invoice/invoice-status.ts';
import type { PaymentException, PaymentStatus } from '../../domain/invoice/payment.ts';

/** An invoice as it is shown. Amounts are in the smallest unit of their currency. */
export interface InvoiceView {
  readonly id: string;
  readonly merchantId: string;
  readonly projectId: string;
  readonly mode: Mode;
  readonly currency: string;
  readonly amount: bigint;
  readonly status: InvoiceStatus;
  readonly exception: InvoiceException;
  readonly amountSeen: bigint;
  readonly amountPaid: bigint;
  readonly orderId: string | null;
  readonly description: string | null;
  readonly customerEmail: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly returnUrl: string | null;
  readonly cancelUrl: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly paidAt: Date | null;
  /** Oldest first; empty when the children were not asked for. */
  readonly quotes: readonly QuoteView[];
  readonly payments: readonly PaymentView[];
}

export interface QuoteView {
  readonly id: string;
  readonly asset: string;
  readonly network: string;
  readonly amount: bigint;
  /** Price of one whole unit of the asset in the currency of the invoice, a decimal. */
  readonly rate: string;
  readonly rateSource: string;
  readonly rateAt: Date;
  readonly address: string;
  readonly expiresAt: Date;
}

export interface PaymentView {
  readonly id: string;
  readonly status: PaymentStatus;
  readonly exception: PaymentException;
  readonly asset: string;
  readonly network: string;
  readonly amount: bigint;
  readonly txId: string;
  readonly blockHeight: bigint;
  readonly detectedAt: Date;
  readonly creditedAt: Date | null;
}

/** Where an invoice stands in the lists, which go from the newest to the oldest. */
export interface InvoicePlace {
  readonly createdAt: Date;
  readonly id: string;
}

export interface InvoicePageQuery {
  readonly projectId: string;
  readonly mode: Mode;
  /** Any of these; all when left out. */
  readonly status?: readonly InvoiceStatus[];
  readonly orderId?: string;
  readonly currency?: string;
  readonly createdFrom?: Date;
  readonly createdBefore?: Date;
  /** Only what comes behind this place in the list, so what is older. */
  readonly after?: InvoicePlace;
  /** Only what comes before this place in the list, so what is newer. */
  readonly before?: InvoicePlace;
  readonly limit: number;
  /** Begins at the end of the list and goes towards its start. */
  readonly fromEnd: boolean;
  readonly children: boolean;
}

/** The reads that are asked most, one prepared statement each whatever is selected. No rights are checked here. */
export interface InvoiceReads {
  byIds(ids: readonly string[], children: boolean): Promise<InvoiceView[]>;
  byId(id: string, children: boolean): Promise<InvoiceView | null>;
  /** In the order in which the list was walked. */
  page(query: InvoicePageQuery): Promise<InvoiceView[]>;
}
