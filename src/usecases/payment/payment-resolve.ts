import type { Actor } from '../../domain/access/actor.ts';
import { mayAt } from '../../domain/access/rights.ts';
import { changeInvoice, type Resolution } from '../../domain/invoice/invoice-change.ts';
import { canResolve, type Payment } from '../../domain/payment/payment.ts';
import { changeDeposit } from '../../domain/static-wallet/deposit-change.ts';
import type { InvoiceWriting } from '../invoice/invoice-writing.ts';
import type { DepositSnapshot, DepositStore } from '../ports/deposit-store.ts';
import type { InvoiceSnapshot, InvoiceStore } from '../ports/invoice-store.ts';
import { done, refuse, type Result } from '../result.ts';
import type { DepositWriting } from '../static-wallet/deposit-writing.ts';

export interface PaymentResolveInput {
  readonly paymentId: string;
  readonly resolution: Resolution;
}

/** A payment as a decision leaves it. */
export interface ResolvedPayment {
  readonly before: Payment;
  readonly after: Payment;
}

/**
 * Decides on the held money of a payment, of an invoice or to a static wallet (FEATURES D8, D11): CREDIT releases it,
 * REBOUND marks it to go back to the payer. A REBOUND can still become a CREDIT as long as it was not carried out. A
 * repeat gives the same answer.
 */
export type PaymentResolve = (actor: Actor, input: PaymentResolveInput) => Promise<Result<ResolvedPayment>>;

/** What the decision would do, without doing it: amount, rate and fee of this moment. */
export type PaymentResolvePreview = PaymentResolve;

export interface PaymentResolveDeps extends InvoiceWriting, DepositWriting {
  readonly invoices: Pick<InvoiceStore, 'snapshotOfPayment'>;
  readonly deposits: Pick<DepositStore, 'snapshot'>;
}

export const paymentResolve =
  ({ invoices, deposits, writeInvoice, writeDeposit }: PaymentResolveDeps): PaymentResolve =>
  async (actor, input) => {
    const found = await resolvable({ invoices, deposits }, actor, input.paymentId);
    if (!found.ok) return found;
    const key = { paymentId: input.paymentId };
    let before: Payment | undefined;
    if ('wallet' in found.value) {
      const written = await writeDeposit(
        key,
        ({ payment }) => {
          before = payment ?? undefined;
          return [{ type: 'RESOLVE', ...input }];
        },
        actor,
      );
      return outcome(before, written?.payment, input);
    }
    const written = await writeInvoice(
      key,
      (invoice) => {
        before = invoice.payments.find((p) => p.id === input.paymentId);
        return { type: 'RESOLVE', ...input };
      },
      actor,
    );
    return outcome(
      before,
      written?.payments.find((p) => p.id === input.paymentId),
      input,
    );
  };

export const paymentResolvePreview =
  ({ invoices, deposits, contextOf }: PaymentResolveDeps): PaymentResolvePreview =>
  async (actor, input) => {
    const found = await resolvable({ invoices, deposits }, actor, input.paymentId);
    if (!found.ok) return found;
    const action = { type: 'RESOLVE', ...input } as const;
    const context = await contextOf(found.value);
    if ('wallet' in found.value) {
      const { payment } = found.value;
      return outcome(payment ?? undefined, changeDeposit(found.value, [action], context)?.payment, input);
    }
    const { invoice } = found.value;
    const ofPayment = (payments: readonly Payment[] = []) => payments.find((p) => p.id === input.paymentId);
    const change = changeInvoice(invoice, action, context);
    return outcome(ofPayment(invoice.payments), ofPayment(change?.payments), input);
  };

async function resolvable(
  { invoices, deposits }: Pick<PaymentResolveDeps, 'invoices' | 'deposits'>,
  actor: Actor,
  paymentId: string,
): Promise<Result<InvoiceSnapshot | DepositSnapshot>> {
  const snapshot = (await invoices.snapshotOfPayment(paymentId)) ?? (await deposits.snapshot({ paymentId }));
  if (!snapshot || !mayResolve(actor, snapshot))
    return refuse('NOT_FOUND', 'There is no such payment.', 'paymentId');
  return done(snapshot);
}

/** Whoever decides is answered with the payment, and must see it. */
function mayResolve(actor: Actor, snapshot: InvoiceSnapshot | DepositSnapshot): boolean {
  const isDeposit = 'wallet' in snapshot;
  const place = isDeposit ? snapshot.wallet : snapshot.invoice;
  const seen = isDeposit ? 'static_wallet:read' : 'invoice:read';
  return mayAt(actor, 'payment:resolve', place) && mayAt(actor, seen, place);
}

/** `after` is undefined when nothing changed. */
function outcome(
  before: Payment | undefined,
  after: Payment | undefined,
  { resolution }: PaymentResolveInput,
): Result<ResolvedPayment> {
  if (!before) return refuse('NOT_FOUND', 'There is no such payment.', 'paymentId');
  if (after) return done({ before, after });
  const isRepeat = resolution === 'REBOUND' ? before.decision !== 'NONE' : before.credited === before.amount;
  if (isRepeat) return done({ before, after: before });
  if (before.decision === 'REBOUNDED')
    return refuse('WRONG_STATE', 'It is on its way back to the payer, or has gone.');
  return canResolve(before)
    ? refuse('RATE_UNAVAILABLE', 'There is no fresh rate for the settlement currency.')
    : refuse('WRONG_STATE', 'No money of this payment is held.');
}
