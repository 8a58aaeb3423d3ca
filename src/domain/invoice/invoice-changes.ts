import { withDebts } from '../ledger/balances.ts';
import {
  changeWithoutDebts,
  type ChangeContext,
  type InvoiceAction,
  type InvoiceChange,
} from './invoice-change.ts';
import type { Invoice } from './invoice.ts';

/**
 * Several actions as one change: each sees the invoice as those before it left it. An action that changes nothing is
 * passed over; null when none changes anything. Of a payment that changed more than once the last form is kept.
 */
export function changeInvoiceInTurn(
  invoice: Invoice,
  actions: readonly InvoiceAction[],
  context: ChangeContext,
): InvoiceChange | null {
  const change = actions.reduce<InvoiceChange | null>((before, action) => {
    const next = changeWithoutDebts(before?.invoice ?? invoice, action, context);
    return before && next ? joined(before, next) : (next ?? before);
  }, null);
  return change && { ...change, entries: withDebts(change.entries, context.balances) };
}

const joined = (before: InvoiceChange, after: InvoiceChange): InvoiceChange => ({
  invoice: after.invoice,
  payments: [...new Map([...before.payments, ...after.payments].map((p) => [p.id, p])).values()],
  entries: [...before.entries, ...after.entries],
  events: [...before.events, ...after.events],
});
