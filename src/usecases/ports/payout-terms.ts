import type { PayoutFees } from '../../domain/payout/payout-terms.ts';

/** A bank account that payouts may go to. */
export interface PayoutBankAccount {
  readonly currency: string;
  /** The end of its cool-off. */
  readonly usableAt: Date;
}

/** What the terms of a payout are made of. */
export interface PayoutTerms {
  /** The fee schedule of the project, the merchant or the gateway, whichever is nearest. */
  feesOf(merchantId: string, projectId: string | null): Promise<PayoutFees>;
  /** Null when the merchant has no such account, or it was removed. */
  bankAccount(merchantId: string, bankAccountId: string): Promise<PayoutBankAccount | null>;
}
