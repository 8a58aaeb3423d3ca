/** Why no payout leaves for a while (FEATURES A11). */
export type HoldReason =
  | 'PASSWORD_CHANGED'
  | 'PASSWORD_RESET'
  | 'EMAIL_CHANGED'
  | 'PHONE_CHANGED'
  | 'API_KEY_CHANGED'
  | 'RECOVERY_CODE_USED'
  | 'TWO_FACTOR_RESET'
  | 'TWO_FACTOR_DISABLED'
  | 'WHITELIST_DISABLED'
  | 'SESSION_DISOWNED'
  | 'PAYOUT_POLICY_WEAKENED';

/** How long a security change holds payouts back, in milliseconds. */
export const HOLD_MS = 24 * 3_600_000;

export interface WithdrawalHold {
  readonly reason: HoldReason;
  readonly startedAt: Date;
  readonly endsAt: Date;
}

/** The hold that ends last of those not over yet; null when payouts may leave. A hold never gets shorter (RULES 12). */
export function activeHold(holds: readonly WithdrawalHold[], at: Date): WithdrawalHold | null {
  const active = holds.filter(({ endsAt }) => endsAt > at);
  return active.toSorted((a, b) => b.endsAt.getTime() - a.endsAt.getTime())[0] ?? null;
}
