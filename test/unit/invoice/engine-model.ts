import type {
  ChangeContext,
  InvoiceAction,
  SeenTransfer,
} from '../../../src/domain/invoice/invoice-change.ts';
import type { QuoteTerms } from '../../../src/domain/invoice/invoice.ts';
import type { PaymentException } from '../../../src/domain/payment/payment.ts';
import type { PaymentRules } from '../../../src/domain/project/payment-rules.ts';
import {
  counted,
  isPaid,
  isSure,
  isThere,
  valueOf,
  waits,
  type ModelInvoice,
  type ModelPayment,
  type Turn,
} from './engine-book.ts';
import { NOTHING, place, resolve, takeBack } from './engine-money.ts';
import { priceNow } from './engine-prices.ts';

/**
 * What the payment engine is to do, written a second time from RULES 1-6 and 9 and DESIGN §4 and §5 (FEATURES D4-D9,
 * D12, D17, E6): plain variables and one set of balances instead of a state table and postings.
 */

const MINUTE = 60_000;
const open = (i: ModelInvoice): boolean => i.status === 'CREATED' || i.status === 'PARTIAL';
const SMALLER_UNITS: Readonly<Record<string, bigint>> = { ETH: 10n ** 10n, CRO: 10n ** 10n };

export const seenValue = (i: ModelInvoice): bigint => valueOf(i, (p) => counted(p) && isThere(p));
export const paidValue = (i: ModelInvoice): bigint => valueOf(i, (p) => counted(p) && isSure(p));

/** What goes back to the payer pays no price (FEATURES G3). */
const kept = (p: ModelPayment): bigint => p.transfer.amount - (p.goesBack ? p.held : 0n);

/** RULES 2. */
function dueByRules(i: ModelInvoice, rules: PaymentRules): bigint {
  const byAmount =
    rules.underpaidCurrency === i.currency && rules.underpaidAmount ? rules.underpaidAmount : 0n;
  const byShare = (i.amount * BigInt(rules.underpaidBasisPoints)) / 10_000n;
  const tolerated = byAmount > byShare ? byAmount : byShare;
  return tolerated >= i.amount ? i.amount : i.amount - tolerated;
}

/** The state of an open invoice by its values (RULES 1, 2). */
function stateOf(
  i: ModelInvoice,
  rules: PaymentRules,
): Pick<ModelInvoice, 'status' | 'exception' | 'accepted'> {
  const seen = valueOf(i, (p) => counted(p) && isThere(p), kept);
  const sure = valueOf(i, (p) => counted(p) && isSure(p), kept);
  const tolerated = i.exception === 'PAID_WITHIN_THRESHOLD' ? i.accepted : null;
  const accepted = tolerated === null ? i.accepted : null;
  if (sure >= i.amount && paidValue(i) >= i.amount + (SMALLER_UNITS[i.currency] ?? 1n))
    return { status: 'OVERPAID', exception: 'NONE', accepted };
  if (sure >= i.amount) return { status: 'PAID', exception: 'NONE', accepted };
  if (tolerated !== null && sure >= tolerated) {
    return { status: 'PAID', exception: 'PAID_WITHIN_THRESHOLD', accepted: tolerated };
  }
  if (accepted !== null && sure >= accepted) {
    return { status: 'PAID', exception: 'PAID_PARTIAL_ACCEPTED', accepted };
  }
  const due = accepted ?? dueByRules(i, rules);
  if (sure >= due) return { status: 'PAID', exception: 'PAID_WITHIN_THRESHOLD', accepted: sure };
  if (seen >= due) return { status: 'CONFIRMING', exception: 'NONE', accepted };
  return { status: seen > 0n ? 'PARTIAL' : 'CREATED', exception: 'NONE', accepted };
}

/** What one action makes the model tell; null when it does nothing. */
export type Told = readonly string[] | null;

function begin(i: ModelInvoice, context: ChangeContext) {
  const said = new Map<ModelPayment, string[]>();
  const say = (p: ModelPayment, what: string): void => {
    // A payment whose money was placed is not said to be confirmed as well.
    const before = (said.get(p) ?? []).filter((w) => w !== 'confirmed' && w !== what);
    said.set(p, [...before, what]);
  };
  const told = (): string[] =>
    i.payments.flatMap((p) => (said.get(p) ?? []).map((what) => `payment.${what} ${p.id}`));
  return { turn: { ...context, i, say } satisfies Turn, told };
}

const TOLD_OF: Readonly<Record<string, string>> = {
  CREATED: 'invoice.reopened',
  PARTIAL: 'invoice.partially_paid',
  CONFIRMING: 'invoice.confirming',
  PAID: 'invoice.paid',
  OVERPAID: 'invoice.overpaid',
  CANCELED: 'invoice.canceled',
};

/** Applies an action to the model, which it changes. */
export function act(i: ModelInvoice, action: InvoiceAction, context: ChangeContext): Told {
  const { turn, told } = begin(i, context);
  const before = i.status;
  if (!perform(turn, action)) return null;
  if (i.status !== 'CANCELED') Object.assign(i, stateOf(i, context.rules));
  const late = isPaidLate(i, context.rules);
  if (late) i.exception = 'PAID_LATE';
  for (const p of i.payments.filter(waits)) place(turn, p);
  i.paidAt = isPaid(i) ? (i.paidAt ?? context.now) : null;
  const change = i.status === before ? [] : [TOLD_OF[i.status] ?? '?'];
  return [...told(), ...change, ...(late ? ['invoice.paid_late'] : [])];
}

