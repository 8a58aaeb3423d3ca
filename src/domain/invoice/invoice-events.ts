import type { EventData, EventDraft } from '../event/event.ts';
import type { EventType } from '../event/catalogue.ts';
import { formatAmount } from '../money/money.ts';
import type { Invoice } from './invoice.ts';
import type { InvoiceStatus } from './invoice-status.ts';
import type { Payment } from '../payment/payment.ts';
import { paymentData } from '../payment/payment-data.ts';

/** What every invoice event carries: enough to render any message without another read. */
function invoiceData(invoice: Invoice) {
  return {
    invoiceId: invoice.id,
    orderId: invoice.orderId,
    status: invoice.status,
    exception: invoice.exception,
    currency: invoice.currency,
    amount: formatAmount({ minorUnits: invoice.amount, currency: invoice.currency }),
    amountPaid: formatAmount({ minorUnits: invoice.amountPaid, currency: invoice.currency }),
  };
}

/** An event of an invoice; `more` is what this type of event tells besides. */
export const invoiceEvent = (type: EventType, invoice: Invoice, more: EventData = {}): EventDraft => ({
  type,
  merchantId: invoice.merchantId,
  projectId: invoice.projectId,
  mode: invoice.mode,
  subject: { type: 'INVOICE', id: invoice.id },
  data: { ...invoiceData(invoice), ...more },
});

const EVENT_OF_STATUS = {
  CREATED: 'invoice.reopened',
  PARTIAL: 'invoice.partially_paid',
  CONFIRMING: 'invoice.confirming',
  PAID: 'invoice.paid',
  OVERPAID: 'invoice.overpaid',
  CANCELED: 'invoice.canceled',
} as const satisfies Record<InvoiceStatus, EventType>;

/**
 * The events of a change of state; none when the state stayed. An invoice whose price came late before its end was
 * noticed expires first and is then paid late: both are told (RULES 1).
 */
export function invoiceEvents(before: Invoice, after: Invoice): EventDraft[] {
  const becameLate = after.exception === 'PAID_LATE' && before.exception !== 'PAID_LATE';
  const reached: Invoice = becameLate ? { ...after, exception: 'EXPIRED' } : after;
  return [
    ...(before.status === after.status ? [] : [invoiceEvent(EVENT_OF_STATUS[after.status], reached)]),
    ...(becameLate ? [invoiceEvent('invoice.paid_late', after)] : []),
  ];
}

export const paymentEvent = (type: EventType, payment: Payment, invoice: Invoice): EventDraft =>
  invoiceEvent(type, invoice, paymentData(payment));
