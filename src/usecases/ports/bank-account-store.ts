import type { NewEvent } from '../../domain/event/event.ts';
import type { BankAccount } from '../../domain/payout/bank-account.ts';

/** Bank accounts for fiat payouts. Each method is one atomic write or one read. */
export interface BankAccountStore {
  /** 'listed' when the merchant has the same one already, 'closed' when the merchant is closed or unknown. */
  add(
    account: Omit<BankAccount, 'removedAt'>,
    at: Date,
    event: NewEvent,
  ): Promise<'added' | 'listed' | 'closed'>;
  /** Also one that was removed. */
  byId(id: string): Promise<BankAccount | null>;
  /** False when it was removed before. */
  remove(id: string, at: Date, event: NewEvent): Promise<boolean>;
}
