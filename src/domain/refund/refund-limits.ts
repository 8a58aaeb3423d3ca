import type { Invoice } from '../invoice/invoice.ts';
import { valueOf } from '../invoice/invoice-value.ts';
import { isSeen, type Payment } from '../payment/payment.ts';

/**
 * What was captured of an invoice (FEATURES G1): the credited part of its payments, at the rates that they were credited
 * by, in the invoice's currency. What is held, or was taken back by the chain, is not the merchant's to refund.
 */
export const capturedOf = (invoice: Pick<Invoice, 'currency' | 'quotes' | 'payments'>): bigint =>
  valueOf(
    { ...invoice, payments: invoice.payments.map((payment) => ({ ...payment, amount: payment.credited })) },
    isSeen,
  );

/** What can still be refunded of it. `standing` is the sum of the refunds that stand, in the invoice's currency. */
export function refundableOf(captured: bigint, standing: bigint): bigint {
  return captured > standing ? captured - standing : 0n;
}

/** A refund that neither failed nor was cancelled. */
export interface StandingRefund {
  readonly id: string;
  /** In the invoice's currency. */
  readonly amount: bigint;
  /** A transaction for it was signed. */
  readonly isSigned: boolean;
}

/**
 * Whether what is captured covers a refund. Less than all of them may be covered when the chain took a payment back: then
 * those that are signed come first, and after them the older ones, each that still finds its amount. So no refund fails
 * for one that is not covered itself, and two that are looked at at once do not both take the same money.
 *
 * @param standing the invoice's, oldest first
 */
export function isCovered(refundId: string, standing: readonly StandingRefund[], captured: bigint): boolean {
  let left = captured;
  for (const { id, amount, isSigned } of standing.toSorted(
    (a, b) => Number(b.isSigned) - Number(a.isSigned),
  )) {
    const fits = amount <= left;
    if (id === refundId) return fits;
    if (fits || isSigned) left -= amount;
  }
  return false;
}

/** How money goes back: as it came. */
export interface RefundWay {
  readonly asset: string;
  readonly network: string;
  /** What the payment was credited in. */
  readonly debitCurrency: string;
}

/** The way of the payment that gave most; null when nothing was credited. */
export function refundWay(invoice: Pick<Invoice, 'currency' | 'quotes' | 'payments'>): RefundWay | null {
  const worth = (payment: Payment): bigint => capturedOf({ ...invoice, payments: [payment] });
  const [most] = invoice.payments
    .filter((payment) => isSeen(payment) && payment.credited > 0n)
    .map((payment) => ({ payment, value: worth(payment) }))
    .toSorted((a, b) => (a.value < b.value ? 1 : a.value > b.value ? -1 : 0));
  if (!most) return null;
  const { asset, network, settledCurrency } = most.payment;
  return { asset, network, debitCurrency: settledCurrency ?? asset };
}
