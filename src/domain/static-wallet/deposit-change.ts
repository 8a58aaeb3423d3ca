import type { EventDraft } from '../event/event.ts';
import type { EventType } from '../event/catalogue.ts';
import { termsOf, type CreditTerms } from '../fee/fee-schedule.ts';
import type { ChangeContext, PaymentInBlock, Resolution, SeenTransfer } from '../invoice/invoice-change.ts';
import { ownPrice, settlementNow } from '../invoice/payment-arrival.ts';
import { withDebts } from '../ledger/balances.ts';
import type { LedgerEntry } from '../ledger/entries.ts';
import { paymentData } from '../payment/payment-data.ts';
import {
  credit,
  detect,
  hold,
  orphan,
  releaseHeld,
  reverse,
  type MoneyStep,
} from '../payment/payment-money.ts';
import { paymentSteps, type TellableStep } from '../payment/payment-steps.ts';
import {
  canBeMined,
  canConfirm,
  canOrphan,
  canReappear,
  canResolve,
  isConfirmed,
  UNSETTLED,
  type Payment,
  type PaymentException,
} from '../payment/payment.ts';
import { staticWalletData, type StaticWallet } from './static-wallet.ts';

/** A payment to a static wallet, as far as it was seen. */
export interface Deposit {
  readonly wallet: StaticWallet;
  /** Null before its transfer was seen for the first time. */
  readonly payment: Payment | null;
}

/** What can happen to a deposit. */
export type DepositAction =
  /** The transfer is on the chain or in the memory pool, for the first time or again. */
  | { readonly type: 'TRANSFER_SEEN'; readonly transfer: SeenTransfer }
  /** It has the confirmations that it needs. */
  | ({ readonly type: 'PAYMENT_CONFIRMED' } & PaymentInBlock)
  /** A reorg or a replacement took it away. */
  | ({ readonly type: 'PAYMENT_ORPHANED' } & PaymentInBlock)
  /** A decision on its held money (FEATURES D8). */
  | { readonly type: 'RESOLVE'; readonly paymentId: string; readonly resolution: Resolution };

/** Everything that an action changes, to be written in one statement. */
export interface DepositChange {
  readonly payment: Payment;
  readonly entries: readonly LedgerEntry[];
  readonly events: readonly EventDraft[];
}

/**
 * The state machine of a deposit (FEATURES D11): several actions as one change, each on what those before it left.
 * Pure: the same deposit, actions and context give the same change. An action that changes nothing (a repeat, or no
 * longer possible) is passed over; null when none changes anything.
 */
export function changeDeposit(
  { wallet, payment: before }: Deposit,
  actions: readonly DepositAction[],
  context: ChangeContext,
): DepositChange | null {
  let payment = before;
  const entries: LedgerEntry[] = [];
  const events: EventDraft[] = [];
  for (const action of actions) {
    const steps = stepsOf({ wallet, payment }, action, context);
    const last = steps.at(-1);
    if (!last) continue;
    entries.push(...steps.flatMap((step) => ('entry' in step ? [step.entry] : [])));
    events.push(...eventsOf(wallet, payment, last.payment));
    payment = last.payment;
  }
  if (!payment || payment === before) return null;
  return { payment, entries: withDebts(entries, context.balances), events };
}

/** With the postings of the step, if money moved. */
type DepositStep = MoneyStep | { readonly payment: Payment };

function stepsOf({ wallet, payment }: Deposit, action: DepositAction, context: ChangeContext): DepositStep[] {
  if (action.type === 'TRANSFER_SEEN') return transferSeen(wallet, payment, action.transfer, context);
  if (!payment || payment.id !== action.paymentId) return [];
  switch (action.type) {
    case 'PAYMENT_CONFIRMED':
      return stands(payment, action) && canConfirm(payment) ? confirm(wallet, payment, context) : [];
    case 'PAYMENT_ORPHANED':
      return stands(payment, action) && canOrphan(payment)
        ? [(isConfirmed(payment) ? reverse : orphan)(payment, wallet.merchantId, context.now)]
        : [];
    case 'RESOLVE':
      return resolve(wallet, payment, action.resolution, context);
  }
}

/** What is said of a payment in one block, or in the memory pool, is void once it stands elsewhere. */
const stands = (payment: Payment, { blockHash }: PaymentInBlock): boolean => payment.blockHash === blockHash;

