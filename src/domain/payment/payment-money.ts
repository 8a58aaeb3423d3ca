import { feesOf, type CreditTerms } from '../fee/fee-schedule.ts';
import type { AccountRef, LedgerAccountKind, LedgerEntry, PaymentStep } from '../ledger/entries.ts';
import { convert } from '../money/rate.ts';
import { UNSETTLED, type HeldReason, type Payment } from './payment.ts';

/** A payment after a step of its money, with the postings of the step. */
export interface MoneyStep {
  readonly payment: Payment;
  readonly entry: LedgerEntry;
}

type Leg = readonly [kind: LedgerAccountKind, amount: bigint, currency?: string];

/** The transfer is on the chain, or in the memory pool: its amount is expected. */
export const detect = (payment: Payment, merchantId: string): MoneyStep =>
  step('DETECTED', payment, payment, merchantId, [
    ['PENDING', payment.amount],
    ['INCOMING', -payment.amount],
  ]);

/** The whole of a payment that was never confirmed is taken back. */
export const orphan = (payment: Payment, merchantId: string, at: Date): MoneyStep =>
  step('ORPHANED', payment, { ...payment, status: 'ORPHANED', orphanedAt: at }, merchantId, [
    ['PENDING', -payment.amount],
    ['INCOMING', payment.amount],
  ]);

/** A part of a confirmed payment goes from PENDING to the merchant, fees off, in the settlement currency if there is one. */
export function credit(payment: Payment, part: bigint, terms: CreditTerms, merchantId: string): MoneyStep {
  const { after, legs } = release(payment, part, terms);
  return step('CREDITED', payment, after, merchantId, [
    ['PENDING', -part],
    ...legs,
    ['INCOMING', part],
    ['CUSTODY', -part],
  ]);
}

/** A part of a confirmed payment goes from PENDING to HELD, where it waits for a decision. */
export const hold = (payment: Payment, part: bigint, reason: HeldReason, merchantId: string): MoneyStep =>
  step('HELD', payment, { ...payment, held: payment.held + part, heldReason: reason }, merchantId, [
    ['PENDING', -part],
    ['HELD', part],
    ['INCOMING', part],
    ['CUSTODY', -part],
  ]);

/** The held part goes to the merchant by a decision. */
export function releaseHeld(payment: Payment, terms: CreditTerms, merchantId: string): MoneyStep {
  const { after, legs } = release(payment, payment.held, terms);
  const settled: Payment = { ...after, held: 0n, heldReason: null, decision: 'NONE' };
  return step('RELEASED', payment, settled, merchantId, [['HELD', -payment.held], ...legs]);
}

/**
 * The chain took a confirmed payment back: what was released and held for it is taken back too (RULES 5). What was held and
 * is on its way to the payer cannot be: the merchant owes it.
 */
export function reverse(payment: Payment, merchantId: string, at: Date): MoneyStep {
  const { amount, credited, held, fee, networkFee, settled, settledCurrency, asset } = payment;
  const waiting = amount - credited - held;
  const net = credited - fee - networkFee;
  const converted = settledCurrency !== null && settledCurrency !== asset;
  const after: Payment = { ...payment, ...UNSETTLED, status: 'ORPHANED', orphanedAt: at };
  return step('REVERSED', payment, after, merchantId, [
    ['PENDING', -waiting],
    ['INCOMING', waiting],
    [payment.decision === 'REBOUNDED' ? 'OWED' : 'HELD', -held],
    ['FEES', -fee],
    ['NETWORK_FEES', -networkFee],
    ...available(asset, -net, converted ? { currency: settledCurrency, amount: -settled } : null),
    ['CUSTODY', credited + held],
  ]);
}

function release(payment: Payment, part: bigint, terms: CreditTerms): { after: Payment; legs: Leg[] } {
  const { asset } = payment;
  const { fee, networkFee, net } = feesOf(part, terms, payment.credited === 0n);
  const settlement = terms.settlement?.currency === asset ? null : terms.settlement;
  const settled = settlement ? convert(net, asset, settlement.currency, settlement.rate) : net;
  const after: Payment = {
    ...payment,
    status: 'CREDITED',
    credited: payment.credited + part,
    fee: payment.fee + fee,
    networkFee: payment.networkFee + networkFee,
    settled: payment.settled + settled,
    settledCurrency: settlement?.currency ?? asset,
  };
  const target = settlement ? { currency: settlement.currency, amount: settled } : null;
  return { after, legs: [['FEES', fee], ['NETWORK_FEES', networkFee], ...available(asset, net, target)] };
}

/** What reaches AVAILABLE: the asset itself, or what it was converted to by the gateway's conversion accounts. */
const available = (
  asset: string,
  net: bigint,
  target: { readonly currency: string; readonly amount: bigint } | null,
): Leg[] =>
  target
    ? [
        ['CONVERSION', net, asset],
        ['CONVERSION', -target.amount, target.currency],
        ['AVAILABLE', target.amount, target.currency],
      ]
    : [['AVAILABLE', net]];

function step(
  kind: PaymentStep,
  { id, sighting, asset, network }: Payment,
  after: Payment,
  merchantId: string,
  legs: readonly Leg[],
): MoneyStep {
  const postings = legs
    .filter(([, amount]) => amount !== 0n)
    .map(([account, amount, currency = asset]) => ({
      account: accountOf(account, currency, merchantId, network),
      amount,
    }));
  return { payment: after, entry: { sourceType: 'PAYMENT', sourceId: `${id}/${sighting}`, kind, postings } };
}

const OF_MERCHANT: ReadonlySet<LedgerAccountKind> = new Set(['PENDING', 'AVAILABLE', 'HELD', 'OWED']);
const OF_NETWORK: ReadonlySet<LedgerAccountKind> = new Set(['INCOMING', 'CUSTODY', 'NETWORK_FEES']);

const accountOf = (
  kind: LedgerAccountKind,
  asset: string,
  merchantId: string,
  network: string,
): AccountRef => ({
  kind,
  asset,
  merchantId: OF_MERCHANT.has(kind) ? merchantId : null,
  network: OF_NETWORK.has(kind) ? network : null,
});
