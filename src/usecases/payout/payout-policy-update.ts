import { eventActor, type UserActor } from '../../domain/access/actor.ts';
import { may } from '../../domain/access/rights.ts';
import type { EventData } from '../../domain/event/event.ts';
import { isCurrencyCode } from '../../domain/money/currencies.ts';
import { formatAmount } from '../../domain/money/money.ts';
import type { PayoutPolicy } from '../../domain/payout/payout-policy.ts';
import { positiveAmount } from '../amount-input.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import type { PayoutDeps } from './payout-deps.ts';
import { payoutProofMissing } from './payout-place.ts';

export interface CurrencyAmount {
  readonly currency: string;
  /** A decimal in whole units. */
  readonly amount: string;
}

export interface PayoutPolicyUpdateInput {
  readonly merchantId: string;
  /** Of the policy that was seen. */
  readonly revision: number;
  /** Members who must agree besides the one who asks: 0 to 5. */
  readonly approvalsRequired: number;
  /** From which amount on; none means always. */
  readonly approvalAbove: readonly CurrencyAmount[];
  /** What may leave within any 24 hours; none means no limit. */
  readonly dailyLimit: readonly CurrencyAmount[];
}

/**
 * Says what payouts of a merchant need and how much may leave in a day (FEATURES F5). Everybody is told; one that asks
 * less than before holds payouts back for 24 hours, so that a stolen session cannot lower the rules and pay out.
 * Refusals: NOT_FOUND, INVALID_INPUT, SECOND_FACTOR_REQUIRED, STEP_UP_REQUIRED, WRONG_STATE
 * for a policy that was changed since it was seen.
 */
export type PayoutPolicyUpdate = (
  actor: UserActor,
  input: PayoutPolicyUpdateInput,
) => Promise<Result<{ merchantId: string }>>;

const MOST_APPROVALS = 5;

export const payoutPolicyUpdate =
  ({
    payouts,
    ids,
    clock,
    feed,
  }: Pick<PayoutDeps, 'payouts' | 'ids' | 'clock' | 'feed'>): PayoutPolicyUpdate =>
  async (actor, { merchantId, revision, approvalsRequired, ...lists }) => {
    if (!may(actor, 'withdrawal:write', { merchantId }))
      return refuse('NOT_FOUND', 'There is no such merchant.', 'merchantId');
    if (!Number.isInteger(approvalsRequired) || approvalsRequired < 0 || approvalsRequired > MOST_APPROVALS)
      return refuse('INVALID_INPUT', `Between 0 and ${MOST_APPROVALS} members.`, 'approvalsRequired');
    const approvalAbove = readAmounts(lists.approvalAbove);
    if (!approvalAbove)
      return refuse('INVALID_INPUT', 'Name each currency once, with an amount.', 'approvalAbove');
    const dailyLimit = readAmounts(lists.dailyLimit);
    if (!dailyLimit) return refuse('INVALID_INPUT', 'Name each currency once, with an amount.', 'dailyLimit');
    const at = clock.now();
    const unproved = payoutProofMissing(actor, 'LIVE', at);
    if (unproved) return unproved;
    const seen = await payouts.policy(merchantId);
    if (seen.revision !== revision) return changedMeanwhile();
    const policy = { approvalsRequired, approvalAbove, dailyLimit };
    const event = stampEvent(
      {
        type: 'payout_policy.changed',
        merchantId,
        projectId: null,
        mode: null,
        subject: { type: 'MERCHANT', id: merchantId },
        data: { ...policyData(policy, ''), ...policyData(seen, 'Before') },
      },
      { id: ids.next(), actor: eventActor(actor), at },
    );
    const written = await payouts.setPolicy(merchantId, policy, { seen, event, at, userId: actor.userId });
    if (written === 'merchant_closed') return refuse('NOT_FOUND', 'There is no such merchant.', 'merchantId');
    if (written === 'stale') return changedMeanwhile();
    feed.poke();
    return done({ merchantId });
  };

const changedMeanwhile = () =>
  refuse('WRONG_STATE', 'The rules were changed meanwhile: look at them again.', 'revision');

/** A policy for those who are told; amounts and currencies are numbered from 0 on. */
const policyData = (
  { approvalsRequired, approvalAbove, dailyLimit }: PayoutPolicy,
  when: string,
): EventData => ({
  [`approvalsRequired${when}`]: approvalsRequired,
  ...amountsData(`approvalAbove${when}`, approvalAbove),
  ...amountsData(`dailyLimit${when}`, dailyLimit),
});

const amountsData = (field: string, amounts: Readonly<Record<string, bigint>>): EventData =>
  Object.fromEntries(
    Object.entries(amounts).flatMap(([currency, minorUnits], place) => [
      [`${field}${place}`, formatAmount({ minorUnits, currency })],
      [`${field}Currency${place}`, currency],
    ]),
  );

/** By currency; null when one is named twice or is no positive amount. */
function readAmounts(list: readonly CurrencyAmount[]): Readonly<Record<string, bigint>> | null {
  const amounts: Record<string, bigint> = {};
  for (const { currency, amount } of list) {
    const read = isCurrencyCode(currency) && !(currency in amounts) ? positiveAmount(amount, currency) : null;
    if (read === null) return null;
    amounts[currency] = read;
  }
  return amounts;
}
