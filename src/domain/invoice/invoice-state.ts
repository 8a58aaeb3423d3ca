import { isConfirmed, type Payment } from '../payment/payment.ts';
import type { ChangeContext } from './invoice-change.ts';
import type { Invoice } from './invoice.ts';
import type { InvoiceState } from './invoice-status.ts';
import { counts, dueOf, keptOf, roundingUnit, seenValue, valueOf } from './invoice-value.ts';

type Assessed = InvoiceState & Pick<Invoice, 'accepted'>;

/** The state that the payments call for. An ended invoice only ever gains PAID_LATE (RULES 1, 2). */
export function assess(invoice: Invoice, { rules }: Pick<ChangeContext, 'rules'>): Assessed {
  if (invoice.status === 'CANCELED') return assessEnded(invoice, dueOf(invoice, rules));
  const isPaidWith = (p: Payment): boolean => counts(p) && isConfirmed(p);
  const paid = valueOf(invoice, isPaidWith, keptOf);
  const byThreshold = invoice.exception === 'PAID_WITHIN_THRESHOLD';
  // What the merchant accepted stays accepted; what the threshold let pass is looked at anew without it.
  const open = byThreshold ? { ...invoice, accepted: null } : invoice;
  const { accepted } = open;
  // A surplus that goes back was paid all the same.
  if (
    paid >= invoice.amount &&
    valueOf(invoice, isPaidWith) >= invoice.amount + roundingUnit(invoice.currency)
  )
    return { status: 'OVERPAID', exception: 'NONE', accepted };
  if (paid >= invoice.amount) return { status: 'PAID', exception: 'NONE', accepted };
  if (byThreshold && invoice.accepted !== null && paid >= invoice.accepted) return invoice;
  if (accepted !== null && paid >= accepted)
    return { status: 'PAID', exception: 'PAID_PARTIAL_ACCEPTED', accepted };
  const due = dueOf(open, rules);
  if (paid >= due) return { status: 'PAID', exception: 'PAID_WITHIN_THRESHOLD', accepted: paid };
  const seen = seenValue(invoice, keptOf);
  const status = seen >= due ? 'CONFIRMING' : seen > 0n ? 'PARTIAL' : 'CREATED';
  return { status, exception: 'NONE', accepted };
}

/** Money in time and after it together paid the price, what went back left out: said once (RULES 1). */
function assessEnded(invoice: Invoice, due: bigint): Assessed {
  const paid = valueOf(invoice, (p) => (counts(p) || p.exception === 'LATE') && isConfirmed(p), keptOf);
  return invoice.exception === 'EXPIRED' && paid - invoice.refunded >= due
    ? { ...invoice, exception: 'PAID_LATE' }
    : invoice;
}
