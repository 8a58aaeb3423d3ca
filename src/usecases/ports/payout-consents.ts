/** Consents that count: to the revision that a payout has now, of members who may still agree to it. */
export interface PayoutConsents {
  /** Of each of these payouts, by one read. */
  given(
    payoutIds: readonly string[],
  ): Promise<readonly { readonly payoutId: string; readonly given: number }[]>;
}
