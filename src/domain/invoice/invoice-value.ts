import { convert, convertBack } from '../money/rate.ts';
import { divideDown, divideUp } from '../money/money.ts';
import { currencyOf } from '../money/currencies.ts';
import { isSeen, type Payment } from '../payment/payment.ts';
import type { PaymentRules } from '../project/payment-rules.ts';
import type { Invoice, QuoteTerms } from './invoice.ts';

/** Counts towards the invoice. */
export const counts = (p: Payment): boolean => p.exception === 'NONE';

/**
 * Value of the matching payments in the invoice's currency: those of one quote are summed first, so that dust adds up;
 * one with a price of its own is worth what that says. What has no price is worth nothing here.
 */
export function valueOf(
  invoice: Pick<Invoice, 'currency' | 'quotes' | 'payments'>,
  matches: (p: Payment) => boolean,
  amountOf: (p: Payment) => bigint = ({ amount }) => amount,
): bigint {
  const matching = invoice.payments.filter(matches);
  const quoted = invoice.quotes.map((quote) =>
    quotedValue(
      matching.filter((p) => p.quoteId === quote.id).reduce((sum, p) => sum + amountOf(p), 0n),
      quote,
    ),
  );
  const priced = matching.map((p) =>
    p.price ? convert(amountOf(p), p.asset, invoice.currency, p.price.rate) : 0n,
  );
  return [...quoted, ...priced].reduce((sum, value) => sum + value, 0n);
}

/** What an amount is worth by a quote, rounded down; the quoted amount itself is worth exactly the price. */
const quotedValue = (received: bigint, { price, amount }: QuoteTerms): bigint =>
  divideDown(received * price, amount);

/** Digits of an amount that are told apart; below them a surplus is rounding (RULES 2). */
const TOLD_DIGITS = 8;

/** A surplus below this is dust: one smallest unit, or one hundred-millionth of a coin that has smaller ones. */
export const roundingUnit = (currency: string): bigint =>
  10n ** BigInt(Math.max(0, currencyOf(currency).exponent - TOLD_DIGITS));

/** The least value that pays the invoice: what was accepted, or the amount less the larger threshold (RULES 2). */
export function dueOf(invoice: Invoice, rules: PaymentRules): bigint {
  if (invoice.accepted !== null) return invoice.accepted;
  const absolute = rules.underpaidCurrency === invoice.currency ? (rules.underpaidAmount ?? 0n) : 0n;
  const share = (invoice.amount * BigInt(rules.underpaidBasisPoints)) / 10_000n;
  const due = invoice.amount - (absolute > share ? absolute : share);
  // A threshold as large as the price does not make it free.
  return due > 0n ? due : invoice.amount;
}

/** What placed payments give towards the price: the amounts by quote, and the value of those with a price of their own. */
export interface Covered {
  readonly ofQuote: ReadonlyMap<string, bigint>;
  readonly ofOwnPrice: bigint;
}

export const NOTHING_COVERED: Covered = { ofQuote: new Map(), ofOwnPrice: 0n };

/** The part of a payment that was set aside as surplus covers nothing. */
export function coveredBy(
  { currency }: Pick<Invoice, 'currency'>,
  payments: readonly Payment[],
  before: Covered = NOTHING_COVERED,
): Covered {
  const ofQuote = new Map(before.ofQuote);
  let { ofOwnPrice } = before;
  for (const { quoteId, price, asset, amount, held, heldReason } of payments) {
    const given = heldReason === 'OVERPAID' ? amount - held : amount;
    if (quoteId !== null) ofQuote.set(quoteId, (ofQuote.get(quoteId) ?? 0n) + given);
    else if (price) ofOwnPrice += convert(given, asset, currency, price.rate);
  }
  return { ofQuote, ofOwnPrice };
}

/**
 * The part of a payment beyond the price when it is added to what others cover: in the asset's smallest unit, what could
 * be left out without falling below the price.
 */
export function surplusOf(
  { amount, currency, quotes }: Pick<Invoice, 'amount' | 'currency' | 'quotes'>,
  { ofQuote, ofOwnPrice }: Covered,
  payment: Payment,
): bigint {
  const quote = quotes.find((q) => q.id === payment.quoteId);
  const others = quotes.filter((q) => q !== quote);
  const missing = positive(
    others.reduce((rest, q) => rest - quotedValue(ofQuote.get(q.id) ?? 0n, q), amount - ofOwnPrice),
  );
  if (quote) {
    const needed = divideUp(missing * quote.amount, quote.price);
    const received = ofQuote.get(quote.id) ?? 0n;
    return within(received + payment.amount - needed, payment.amount);
  }
  if (!payment.price) return 0n;
  const needed = convertBack(missing, payment.asset, currency, payment.price.rate);
  return within(payment.amount - needed, payment.amount);
}

const positive = (value: bigint): bigint => (value > 0n ? value : 0n);
const within = (value: bigint, most: bigint): bigint => (value < 0n ? 0n : value > most ? most : value);

/** What stays to pay the price with: a held part that goes back to the payer (FEATURES G3) pays nothing any more. */
export const keptOf = ({ amount, held, decision }: Payment): bigint =>
  decision === 'NONE' ? amount : amount - held;

/** Value of what counts and was seen. */
export const seenValue = (invoice: Invoice, amountOf?: (p: Payment) => bigint): bigint =>
  valueOf(invoice, (p) => counts(p) && isSeen(p), amountOf);
