import type { EventDraft } from '../event/event.ts';
import { paymentEntry, type LedgerEntry } from '../ledger/entries.ts';
import { quotedValue } from '../money/rate.ts';
import type { Invoice } from './invoice.ts';
import { invoiceEvents, paymentEvent } from './invoice-events.ts';
import { assertTransition, canCancel, canExpire, isPaid, type InvoiceState } from './invoice-status.ts';
import {
  canConfirm,
  canOrphan,
  canReappear,
  exceptionOnArrival,
  isConfirmed,
  isSeen,
  type Payment,
} from './payment.ts';

/** What can happen to an invoice. */
export type InvoiceAction =
  | { readonly type: 'CANCEL' }
  | { readonly type: 'EXPIRE' }
  /** A transfer to one of its addresses is on the chain, for the first time or again after a reorg. */
  | { readonly type: 'TRANSFER_SEEN'; readonly transfer: SeenTransfer }
  /** The payment has the confirmations that its network asks for. */
  | ({ readonly type: 'PAYMENT_CONFIRMED' } & PaymentInBlock)
  /** A reorg or a replacement took the payment away. */
  | ({ readonly type: 'PAYMENT_ORPHANED' } & PaymentInBlock);

/** A payment as it was seen in one block: what is said of it is void once it stands in another. */
export interface PaymentInBlock {
  readonly paymentId: string;
  readonly blockHash: string;
}

export type SeenTransfer = Omit<Payment, 'status' | 'exception' | 'sighting'>;

/** Everything that one action changes, to be written in one statement. */
export interface InvoiceChange {
  readonly invoice: Invoice;
  readonly payments: readonly Payment[];
  readonly entries: readonly LedgerEntry[];
  readonly events: readonly EventDraft[];
}

/**
 * The invoice's state machine. Pure: the same invoice and action give the same change.
 * Returns null when the action changes nothing (a repeat, or no longer possible).
 */
export function changeInvoice(invoice: Invoice, action: InvoiceAction, now: Date): InvoiceChange | null {
  switch (action.type) {
    case 'CANCEL':
      return canCancel(invoice) ? close(invoice, 'CANCELLED', now) : null;
    case 'EXPIRE':
      return canExpire(invoice) && now >= invoice.expiresAt ? close(invoice, 'EXPIRED', now) : null;
    case 'TRANSFER_SEEN':
      return transferSeen(invoice, action.transfer, now);
    case 'PAYMENT_CONFIRMED':
      return advance(invoice, action, canConfirm, 'CONFIRMED', now);
    case 'PAYMENT_ORPHANED':
      return advance(invoice, action, canOrphan, 'ORPHANED', now);
  }
}

/** Ends the invoice; what was confirmed but never covered it is held for a decision (RULES 3, under: HOLD). */
function close(invoice: Invoice, exception: 'CANCELLED' | 'EXPIRED', now: Date): InvoiceChange {
  const held = invoice.payments.filter((p) => p.status === 'CONFIRMED' && p.exception === 'NONE');
  return assemble(
    invoice,
    { status: 'CANCELED', exception },
    [],
    held.map((p) => ({ kind: 'HELD', payment: p })),
    now,
  );
}

function transferSeen(invoice: Invoice, transfer: SeenTransfer, now: Date): InvoiceChange | null {
  const known = invoice.payments.find((p) => sameTransfer(p, transfer));
  if (known && !canReappear(known)) return null;
  const payment: Payment = {
    ...transfer,
    id: known?.id ?? transfer.id,
    status: 'CONFIRMING',
    exception: exceptionOnArrival(invoice),
    sighting: (known?.sighting ?? 0) + 1,
  };
  return settle(invoice, payment, [{ kind: 'DETECTED', payment }], now);
}

const sameTransfer = (a: SeenTransfer, b: SeenTransfer): boolean =>
  a.network === b.network && a.txId === b.txId && a.outputIndex === b.outputIndex;

function advance(
  invoice: Invoice,
  { paymentId, blockHash }: PaymentInBlock,
  can: (p: Payment) => boolean,
  status: 'CONFIRMED' | 'ORPHANED',
  now: Date,
): InvoiceChange | null {
  const before = invoice.payments.find((p) => p.id === paymentId);
  if (!before || before.blockHash !== blockHash || !can(before)) return null;
  const payment = { ...before, status };
  return settle(invoice, payment, status === 'ORPHANED' ? [{ kind: 'ORPHANED', payment }] : [], now);
}

interface Step {
  readonly kind: LedgerEntry['kind'];
  readonly payment: Payment;
}

