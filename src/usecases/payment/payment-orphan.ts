import type { PaymentInBlock } from '../../domain/invoice/invoice-change.ts';
import type { InvoiceWriting } from '../invoice/invoice-writing.ts';

/** A reorg took the payment's block away (FEATURES D12). Safe to repeat. */
export type PaymentOrphan = (payment: PaymentInBlock) => Promise<void>;

export const paymentOrphan =
  ({ writeInvoice }: InvoiceWriting): PaymentOrphan =>
  async (payment) => {
    await writeInvoice(payment, () => ({ type: 'PAYMENT_ORPHANED', ...payment }));
  };
