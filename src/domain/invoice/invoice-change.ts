import type { EventDraft } from '../event/event.ts';
import type { FeeSchedule } from '../fee/fee-schedule.ts';
import { withDebts, type Balances } from '../ledger/balances.ts';
import type { LedgerEntry } from '../ledger/entries.ts';
import type { RateTable } from '../money/rate-table.ts';
import { canBeMined, canConfirm, canOrphan, canReappear, canResolve } from '../payment/payment.ts';
import { isConfirmed, type Payment } from '../payment/payment.ts';
import { paymentSteps } from '../payment/payment-steps.ts';
import { detect, orphan, releaseHeld, reverse, type MoneyStep } from '../payment/payment-money.ts';
import type { PaymentRules } from '../project/payment-rules.ts';
import type { Invoice } from './invoice.ts';
import { invoiceEvents, paymentEvent } from './invoice-events.ts';
import { arrive } from './payment-arrival.ts';
import { placeMoney, termsFor } from './invoice-money.ts';
import { assess } from './invoice-state.ts';
import { assertTransition, canAccept, canCancel, canExpire, isPaid } from './invoice-status.ts';
import { counts, keptOf, seenValue, valueOf } from './invoice-value.ts';

/** What can happen to an invoice. */
export type InvoiceAction =
  | { readonly type: 'CANCEL' }
  | { readonly type: 'EXPIRE' }
  /** What was seen is taken for the whole (FEATURES D5). */
  | { readonly type: 'ACCEPT' }
  /** A transfer to one of its addresses is on the chain or in the memory pool, for the first time or again. */
  | { readonly type: 'TRANSFER_SEEN'; readonly transfer: SeenTransfer }
  /** The payment has the confirmations that it needs. */
  | ({ readonly type: 'PAYMENT_CONFIRMED' } & PaymentInBlock)
  /** A reorg or a replacement took the payment away. */
  | ({ readonly type: 'PAYMENT_ORPHANED' } & PaymentInBlock)
  /** A decision on the held money of a payment (FEATURES D8). */
  | { readonly type: 'RESOLVE'; readonly paymentId: string; readonly resolution: Resolution };

export type Resolution = 'CREDIT' | 'REBOUND';

/** A payment as it was seen in one block, or in the memory pool: what is said of it is void once it stands elsewhere. */
export interface PaymentInBlock {
  readonly paymentId: string;
  readonly blockHash: string | null;
}

export interface SeenTransfer {
  /** The id of the payment if it is a new one. */
  readonly id: string;
  readonly network: string;
  readonly txId: string;
  readonly outputIndex: number;
  readonly asset: string;
  readonly amount: bigint;
  readonly blockHeight: bigint | null;
  readonly blockHash: string | null;
  /** When it was mined, or seen in the memory pool. */
  readonly at: Date;
  readonly confirmationsRequired: number;
}

/** What a change is computed by besides the invoice. */
export interface ChangeContext {
  readonly now: Date;
  /** The project's, as they are now. */
  readonly rules: PaymentRules;
  /** For money that no quote priced. */
  readonly fees: FeeSchedule;
  readonly rates: RateTable;
  readonly balances: Balances;
}

/** Everything that one action changes, to be written in one statement. */
export interface InvoiceChange {
  readonly invoice: Invoice;
  readonly payments: readonly Payment[];
  readonly entries: readonly LedgerEntry[];
  readonly events: readonly EventDraft[];
}

/**
 * The invoice's state machine (DESIGN §5). Pure: the same invoice, action and context give the same change.
 * Returns null when the action changes nothing (a repeat, or no longer possible).
 */
export function changeInvoice(
  invoice: Invoice,
  action: InvoiceAction,
  context: ChangeContext,
): InvoiceChange | null {
  const change = changeWithoutDebts(invoice, action, context);
  return change && { ...change, entries: withDebts(change.entries, context.balances) };
}

/** The same before debts are looked at, which is done once for all that is written together. */
export function changeWithoutDebts(
  invoice: Invoice,
  action: InvoiceAction,
  context: ChangeContext,
): InvoiceChange | null {
  switch (action.type) {
    case 'CANCEL':
      return canCancel(invoice) ? close(invoice, 'CANCELLED', context) : null;
    case 'EXPIRE':
      return isOver(invoice, context.now) ? expire(invoice, context) : null;
    case 'ACCEPT':
      return accept(invoice, context);
    case 'TRANSFER_SEEN':
      return transferSeen(invoice, action.transfer, context);
    case 'PAYMENT_CONFIRMED':
      return ofPayment(invoice, action, canConfirm, context, (payment) => [
        { payment: { ...payment, status: 'CONFIRMED' } },
      ]);
    case 'PAYMENT_ORPHANED':
      return ofPayment(invoice, action, canOrphan, context, (payment) => [
        (isConfirmed(payment) ? reverse : orphan)(payment, invoice.merchantId, context.now),
      ]);
    case 'RESOLVE':
      return resolve(invoice, action.paymentId, action.resolution, context);
  }
}

/** How long a mined payment that the chain took back may take to return before its invoice expires. */
const REAPPEAR_MILLISECONDS = 3_600_000;

