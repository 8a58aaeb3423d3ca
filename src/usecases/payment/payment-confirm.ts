import type { PaymentInBlock } from '../../domain/invoice/invoice-change.ts';
import type { InvoiceWriting } from '../invoice/invoice-writing.ts';

/** The payment has its network's confirmations. Safe to repeat. */
export type PaymentConfirm = (payment: PaymentInBlock) => Promise<void>;

export const paymentConfirm =
  ({ writeInvoice }: InvoiceWriting): PaymentConfirm =>
  async (payment) => {
    await writeInvoice(payment, () => ({ type: 'PAYMENT_CONFIRMED', ...payment }));
  };
