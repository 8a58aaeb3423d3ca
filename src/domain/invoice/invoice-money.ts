import { termsOf, type CreditTerms } from '../fee/fee-schedule.ts';
import { isSeen, isWaiting, type HeldReason, type Payment } from '../payment/payment.ts';
import { credit, hold, type MoneyStep } from '../payment/payment-money.ts';
import type { PaymentPolicy, PaymentRules } from '../project/payment-rules.ts';
import type { ChangeContext } from './invoice-change.ts';
import type { Invoice } from './invoice.ts';
import { isPaid } from './invoice-status.ts';
import { counts, coveredBy, surplusOf, type Covered } from './invoice-value.ts';
import { settlementNow } from './payment-arrival.ts';

/** Releases or holds confirmed money that waits, as far as the invoice's state decides on it (RULES 3). */
export function placeMoney(invoice: Invoice, context: ChangeContext): MoneyStep[] {
  let covered = coveredBy(
    invoice,
    invoice.payments.filter((p) => isSeen(p) && counts(p) && (p.credited > 0n || p.held > 0n)),
  );
  return invoice.payments.filter(isWaiting).flatMap((payment) => {
    const steps = stepsFor(invoice, covered, payment, context);
    const last = steps.at(-1);
    if (last && counts(payment)) covered = coveredBy(invoice, [last.payment], covered);
    return steps;
  });
}

function stepsFor(invoice: Invoice, others: Covered, payment: Payment, context: ChangeContext): MoneyStep[] {
  const { exception } = payment;
  if (exception !== 'NONE') {
    return place(
      invoice,
      payment,
      payment.amount,
      exception,
      policyFor(exception, invoice, context),
      context,
    );
  }
  if (isPaid(invoice)) return cover(invoice, others, payment, context);
  if (invoice.status !== 'CANCELED') return [];
  return place(invoice, payment, payment.amount, 'UNDERPAID', context.rules.policies.underpaid, context);
}

/** Credits what the price takes of a payment, and does with the surplus what the policy says (FEATURES D7). */
function cover(invoice: Invoice, others: Covered, payment: Payment, context: ChangeContext): MoneyStep[] {
  const policy = context.rules.policies.overpaid;
  const splits = invoice.status === 'OVERPAID' && policy !== 'CREDIT';
  const surplus = splits ? surplusOf(invoice, others, payment) : 0n;
  const due = payment.amount - surplus;
  const covered = due > 0n ? place(invoice, payment, due, 'UNPRICED', 'CREDIT', context) : [];
  if (surplus === 0n) return covered;
  const rest = covered.at(-1)?.payment ?? payment;
  return [...covered, ...place(invoice, rest, surplus, 'OVERPAID', policy, context)];
}

/** One part of a payment by a policy. Money without a rate for its settlement cannot be credited by itself. */
function place(
  invoice: Invoice,
  payment: Payment,
  part: bigint,
  reason: HeldReason,
  policy: PaymentPolicy,
  context: ChangeContext,
): MoneyStep[] {
  const { merchantId } = invoice;
  const terms = policy === 'CREDIT' ? termsFor(invoice, payment, context) : null;
  if (terms) return [credit(payment, part, terms, merchantId)];
  const held = hold(payment, part, policy === 'CREDIT' ? 'UNPRICED' : reason, merchantId);
  return [policy === 'REBOUND' ? { ...held, payment: { ...held.payment, decision: 'REBOUND' } } : held];
}

/** What happens to money that does not count. Nobody decided on what comes after the monitoring period. */
function policyFor(
  exception: Exclude<Payment['exception'], 'NONE'>,
  { expiresAt }: Invoice,
  { rules, now }: ChangeContext,
): PaymentPolicy {
  if (now.getTime() > expiresAt.getTime() + rules.monitoringSeconds * 1000) return 'HOLD';
  return occasionPolicy(exception, rules);
}

function occasionPolicy(
  exception: Exclude<Payment['exception'], 'NONE'>,
  { policies }: PaymentRules,
): PaymentPolicy {
  switch (exception) {
    case 'LATE':
    case 'AFTER_CANCEL':
      return policies.late;
    case 'DUPLICATE':
      return policies.duplicate;
    case 'WRONG_ASSET':
    case 'UNPRICED':
    case 'WALLET_BLOCKED':
      return 'HOLD';
  }
}

/** On which terms money of a payment is credited; null when its settlement has no fresh rate. */
export function termsFor(invoice: Invoice, payment: Payment, context: ChangeContext): CreditTerms | null {
  const quote = invoice.quotes.find((q) => q.id === payment.quoteId);
  if (quote) return quote;
  const settlement = payment.price ? payment.price.settlement : settlementNow(payment.asset, context);
  return settlement === 'UNPRICED' ? null : termsOf(context.fees, payment, settlement);
}
