import { formatAmount } from '../../domain/money/money.ts';
import { approvalsFor } from '../../domain/payout/payout-policy.ts';
import { payoutAmounts, payoutMinimums } from '../../domain/payout/payout-terms.ts';
import type { Payout } from '../../domain/payout/payout.ts';
import { done, refuse, type Result } from '../result.ts';
import { barredBy } from './payout-check.ts';
import type { PayoutDeps } from './payout-deps.ts';
import type { PayoutPlace } from './payout-place.ts';
import type { PayoutAsked } from './payout-request.ts';

/** A payout that could be made now, and what may leave in a day. */
export interface PayoutDraft {
  readonly payout: Payout;
  readonly reference: string | null;
  readonly dailyLimit: bigint | null;
  /** The least that may be paid out in this currency. */
  readonly minimum: bigint;
}

/** By which path, in whose name, and for which cause. */
export type PayoutOccasion = Pick<Payout, 'origin' | 'createdBy' | 'sourceId'>;

type Deps = Pick<PayoutDeps, 'payouts' | 'terms' | 'payoutCheck' | 'canSend' | 'ids' | 'clock'>;

/**
 * What a request comes to: amounts, approvals, and whether money may go there now. Nothing is written; the balance and
 * the day's sum are looked at when it is.
 */
export async function draftPayout(
  deps: Deps,
  place: PayoutPlace,
  asked: PayoutAsked,
  occasion: PayoutOccasion,
): Promise<Result<PayoutDraft>> {
  const { target, currency } = asked;
  if (target.kind === 'FIAT') {
    const account = await deps.terms.bankAccount(place.merchantId, target.bankAccountId);
    if (account?.currency !== currency)
      return refuse('INVALID_INPUT', `Name a bank account of yours for ${currency}.`, 'bankAccountId');
  }
  if (target.kind === 'CRYPTO' && place.mode === 'LIVE' && !deps.canSend(target.network, currency))
    return refuse('INVALID_INPUT', `This gateway does not send ${currency} over that network.`, 'network');
  const draft = await composePayout(deps, place, asked, occasion);
  if (isTooSmall(draft.payout, draft.minimum)) {
    const least = formatAmount({ minorUnits: draft.minimum, currency });
    return refuse('INVALID_INPUT', `At least ${least} ${currency}, and more than the fees.`, 'amount');
  }
  const field = target.kind === 'FIAT' ? 'bankAccountId' : 'address';
  return barredBy(await deps.payoutCheck(draft.payout), field) ?? done(draft);
}

/**
 * The payout at the fees and by the policy of this moment. The policy is read before holds are asked for: one that asks
 * less holds payouts back in the same write.
 */
export async function composePayout(
  { payouts, terms, ids, clock }: Pick<Deps, 'payouts' | 'terms' | 'ids' | 'clock'>,
  place: PayoutPlace,
  { currency, amount, feesFrom, target, reference }: PayoutAsked,
  occasion: PayoutOccasion,
): Promise<PayoutDraft> {
  const fees = await terms.feesOf(place.merchantId, place.projectId);
  const way = target.kind === 'CRYPTO' ? { asset: currency, network: target.network } : null;
  const amounts = payoutAmounts(amount, way, currency, fees, feesFrom);
  const policy = await payouts.policy(place.merchantId);
  const approvalsRequired = approvalsFor(policy, currency, amounts.debited);
  return {
    payout: {
      id: ids.next(),
      ...place,
      ...occasion,
      target,
      currency,
      ...amounts,
      status: approvalsRequired > 0 ? 'PENDING_APPROVAL' : 'QUEUED',
      revision: 0,
      approvalsRequired,
      createdAt: clock.now(),
    },
    reference,
    dailyLimit: policy.dailyLimit[currency] ?? null,
    minimum: payoutMinimums(fees)[currency] ?? 1n,
  };
}

export const isTooSmall = (
  { debited, arrives }: Pick<Payout, 'debited' | 'arrives'>,
  minimum: bigint,
): boolean => arrives <= 0n || debited < minimum;
