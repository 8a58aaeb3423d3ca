import { priceOf, withSpread } from '../money/rate-table.ts';
import {
  UNSETTLED,
  type OwnPrice,
  type Payment,
  type PaymentException,
  type Settlement,
} from '../payment/payment.ts';
import type { PaymentRules } from '../project/payment-rules.ts';
import type { ChangeContext, SeenTransfer } from './invoice-change.ts';
import { quoteAt, type Invoice, type QuoteTerms } from './invoice.ts';
import { canReceive, isPaid } from './invoice-status.ts';

/** Clocks of miners and payers differ; so much later is still in time. */
const GRACE_MILLISECONDS = 60_000;

const isInTime = (at: Date, end: Date): boolean => at.getTime() <= end.getTime() + GRACE_MILLISECONDS;

/** The payment that a transfer is to its invoice when it arrives, or comes again after the chain took it back. */
export function arrive(
  invoice: Invoice,
  known: Payment | undefined,
  transfer: SeenTransfer,
  context: ChangeContext,
): Payment {
  const { at, ...seen } = transfer;
  const quote = quoteAt(invoice, transfer);
  // Executed again in another block, a contract may send another asset: what was said of the old one is void.
  const before = known?.asset === transfer.asset ? known : undefined;
  const arrival = arrivalOf(invoice, before, quote, at);
  const pricing = before ?? priced(invoice, transfer, quote, arrival, context);
  return {
    ...seen,
    ...UNSETTLED,
    id: known?.id ?? transfer.id,
    quoteId: pricing.quoteId,
    price: pricing.price,
    status: transfer.blockHash === null ? 'DETECTED' : 'CONFIRMING',
    exception: arrival === 'NONE' && !pricing.quoteId && !pricing.price ? 'UNPRICED' : arrival,
    sighting: (known?.sighting ?? 0) + 1,
    orphanedAt: null,
  };
}

/** What makes a transfer special (RULES 4). One that counted before counts again while the invoice is open. */
function arrivalOf(
  invoice: Invoice,
  known: Payment | undefined,
  quote: QuoteTerms | undefined,
  at: Date,
): PaymentException {
  if (!quote) return 'WRONG_ASSET';
  if (isPaid(invoice)) return 'DUPLICATE';
  if (!canReceive(invoice)) return invoice.exception === 'CANCELLED' ? 'AFTER_CANCEL' : 'LATE';
  if (known?.exception === 'NONE') return 'NONE';
  return isInTime(at, invoice.expiresAt) ? 'NONE' : 'LATE';
}

type Pricing = Pick<Payment, 'quoteId' | 'price'>;

/** In time it is worth what the quote says, otherwise what the asset is worth at this moment (RULES 6). */
function priced(
  invoice: Invoice,
  transfer: SeenTransfer,
  quote: QuoteTerms | undefined,
  arrival: PaymentException,
  context: ChangeContext,
): Pricing {
  if (quote && arrival === 'NONE' && isInTime(transfer.at, quote.expiresAt)) {
    return { quoteId: quote.id, price: null };
  }
  return { quoteId: null, price: ownPrice(transfer.asset, invoice.currency, context) };
}

/** The price of an asset now; null when there is no fresh rate for all that it needs. */
export function ownPrice(
  asset: string,
  currency: string,
  { rates, rules, now }: Pick<ChangeContext, 'rates' | 'rules' | 'now'>,
): OwnPrice | null {
  const rate = priceOf(rates, asset, currency, now);
  const settlement = settlementNow(asset, { rates, rules, now });
  if (!rate || settlement === 'UNPRICED') return null;
  const { scaled, source, at } = asset === currency ? rate : withSpread(rate, rules.rateSpreadBasisPoints);
  return { rate: scaled, source, at, settlement };
}

/** What an asset is converted to now, and at which rate; null when it is credited itself. */
export function settlementNow(
  asset: string,
  { rates, rules, now }: { readonly rules: PaymentRules } & Pick<ChangeContext, 'rates' | 'now'>,
): Settlement | null | 'UNPRICED' {
  const currency = rules.settlementCurrency;
  if (currency === null || currency === asset) return null;
  const rate = priceOf(rates, asset, currency, now);
  return rate ? { currency, rate: withSpread(rate, rules.rateSpreadBasisPoints).scaled } : 'UNPRICED';
}