/** Its time is over, and no payment that a reorg took back may still come again. */
const isOver = (invoice: Invoice, now: Date): boolean =>
  canExpire(invoice) &&
  now >= invoice.expiresAt &&
  !invoice.payments.some(
    (p) =>
      p.blockHash !== null &&
      p.orphanedAt !== null &&
      counts(p) &&
      now.getTime() - p.orphanedAt.getTime() < REAPPEAR_MILLISECONDS,
  );

const close = (invoice: Invoice, exception: 'CANCELLED' | 'EXPIRED', context: ChangeContext): InvoiceChange =>
  finish(invoice, { ...invoice, status: 'CANCELED', exception }, [], context);

/** Rules that were loosened since its last change may call what is there enough: then it is paid, not expired. */
const expire = (invoice: Invoice, context: ChangeContext): InvoiceChange =>
  canExpire(assess(invoice, context))
    ? close(invoice, 'EXPIRED', context)
    : finish(invoice, invoice, [], context);

/** A change of one payment: with the postings of its step, if money moved. */
type PaymentChange = MoneyStep | { readonly payment: Payment };

function transferSeen(
  invoice: Invoice,
  transfer: SeenTransfer,
  context: ChangeContext,
): InvoiceChange | null {
  const known = invoice.payments.find((p) => sameTransfer(p, transfer));
  const { blockHeight, blockHash } = transfer;
  if (known && canBeMined(known) && blockHash !== null) {
    const mined: Payment = { ...known, status: 'CONFIRMING', blockHeight, blockHash };
    return finish(invoice, invoice, [{ payment: mined }], context);
  }
  if (known && !canReappear(known)) return null;
  const payment = arrive(invoice, known, transfer, context);
  return finish(invoice, invoice, [detect(payment, invoice.merchantId)], context);
}

const sameTransfer = (a: Payment, b: SeenTransfer): boolean =>
  a.network === b.network && a.txId === b.txId && a.outputIndex === b.outputIndex;

function ofPayment(
  invoice: Invoice,
  { paymentId, blockHash }: PaymentInBlock,
  can: (p: Payment) => boolean,
  context: ChangeContext,
  change: (payment: Payment) => readonly PaymentChange[],
): InvoiceChange | null {
  const before = invoice.payments.find((p) => p.id === paymentId);
  if (!before || before.blockHash !== blockHash || !can(before)) return null;
  return finish(invoice, invoice, change(before), context);
}

/** What is there pays it from now on; what goes back to the payer is not (FEATURES G3). */
function accept(invoice: Invoice, context: ChangeContext): InvoiceChange | null {
  const accepted = seenValue(invoice, keptOf);
  return canAccept(invoice) && accepted > 0n ? finish(invoice, { ...invoice, accepted }, [], context) : null;
}

function resolve(
  invoice: Invoice,
  paymentId: string,
  resolution: Resolution,
  context: ChangeContext,
): InvoiceChange | null {
  const payment = invoice.payments.find((p) => p.id === paymentId);
  if (!payment || !canResolve(payment)) return null;
  if (resolution === 'REBOUND') {
    if (payment.decision === 'REBOUND') return null;
    return finish(invoice, invoice, [{ payment: { ...payment, decision: 'REBOUND' } }], context);
  }
  const terms = termsFor(invoice, payment, context);
  return terms ? finish(invoice, invoice, [releaseHeld(payment, terms, invoice.merchantId)], context) : null;
}

/** Recomputes the state after payments changed, and moves the money that the new state frees. */
function finish(
  before: Invoice,
  changed: Invoice,
  steps: readonly PaymentChange[],
  context: ChangeContext,
): InvoiceChange {
  const stepped = withPayments(changed, steps);
  const state = assess(stepped, context);
  const moved = placeMoney({ ...stepped, ...state }, context);
  const settled = withPayments({ ...stepped, ...state }, moved);
  assertTransition(before.status, state.status);
  const after: Invoice = {
    ...settled,
    amountSeen: seenValue(settled),
    amountPaid: valueOf(settled, (p) => counts(p) && isConfirmed(p)),
    paidAt: isPaid(settled) ? (before.paidAt ?? context.now) : null,
  };
  const changes = [...steps, ...moved];
  const touched = new Set(changes.map(({ payment }) => payment.id));
  return {
    invoice: after,
    payments: after.payments.filter((p) => touched.has(p.id)),
    entries: changes.flatMap((change) => ('entry' in change ? [change.entry] : [])),
    events: [...paymentEvents(before, after), ...invoiceEvents(before, after)],
  };
}

function withPayments(invoice: Invoice, changes: readonly PaymentChange[]): Invoice {
  const changed = new Map(changes.map(({ payment }) => [payment.id, payment]));
  const known = new Set(invoice.payments.map((p) => p.id));
  const added = [...changed.values()].filter((p) => !known.has(p.id));
  return { ...invoice, payments: [...invoice.payments.map((p) => changed.get(p.id) ?? p), ...added] };
}

/** What happened to each payment. */
function paymentEvents(before: Invoice, after: Invoice): EventDraft[] {
  const known = new Map(before.payments.map((p) => [p.id, p]));
  return after.payments.flatMap((payment) => {
    const was = known.get(payment.id);
    const steps = payment === was ? [] : paymentSteps(was, payment);
    return steps.map((step) => paymentEvent(`payment.${step}`, payment, after));
  });
}