/** Recomputes the state after one payment changed, and moves the money that the new state frees. */
function settle(before: Invoice, changed: Payment, steps: readonly Step[], now: Date): InvoiceChange {
  const payments = [...before.payments.filter((p) => p.id !== changed.id), changed];
  const state = assess({ ...before, payments });
  const settled = payments.map((p) => settlePayment(p, changed, state));
  return assemble(
    { ...before, payments: settled.map((s) => s.payment) },
    state,
    settled.filter((s) => s.payment.id === changed.id || s.step).map((s) => s.payment),
    [...steps, ...settled.flatMap((s) => (s.step ? [s.step] : []))],
    now,
    before,
  );
}

/** A confirmed payment is credited once its invoice is covered; one that its invoice cannot count is held. */
function settlePayment(
  payment: Payment,
  changed: Payment,
  state: InvoiceState,
): { payment: Payment; step?: Step } {
  if (payment.status !== 'CONFIRMED') return { payment };
  if (payment.exception === 'NONE' && isPaid(state)) {
    const credited: Payment = { ...payment, status: 'CREDITED' };
    return { payment: credited, step: { kind: 'CREDITED', payment: credited } };
  }
  const confirmedNow = payment.id === changed.id;
  const counts = payment.exception === 'NONE' && state.status !== 'CANCELED';
  return confirmedNow && !counts ? { payment, step: { kind: 'HELD', payment } } : { payment };
}

/** The state that the payments call for. An ended invoice only ever gains PAID_LATE (RULES 1). */
function assess(invoice: Invoice): InvoiceState {
  if (invoice.status === 'CANCELED') {
    const late = invoice.exception === 'EXPIRED' && valueOf(invoice, isConfirmed) >= invoice.amount;
    return late ? { status: 'CANCELED', exception: 'PAID_LATE' } : invoice;
  }
  const paid = valueOf(invoice, (p) => counts(p) && isConfirmed(p));
  // quotedValue rounds down, so a surplus below one minor unit is dust and no overpayment (RULES 2).
  if (paid > invoice.amount) return { status: 'OVERPAID', exception: 'NONE' };
  if (paid === invoice.amount || isPaid(invoice)) return { status: 'PAID', exception: 'NONE' };
  const seen = valueOf(invoice, (p) => counts(p) && isSeen(p));
  if (seen >= invoice.amount) return { status: 'CONFIRMING', exception: 'NONE' };
  return { status: seen > 0n ? 'PARTIAL' : 'CREATED', exception: 'NONE' };
}

const counts = (p: Payment): boolean => p.exception === 'NONE';

/** Value of the matching payments in the invoice's currency: summed per quote first, so that dust adds up. */
export function valueOf(invoice: Invoice, matches: (p: Payment) => boolean): bigint {
  return invoice.quotes.reduce((total, quote) => {
    const received = invoice.payments
      .filter((p) => p.quoteId === quote.id && matches(p))
      .reduce((sum, p) => sum + p.amount, 0n);
    return total + quotedValue(received, quote, invoice.amount);
  }, 0n);
}

function assemble(
  invoice: Invoice,
  state: InvoiceState,
  payments: readonly Payment[],
  steps: readonly Step[],
  now: Date,
  before: Invoice = invoice,
): InvoiceChange {
  assertTransition(before.status, state.status);
  const after: Invoice = {
    ...invoice,
    status: state.status,
    exception: state.exception,
    amountSeen: valueOf(invoice, (p) => counts(p) && isSeen(p)),
    amountPaid: valueOf(invoice, (p) => counts(p) && isConfirmed(p)),
    paidAt: isPaid(state) ? (invoice.paidAt ?? now) : invoice.paidAt,
  };
  return {
    invoice: after,
    payments,
    entries: steps.map((s) => paymentEntry(s.kind, { ...s.payment, merchantId: invoice.merchantId })),
    events: [...paymentChanges(payments, steps, after), ...invoiceEvents(before, after)],
  };
}

/** One event per payment step; a confirmation that moved no money yet is told as well. */
function paymentChanges(payments: readonly Payment[], steps: readonly Step[], after: Invoice): EventDraft[] {
  const moved = new Set(steps.map((s) => s.payment.id));
  const waiting = payments.filter((p) => p.status === 'CONFIRMED' && !moved.has(p.id));
  return [
    ...waiting.map((p) => paymentEvent('payment.confirmed', p, after)),
    ...steps.map((s) => paymentEvent(EVENT_OF_STEP[s.kind], s.payment, after)),
  ];
}

const EVENT_OF_STEP = {
  DETECTED: 'payment.detected',
  CREDITED: 'payment.credited',
  HELD: 'payment.held',
  ORPHANED: 'payment.orphaned',
} as const;
