import type { Actor } from '../../domain/access/actor.ts';
import { mayAt, type Right } from '../../domain/access/rights.ts';
import type { InvoiceSnapshot, InvoiceStore } from '../ports/invoice-store.ts';
import { done, refuse, type Result } from '../result.ts';

/**
 * The invoice if the actor has the right there; otherwise it looks like one that does not exist (FEATURES B7). Whoever does
 * anything but pay is answered with the invoice or what is below it, and must see it.
 */
export async function invoiceFor(
  invoices: Pick<InvoiceStore, 'snapshot'>,
  actor: Actor,
  right: Right,
  invoiceId: string,
): Promise<Result<InvoiceSnapshot>> {
  const snapshot = await invoices.snapshot(invoiceId);
  const seen = right === 'invoice:pay' ? right : 'invoice:read';
  return snapshot && mayAt(actor, right, snapshot.invoice) && mayAt(actor, seen, snapshot.invoice)
    ? done(snapshot)
    : refuse('NOT_FOUND', 'There is no such invoice.', 'invoiceId');
}
