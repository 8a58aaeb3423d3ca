import type { PayoutEnd } from '../refund/refund-carry-out.ts';

/** What a step of refunds and rebounds may have been missed for. */
export type LeftBehind =
  | { readonly kind: 'REFUND' | 'REBOUND'; readonly id: string; readonly end: PayoutEnd | null }
  /** A payment whose money is to go back, without a rebound that asks its payer. */
  | { readonly kind: 'PAYMENT'; readonly id: string };

export interface RefundCourseReads {
  /** Those whose link has run out without an answer, which members were not told of; the longest ago first. */
  expiredClaims(
    at: Date,
    limit: number,
  ): Promise<readonly { readonly kind: 'REFUND' | 'REBOUND'; readonly id: string }[]>;
  /**
   * Refunds and rebounds that are under way without a payout (`end` null) or whose payout has ended, and payments that are
   * to go back without an open rebound; by id.
   */
  leftBehind(after: string | null, limit: number): Promise<readonly LeftBehind[]>;
}
