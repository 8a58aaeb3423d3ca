import type { Actor } from '../../domain/access/actor.ts';
import { canCancel } from '../../domain/invoice/invoice-status.ts';
import type { InvoiceStore } from '../ports/invoice-store.ts';
import { done, refuse, type Result } from '../result.ts';
import { invoiceFor } from './invoice-place.ts';
import type { InvoiceWriting } from './invoice-writing.ts';

/** Cancels an invoice that is not paid (FEATURES D9). A repeated cancel gives the same answer. */
export type InvoiceCancel = (
  actor: Actor,
  input: { invoiceId: string },
) => Promise<Result<{ invoiceId: string }>>;

export interface InvoiceCancelDeps extends InvoiceWriting {
  readonly invoices: Pick<InvoiceStore, 'snapshot'>;
}

export const invoiceCancel =
  ({ invoices, writeInvoice }: InvoiceCancelDeps): InvoiceCancel =>
  async (actor, { invoiceId }) => {
    const found = await invoiceFor(invoices, actor, 'invoice:write', invoiceId);
    if (!found.ok) return found;
    let current = found.value.invoice;
    await writeInvoice(
      { invoiceId },
      (invoice) => {
        current = invoice;
        return { type: 'CANCEL' };
      },
      actor,
    );
    const cancelled = canCancel(current) || current.exception === 'CANCELLED';
    if (!cancelled)
      return refuse('INVOICE_NOT_OPEN', `The invoice is ${current.status} and cannot be cancelled.`);
    return done({ invoiceId });
  };
