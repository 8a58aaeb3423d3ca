import type { Actor } from '../../domain/access/actor.ts';
import { canAccept } from '../../domain/invoice/invoice-status.ts';
import type { Invoice } from '../../domain/invoice/invoice.ts';
import type { InvoiceStore } from '../ports/invoice-store.ts';
import { done, refuse, type Result } from '../result.ts';
import { invoiceFor } from './invoice-place.ts';
import type { InvoiceWriting } from './invoice-writing.ts';

/**
 * Takes what was seen of an invoice for the whole (FEATURES D5): it is paid as soon as that is confirmed. A repeat gives
 * the same answer.
 */
export type InvoiceAccept = (
  actor: Actor,
  input: { invoiceId: string },
) => Promise<Result<{ invoiceId: string }>>;

export interface InvoiceAcceptDeps extends InvoiceWriting {
  readonly invoices: Pick<InvoiceStore, 'snapshot'>;
}

export const invoiceAccept =
  ({ invoices, writeInvoice }: InvoiceAcceptDeps): InvoiceAccept =>
  async (actor, { invoiceId }) => {
    const found = await invoiceFor(invoices, actor, 'payment:resolve', invoiceId);
    if (!found.ok) return found;
    let seen: Invoice = found.value.invoice;
    const change = await writeInvoice(
      { invoiceId },
      (invoice) => {
        seen = invoice;
        return canAccept(invoice) ? { type: 'ACCEPT' } : null;
      },
      actor,
    );
    if (change || seen.accepted !== null) return done({ invoiceId });
    return refuse('WRONG_STATE', `The invoice is ${seen.status}: there is no part payment to accept.`);
  };
