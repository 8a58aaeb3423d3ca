/** What a merchant asks of its payouts (FEATURES F5). */
export interface PayoutPolicy {
  readonly approvalsRequired: number;
  /** By currency, in its smallest unit: at or above it a payout needs the approvals. A currency without: always. */
  readonly approvalAbove: Readonly<Record<string, bigint>>;
  /** By currency: what may leave within any 24 hours. A currency without: no limit. */
  readonly dailyLimit: Readonly<Record<string, bigint>>;
}

/** As it stands at a merchant. */
export interface KeptPolicy extends PayoutPolicy {
  /** Grows with every change. */
  readonly revision: number;
}

/** A merchant that said nothing. */
export const NO_POLICY: KeptPolicy = { approvalsRequired: 0, approvalAbove: {}, dailyLimit: {}, revision: 0 };

/** The members who must agree before a payout leaves. */
export const approvalsFor = (
  { approvalsRequired, approvalAbove }: Pick<PayoutPolicy, 'approvalsRequired' | 'approvalAbove'>,
  currency: string,
  debited: bigint,
): number => (debited >= (approvalAbove[currency] ?? 0n) ? approvalsRequired : 0);

/** Whether some payout needs less consent than before, or more may leave in a day. */
export const asksLess = (before: PayoutPolicy, after: PayoutPolicy): boolean =>
  consentIsLess(before, after) ||
  Object.entries(before.dailyLimit).some(([currency, limit]) => {
    const next = after.dailyLimit[currency];
    return next === undefined || next > limit;
  });

function consentIsLess(before: PayoutPolicy, after: PayoutPolicy): boolean {
  if (before.approvalsRequired === 0) return false;
  return (
    after.approvalsRequired < before.approvalsRequired ||
    Object.entries(after.approvalAbove).some(
      ([currency, above]) => above > (before.approvalAbove[currency] ?? 0n),
    )
  );
}
