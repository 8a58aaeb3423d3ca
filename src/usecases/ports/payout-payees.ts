import type { Payout } from '../../domain/payout/payout.ts';

export type MakerGone = 'KEY_REVOKED' | 'MEMBER_GONE';

/** How it was found out whose address a payout goes to. */
export interface PayoutPayees {
  /**
   * All members and API keys that named an inbox in which the payer of a refund or rebound was asked; none where that was
   * the one the invoice was made with, and for every other payout.
   */
  inboxNamedBy(payout: Pick<Payout, 'origin' | 'sourceId'>): Promise<readonly string[]>;
  /**
   * Who asked for it, or named an inbox in which its payer was asked, and could not any more: an API key that was revoked
   * since, or a person who is no member that may pay there any more. Null when there is nobody like that.
   */
  whoIsGone(
    payout: Pick<Payout, 'merchantId' | 'projectId' | 'origin' | 'sourceId' | 'createdBy'>,
  ): Promise<MakerGone | null>;
}