function transferSeen(
  wallet: StaticWallet,
  known: Payment | null,
  transfer: SeenTransfer,
  context: ChangeContext,
): DepositStep[] {
  const { blockHeight, blockHash } = transfer;
  if (known && canBeMined(known) && blockHash !== null) {
    return [{ payment: { ...known, status: 'CONFIRMING', blockHeight, blockHash } }];
  }
  if (known && !canReappear(known)) return [];
  return [detect(arrive(wallet, known, transfer, context), wallet.merchantId)];
}

/**
 * What it was when it was first seen it stays: neither a reorg nor a wallet blocked since decides anew, unless a contract
 * that was executed again sends another asset.
 */
function arrive(
  wallet: StaticWallet,
  known: Payment | null,
  { at: _at, ...seen }: SeenTransfer,
  context: ChangeContext,
): Payment {
  const currency = context.rules.settlementCurrency ?? seen.asset;
  const before = known?.asset === seen.asset ? known : null;
  const price = before ? before.price : ownPrice(seen.asset, currency, context);
  const arrival: PaymentException =
    wallet.status === 'BLOCKED' ? 'WALLET_BLOCKED' : price ? 'NONE' : 'UNPRICED';
  return {
    ...seen,
    ...UNSETTLED,
    id: known?.id ?? seen.id,
    quoteId: null,
    price,
    status: seen.blockHash === null ? 'DETECTED' : 'CONFIRMING',
    exception: before?.exception ?? arrival,
    sighting: (known?.sighting ?? 0) + 1,
    orphanedAt: null,
  };
}

/** Nothing is waited for any more: it is credited at once, or held. */
function confirm({ merchantId }: StaticWallet, payment: Payment, context: ChangeContext): DepositStep[] {
  const confirmed: Payment = { ...payment, status: 'CONFIRMED' };
  const { amount, exception } = confirmed;
  if (exception !== 'NONE') return [hold(confirmed, amount, exception, merchantId)];
  const terms = termsFor(confirmed, context);
  return [
    terms ? credit(confirmed, amount, terms, merchantId) : hold(confirmed, amount, 'UNPRICED', merchantId),
  ];
}

function resolve(
  { merchantId }: StaticWallet,
  payment: Payment,
  resolution: Resolution,
  context: ChangeContext,
): DepositStep[] {
  if (!canResolve(payment)) return [];
  if (resolution === 'REBOUND') {
    return payment.decision === 'REBOUND' ? [] : [{ payment: { ...payment, decision: 'REBOUND' } }];
  }
  const terms = termsFor(payment, context);
  return terms ? [releaseHeld(payment, terms, merchantId)] : [];
}

/** The fees of the moment of crediting, the settlement of the moment it was seen; null without a fresh rate. */
function termsFor(payment: Payment, context: ChangeContext): CreditTerms | null {
  const settlement = payment.price ? payment.price.settlement : settlementNow(payment.asset, context);
  return settlement === 'UNPRICED' ? null : termsOf(context.fees, payment, settlement);
}

/** A deposit is credited or held as soon as it is confirmed: that it is confirmed is not told besides. */
const EVENT_OF_STEP = {
  detected: 'deposit.detected',
  confirming: 'deposit.confirming',
  confirmed: null,
  credited: 'deposit.credited',
  held: 'deposit.held',
  rebound_requested: 'deposit.rebound_requested',
  orphaned: 'deposit.orphaned',
  reversed: 'deposit.reversed',
} as const satisfies Record<TellableStep, EventType | null>;

const eventsOf = (wallet: StaticWallet, was: Payment | null, now: Payment): EventDraft[] =>
  paymentSteps(was ?? undefined, now).flatMap((step) => {
    const type = EVENT_OF_STEP[step];
    return type === null ? [] : [depositEvent(type, wallet, now)];
  });

const depositEvent = (type: EventType, wallet: StaticWallet, payment: Payment): EventDraft => ({
  type,
  merchantId: wallet.merchantId,
  projectId: wallet.projectId,
  mode: wallet.mode,
  subject: { type: 'STATIC_WALLET', id: wallet.id },
  data: { ...staticWalletData(wallet), ...paymentData(payment) },
});
