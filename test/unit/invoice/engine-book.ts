import type { ChangeContext, SeenTransfer } from '../../../src/domain/invoice/invoice-change.ts';
import type { InvoiceException, InvoiceStatus } from '../../../src/domain/invoice/invoice-status.ts';
import type { QuoteTerms } from '../../../src/domain/invoice/invoice.ts';
import type { HeldReason, PaymentException } from '../../../src/domain/payment/payment.ts';
import type { ModelLedger } from './engine-ledger.ts';
import { worthByQuote, worthByRate, type PriceNow } from './engine-prices.ts';

/** A payment as the model sees it: where it stands, and where its money is. */
export interface ModelPayment {
  readonly id: string;
  readonly transfer: SeenTransfer;
  stage: 'POOL' | 'BLOCK' | 'SURE' | 'GONE';
  block: string | null;
  exception: PaymentException;
  quoteId: string | null;
  price: PriceNow | null;
  showings: number;
  goneAt: Date | null;
  released: bigint;
  held: bigint;
  heldFor: HeldReason | null;
  goesBack: boolean;
  fee: bigint;
  networkFee: bigint;
  received: bigint;
  receivedIn: string | null;
}

export interface ModelInvoice {
  readonly currency: string;
  readonly amount: bigint;
  readonly expiresAt: Date;
  readonly quotes: QuoteTerms[];
  readonly payments: ModelPayment[];
  readonly ledger: ModelLedger;
  status: InvoiceStatus;
  exception: InvoiceException;
  accepted: bigint | null;
  paidAt: Date | null;
}

export type Test = (p: ModelPayment) => boolean;

/** One action at work: what it is computed by, and what it tells of payments. */
export interface Turn extends ChangeContext {
  readonly i: ModelInvoice;
  say(p: ModelPayment, what: string): void;
}

export const isSure: Test = (p) => p.stage === 'SURE';
export const isThere: Test = (p) => p.stage !== 'GONE';
export const counted: Test = (p) => p.exception === 'NONE';
export const waits: Test = (p) => isSure(p) && p.released === 0n && p.held === 0n;
export const isPaid = (i: ModelInvoice): boolean => i.status === 'PAID' || i.status === 'OVERPAID';

/** Value of some payments; `part` says how much of each is looked at. */
export function valueOf(
  i: ModelInvoice,
  test: Test,
  part = (p: ModelPayment): bigint => p.transfer.amount,
): bigint {
  let value = 0n;
  for (const quote of i.quotes) {
    let sent = 0n;
    for (const p of i.payments) if (test(p) && p.quoteId === quote.id) sent += part(p);
    value += worthByQuote(sent, quote);
  }
  for (const p of i.payments) {
    if (test(p) && p.quoteId === null && p.price) {
      value += worthByRate(part(p), p.transfer.asset, i.currency, p.price.rate);
    }
  }
  return value;
}
