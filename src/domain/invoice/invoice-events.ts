import type { EventData, EventDraft } from '../event/event.ts';
import type { EventType } from '../event/catalogue.ts';
import { formatAmount } from '../money/money.ts';
import type { Invoice } from './invoice.ts';
import type { InvoiceStatus } from './invoice-status.ts';
import type { Payment } from './payment.ts';

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

/** The events of a change of state; none when the state stayed. */
export function invoiceEvents(before: Invoice, after: Invoice): EventDraft[] {
  if (before.status !== after.status) return [invoiceEvent(EVENT_OF_STATUS[after.status], after)];
  if (before.exception !== after.exception) return [invoiceEvent('invoice.paid_late', after)];
  return [];
}

export const paymentEvent = (type: EventType, payment: Payment, invoice: Invoice): EventDraft =>
  invoiceEvent(type, invoice, {
    paymentId: payment.id,
    network: payment.network,
    asset: payment.asset,
    received: formatAmount({ minorUnits: payment.amount, currency: payment.asset }),
    txId: payment.txId,
    paymentStatus: payment.status,
    paymentException: payment.exception,
  });