function isPaidLate(i: ModelInvoice, rules: PaymentRules): boolean {
  const value = valueOf(i, (p) => (counted(p) || p.exception === 'LATE') && isSure(p), kept);
  return i.exception === 'EXPIRED' && value >= (i.accepted ?? dueByRules(i, rules));
}

/** The action itself; false when it is not possible. */
function perform(turn: Turn, action: InvoiceAction): boolean {
  const { i } = turn;
  switch (action.type) {
    case 'CANCEL':
      return open(i) && end(i, 'CANCELLED');
    case 'EXPIRE':
      return expire(turn);
    case 'ACCEPT':
      if (i.status !== 'PARTIAL') return false;
      i.accepted = valueOf(i, (p) => counted(p) && isThere(p), kept);
      return true;
    case 'TRANSFER_SEEN':
      return see(turn, action.transfer);
    case 'PAYMENT_CONFIRMED': {
      const p = i.payments.find((x) => x.id === action.paymentId && x.block === action.blockHash);
      if (p?.stage !== 'BLOCK') return false;
      p.stage = 'SURE';
      turn.say(p, 'confirmed');
      return true;
    }
    case 'PAYMENT_ORPHANED': {
      const p = i.payments.find((x) => x.id === action.paymentId && x.block === action.blockHash);
      return p !== undefined && isThere(p) && takeBack(turn, p);
    }
    case 'RESOLVE': {
      const p = i.payments.find((x) => x.id === action.paymentId && x.held > 0n);
      return p !== undefined && resolve(turn, p, action.resolution);
    }
  }
}

function end(i: ModelInvoice, why: 'CANCELLED' | 'EXPIRED'): true {
  i.status = 'CANCELED';
  i.exception = why;
  return true;
}

/** An hour is given to a payment that a reorg took away; and what the rules of today call paid is not expired. */
function expire({ i, now, rules }: Turn): boolean {
  if (!open(i) || now < i.expiresAt) return false;
  const awaited = i.payments.some(
    (p) =>
      counted(p) &&
      p.stage === 'GONE' &&
      p.block !== null &&
      p.goneAt !== null &&
      now.getTime() < p.goneAt.getTime() + 60 * MINUTE,
  );
  if (awaited) return false;
  const { status } = stateOf(i, rules);
  return status === 'CREATED' || status === 'PARTIAL' ? end(i, 'EXPIRED') : true;
}

function see(turn: Turn, transfer: SeenTransfer): boolean {
  const { i } = turn;
  const known = i.payments.find(
    (p) => p.transfer.network === transfer.network && p.transfer.txId === transfer.txId,
  );
  if (known && known.stage === 'POOL' && transfer.blockHash !== null) {
    known.stage = 'BLOCK';
    known.block = transfer.blockHash;
    turn.say(known, 'confirming');
    return true;
  }
  if (known && known.stage !== 'GONE') return false;
  const p = known ?? firstSeen(i, transfer);
  const offers = i.quotes.filter((q) => q.asset === transfer.asset && q.network === transfer.network);
  const quote = offers.findLast((q) => q.createdAt.getTime() <= transfer.at.getTime()) ?? offers[0];
  p.exception = exceptionOf(i, transfer, quote, known);
  if (!known) setPrice(turn, p, quote, transfer.at);
  if (p.exception === 'NONE' && p.quoteId === null && p.price === null) p.exception = 'UNPRICED';
  p.stage = transfer.blockHash === null ? 'POOL' : 'BLOCK';
  p.block = transfer.blockHash;
  p.goneAt = null;
  p.showings += 1;
  i.ledger.move('PENDING', p.transfer, p.transfer.amount);
  i.ledger.move('INCOMING', p.transfer, -p.transfer.amount);
  turn.say(p, 'detected');
  return true;
}

function firstSeen(i: ModelInvoice, transfer: SeenTransfer): ModelPayment {
  const p: ModelPayment = {
    id: transfer.id,
    transfer,
    stage: 'GONE',
    block: null,
    exception: 'NONE',
    quoteId: null,
    price: null,
    showings: 0,
    goneAt: null,
    ...NOTHING,
  };
  i.payments.push(p);
  return p;
}

function exceptionOf(
  i: ModelInvoice,
  { at }: SeenTransfer,
  quote: QuoteTerms | undefined,
  known: ModelPayment | undefined,
): PaymentException {
  if (!quote) return 'WRONG_ASSET';
  if (isPaid(i)) return 'DUPLICATE';
  if (i.status === 'CANCELED') return i.exception === 'CANCELLED' ? 'AFTER_CANCEL' : 'LATE';
  if (known && counted(known)) return 'NONE';
  return at.getTime() > i.expiresAt.getTime() + MINUTE ? 'LATE' : 'NONE';
}

/** RULES 6: the locked rate for what came in time, otherwise that of the moment. */
function setPrice(turn: Turn, p: ModelPayment, quote: QuoteTerms | undefined, at: Date): void {
  if (p.exception === 'NONE' && quote && at.getTime() <= quote.expiresAt.getTime() + MINUTE) {
    p.quoteId = quote.id;
    return;
  }
  p.price = priceNow(p.transfer.asset, turn.i.currency, turn);
}
