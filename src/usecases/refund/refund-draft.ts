import { eventActor, type Actor } from '../../domain/access/actor.ts';
import { termsOf } from '../../domain/fee/fee-schedule.ts';
import { priceOf } from '../../domain/money/rate-table.ts';
import { formatAmount } from '../../domain/money/money.ts';
import { capturedOf, refundableOf, refundWay, type RefundWay } from '../../domain/refund/refund-limits.ts';
import { arrivesOf, refundAmounts } from '../../domain/refund/refund-money.ts';
import type { Refund } from '../../domain/refund/refund.ts';
import { positiveAmount } from '../amount-input.ts';
import type { InvoiceSnapshot } from '../ports/invoice-store.ts';
import type { RefundInvoice } from '../ports/refund-store.ts';
import { done, refuse, type Result } from '../result.ts';
import type { RefundDeps } from './refund-deps.ts';
import type { RefundCreateInput } from './refund-input.ts';

/** A refund that could be made now. */
export interface RefundDraft {
  readonly refund: Refund;
  /** What was captured of the invoice. */
  readonly captured: bigint;
}

/** What a request comes to at the rates of this moment. The sums are looked at again when it is written. */
export async function draftRefund(
  { canSend, rates, ids, clock }: Pick<RefundDeps, 'canSend' | 'rates' | 'ids' | 'clock'>,
  actor: Actor,
  { invoice, fees }: InvoiceSnapshot,
  facts: RefundInvoice,
  input: RefundCreateInput,
): Promise<Result<RefundDraft>> {
  const captured = capturedOf(invoice);
  const way = refundWay(invoice);
  const left = refundableOf(captured, facts.standing);
  const amount = readAmount(input.amount, invoice.currency, left);
  if (!amount.ok) return amount;
  if (!way) return exceeds(left, invoice.currency);
  if (invoice.mode === 'LIVE' && !canSend(way.network, way.asset))
    return refuse('WRONG_STATE', `This gateway does not send ${way.asset} over ${way.network} any more.`);
  const at = clock.now();
  const table = await rates.table();
  const rate = priceOf(table, way.asset, invoice.currency, at);
  const debitRate = priceOf(table, way.asset, way.debitCurrency, at);
  if (!rate || !debitRate) return refuse('RATE_UNAVAILABLE', `There is no fresh rate for ${way.asset}.`);
  const networkFee = networkFeeOf(fees, way);
  const amounts = refundAmounts({
    ...way,
    amount: amount.value,
    currency: invoice.currency,
    rate: rate.scaled,
    debitRate: debitRate.scaled,
    networkFee,
  });
  if (arrivesOf(amounts) <= 0n || amounts.debitAmount <= 0n)
    return refuse(
      'INVALID_INPUT',
      `The network fee of ${formatAmount({ minorUnits: networkFee, currency: way.asset })} ${way.asset} is more.`,
      'amount',
    );
  return done({
    captured,
    refund: {
      id: ids.next(),
      merchantId: invoice.merchantId,
      projectId: invoice.projectId,
      mode: invoice.mode,
      invoiceId: invoice.id,
      orderId: invoice.orderId,
      status: 'PENDING',
      revision: 0,
      reason: input.reason ?? null,
      description: input.description ?? null,
      currency: invoice.currency,
      ...way,
      ...amounts,
      rate: rate.scaled,
      debitRate: debitRate.scaled,
      rateSource: rate.source,
      rateAt: rate.at,
      subMerchantId: facts.subMerchantId,
      customerEmail: facts.customerEmail,
      address: null,
      claimExpiresAt: null,
      createdBy: creatorOf(actor),
      createdAt: at,
    },
  });
}

const networkFeeOf = (fees: InvoiceSnapshot['fees'], way: RefundWay): bigint =>
  termsOf(fees, way, null).networkFee;

/** Left out: all that is left. */
function readAmount(typed: string | null | undefined, currency: string, left: bigint): Result<bigint> {
  if (typed === null || typed === undefined) return left > 0n ? done(left) : exceeds(left, currency);
  const amount = positiveAmount(typed, currency);
  if (amount === null)
    return refuse('INVALID_INPUT', `This is no positive decimal of ${currency}.`, 'amount');
  return amount <= left ? done(amount) : exceeds(left, currency);
}

export const exceeds = (left: bigint, currency: string) =>
  refuse(
    'LIMIT_REACHED',
    `Refunds never come to more than was captured: ${formatAmount({ minorUnits: left, currency })} ${currency} is left.`,
    'amount',
  );

function creatorOf(actor: Actor): Refund['createdBy'] {
  const { type, id } = eventActor(actor);
  return id !== null && (type === 'USER' || type === 'API_KEY') ? { type, id } : null;
}
