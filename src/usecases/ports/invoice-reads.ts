import type { Mode } from '../../domain/access/actor.ts';
import type { InvoiceException, InvoiceStatus } from '../../domain/invoice/invoice-status.ts';
import type { PaymentView } from './payment-reads.ts';

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
  /** Null while the amount itself is due. */
  readonly accepted: bigint | null;
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
  readonly paidAt: Date | null;
  /** Oldest first; empty when the children were not asked for. */
  readonly quotes: readonly QuoteView[];
  readonly payments: readonly PaymentView[];
}

export interface QuoteView {
  readonly id: string;
  readonly asset: string;
  readonly network: string;
  /** The part of the invoice's amount that it asks for, in the invoice's currency. */
  readonly price: bigint;
  readonly amount: bigint;
  readonly feeBasisPoints: number;
  readonly fixedFee: bigint;
  readonly networkFee: bigint;
  readonly settlementCurrency: string | null;
  readonly settlementRate: string | null;
  /** Price of one whole unit of the asset in the currency of the invoice, a decimal. */
  readonly rate: string;
  readonly rateSource: string;
  readonly rateAt: Date;
  readonly address: string;
  readonly expiresAt: Date;
}

/** By which of its moments a list of invoices goes. */
export type InvoiceMoment = 'createdAt' | 'paidAt';

export interface InvoiceOrder {
  /** With `paidAt` the list holds what was paid, nothing else. */
  readonly by: InvoiceMoment;
  readonly newestFirst: boolean;
}

/** Where an invoice stands in a list: the moment that the list goes by, and the id. */
export interface InvoicePlace {
  readonly createdAt: Date;
  readonly id: string;
}

/** Which invoices a list has; all conditions hold. */
export interface InvoiceConditions {
  /** Any of these; all when left out. */
  readonly status?: readonly InvoiceStatus[];
  readonly exception?: readonly InvoiceException[];
  readonly currency?: string;
  /** In the currency's smallest unit, inclusive; only with a currency. */
  readonly minAmount?: bigint;
  readonly maxAmount?: bigint;
  readonly orderId?: string;
  readonly customerRef?: string;
  readonly subMerchantId?: string;
  readonly paymentLinkId?: string;
  readonly createdFrom?: Date;
  readonly createdBefore?: Date;
  readonly paidFrom?: Date;
  readonly paidBefore?: Date;
  /** Begins the order id or e-mail address in any case, or words of the description, or a transaction id. */
  readonly search?: string;
}

/** A list of invoices: of these projects, in one mode. */
export interface InvoiceList extends InvoiceConditions {
  readonly projectIds: readonly string[];
  readonly mode: Mode;
  /** By creation, newest first, when left out. */
  readonly order?: InvoiceOrder;
}

export interface InvoicePageQuery extends InvoiceList {
  /** Only what comes behind this place in the list. */
  readonly after?: InvoicePlace;
  /** Only what comes before this place in the list. */
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
