import { accountEnding, type BankAccount } from '../../domain/payout/bank-account.ts';
import type { EventDraft } from '../../domain/event/event.ts';

/** An event of a bank account; of its number it tells the end. */
export const bankAccountEvent = (
  type: 'bank_account.added' | 'bank_account.removed',
  account: Omit<BankAccount, 'removedAt'>,
): EventDraft => ({
  type,
  merchantId: account.merchantId,
  projectId: null,
  mode: null,
  subject: { type: 'BANK_ACCOUNT', id: account.id },
  data: {
    bankAccountId: account.id,
    currency: account.currency,
    holder: account.holder,
    account: accountEnding(account),
    country: account.country,
    usableAt: account.usableAt.toISOString(),
  },
});
