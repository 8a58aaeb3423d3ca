import type { HeldReason, PaymentException } from '../../../src/domain/payment/payment.ts';
import type { PaymentPolicy, PaymentRules } from '../../../src/domain/project/payment-rules.ts';
import {
  counted,
  isPaid,
  isSure,
  isThere,
  valueOf,
  type ModelInvoice,
  type ModelPayment,
  type Turn,
} from './engine-book.ts';
import { feeParts, settlementNow, worthByRate } from './engine-prices.ts';

export const NOTHING = {
  released: 0n,
  held: 0n,
  heldFor: null,
  goesBack: false,
  fee: 0n,
  networkFee: 0n,
  received: 0n,
  receivedIn: null,
} as const;

/** Everything that a payment brought is taken back from where it is (RULES 5). */
export function takeBack({ i, now, say }: Turn, p: ModelPayment): true {
  const { ledger } = i;
  const { asset, amount } = p.transfer;
  const waiting = amount - p.released - p.held;
  ledger.move('PENDING', p.transfer, -waiting);
  ledger.move('INCOMING', p.transfer, waiting);
  ledger.move('HELD', p.transfer, -p.held);
  ledger.move('FEES', p.transfer, -p.fee);
  ledger.move('NETWORK_FEES', p.transfer, -p.networkFee);
  ledger.move('CUSTODY', p.transfer, p.released + p.held);
  if (p.receivedIn !== null && p.receivedIn !== asset) {
    ledger.exchange(p.receivedIn, p.received, asset, p.released - p.fee - p.networkFee);
  }
  if (p.receivedIn !== null) ledger.take(p.receivedIn, p.received);
  say(p, isSure(p) ? 'reversed' : 'orphaned');
  Object.assign(p, NOTHING, { stage: 'GONE', goneAt: now });
  return true;
}

/** The terms of a payment's quote, or those of today with its own price. */
function termsOf(turn: Turn, p: ModelPayment) {
  const quote = turn.i.quotes.find((q) => q.id === p.quoteId);
  if (quote) return quote;
  const settlement = p.price ? p.price.settlement : settlementNow(p.transfer.asset, turn);
  if (settlement === 'NO_RATE') return null;
  return {
    feeBasisPoints: turn.fees.basisPoints,
    fixedFee: turn.fees.fixed[p.transfer.asset] ?? 0n,
    networkFee: turn.fees.network[`${p.transfer.asset}/${p.transfer.network}`] ?? 0n,
    settlement,
  };
}

/** A part of a payment reaches the merchant; false when there is no rate to convert it by. */
function release(turn: Turn, p: ModelPayment, part: bigint): boolean {
  const terms = termsOf(turn, p);
  if (!terms) return false;
  const { ledger } = turn.i;
  const { asset } = p.transfer;
  const { fee, networkFee, net } = feeParts(part, terms, p.released > 0n);
  ledger.move('FEES', p.transfer, fee);
  ledger.move('NETWORK_FEES', p.transfer, networkFee);
  const converts = terms.settlement !== null && terms.settlement.currency !== asset ? terms.settlement : null;
  const received = converts ? worthByRate(net, asset, converts.currency, converts.rate) : net;
  if (converts) ledger.exchange(asset, net, converts.currency, received);
  ledger.give(converts?.currency ?? asset, received);
  p.released += part;
  p.fee += fee;
  p.networkFee += networkFee;
  p.received += received;
  p.receivedIn = converts?.currency ?? asset;
  turn.say(p, 'credited');
  return true;
}

function arriveInCustody(i: ModelInvoice, p: ModelPayment, part: bigint): void {
  i.ledger.move('PENDING', p.transfer, -part);
  i.ledger.move('INCOMING', p.transfer, part);
  i.ledger.move('CUSTODY', p.transfer, -part);
}

/** A part by a policy: to the merchant, or into HELD, from where it may go back. */
function by(
  turn: Turn,
  policy: PaymentPolicy,
  reason: HeldReason,
  p: ModelPayment,
  part = p.transfer.amount,
): void {
  if (part === 0n) return;
  arriveInCustody(turn.i, p, part);
  if (policy === 'CREDIT' && release(turn, p, part)) return;
  turn.i.ledger.move('HELD', p.transfer, part);
  p.held += part;
  p.heldFor = policy === 'CREDIT' ? 'UNPRICED' : reason;
  turn.say(p, 'held');
  if (policy !== 'REBOUND') return;
  p.goesBack = true;
  turn.say(p, 'rebound_requested');
}

/** RULES 3: what is to happen to confirmed money, if anything yet. */
export function place(turn: Turn, p: ModelPayment): void {
  const { i, now } = turn;
  const { policies, monitoringSeconds } = turn.rules;
  if (p.exception !== 'NONE') {
    const watched = now.getTime() <= i.expiresAt.getTime() + monitoringSeconds * 1000;
    return by(turn, watched ? policyFor(p.exception, policies) : 'HOLD', p.exception, p);
  }
  if (i.status === 'CANCELED') return by(turn, policies.underpaid, 'UNDERPAID', p);
  if (!isPaid(i)) return;
  const surplus = i.status === 'OVERPAID' && policies.overpaid !== 'CREDIT' ? surplusOf(i, p) : 0n;
  by(turn, 'CREDIT', 'UNPRICED', p, p.transfer.amount - surplus);
  by(turn, policies.overpaid, 'OVERPAID', p, surplus);
}

function policyFor(
  exception: PaymentException,
  { late, duplicate }: PaymentRules['policies'],
): PaymentPolicy {
  if (exception === 'DUPLICATE') return duplicate;
  return exception === 'LATE' || exception === 'AFTER_CANCEL' ? late : 'HOLD';
}

/** What could be left out of a payment so that it and what is placed already still reach the price. */
function surplusOf(i: ModelInvoice, p: ModelPayment): bigint {
  const reaches = (left: bigint): boolean =>
    valueOf(
      i,
      (x) => x === p || (counted(x) && isThere(x) && (x.released > 0n || x.held > 0n)),
      (x) => (x === p ? x.transfer.amount - left : x.heldFor === 'OVERPAID' ? x.released : x.transfer.amount),
    ) >= i.amount;
  // Bisection instead of a formula: the value grows with what is kept.
  let [most, tooMuch] = [0n, p.transfer.amount + 1n];
  while (tooMuch - most > 1n) {
    const middle = (most + tooMuch) / 2n;
    if (reaches(middle)) most = middle;
    else tooMuch = middle;
  }
  return most;
}

/** FEATURES D8: a decision by hand. */
export function resolve(turn: Turn, p: ModelPayment, decision: 'CREDIT' | 'REBOUND'): boolean {
  if (decision === 'REBOUND') {
    if (p.goesBack) return false;
    p.goesBack = true;
    turn.say(p, 'rebound_requested');
    return true;
  }
  const part = p.held;
  if (!release(turn, p, part)) return false;
  turn.i.ledger.move('HELD', p.transfer, -part);
  p.held = 0n;
  p.heldFor = null;
  p.goesBack = false;
  return true;
}
