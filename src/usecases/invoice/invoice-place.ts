import type { Actor } from '../../domain/access/actor.ts';
import { mayAt, type Right } from '../../domain/access/rights.ts';
import type { InvoiceSnapshot, InvoiceStore } from '../ports/invoice-store.ts';
import { done, refuse, type Result } from '../result.ts';

/** The invoice if the actor has the right there; otherwise it looks like one that does not exist (FEATURES B7). */
export async function invoiceFor(
  invoices: Pick<InvoiceStore, 'snapshot'>,
  actor: Actor,
  right: Right,
  invoiceId: string,
): Promise<Result<InvoiceSnapshot>> {
  const snapshot = await invoices.snapshot(invoiceId);
  if (!snapshot || !mayAt(actor, right, snapshot.invoice)) {
    return refuse('NOT_FOUND', 'There is no such invoice.', 'invoiceId');
  }
  return done(snapshot);
}
