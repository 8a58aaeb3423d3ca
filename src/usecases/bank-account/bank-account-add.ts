import { eventActor, type UserActor } from '../../domain/access/actor.ts';
import { may } from '../../domain/access/rights.ts';
import { BANK_ACCOUNT_COOL_OFF_MS } from '../../domain/payout/bank-account.ts';
import type { BankFormats } from '../ports/bank-formats.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import { stepUpMissing } from '../step-up.ts';
import type { BankAccountDeps } from './bank-account-deps.ts';
import { bankAccountEvent } from './bank-account-event.ts';
import { readBankAccount, type BankAccountInput } from './bank-account-input.ts';

export interface BankAccountAddInput extends BankAccountInput {
  readonly merchantId: string;
}

/**
 * Adds a bank account that fiat payouts may go to, from the end of its cool-off on (FEATURES F2).
 * Refusals: NOT_FOUND, INVALID_INPUT, STEP_UP_REQUIRED, WRONG_STATE.
 */
export type BankAccountAdd = (
  actor: UserActor,
  input: BankAccountAddInput,
) => Promise<Result<{ bankAccountId: string }>>;

export interface BankAccountAddDeps extends BankAccountDeps {
  readonly bankFormats: BankFormats;
}

export const bankAccountAdd =
  ({ bankAccounts, bankFormats, ids, clock, feed }: BankAccountAddDeps): BankAccountAdd =>
  async (actor, { merchantId, ...input }) => {
    if (!may(actor, 'withdrawal:write', { merchantId }))
      return refuse('NOT_FOUND', 'There is no such merchant.', 'merchantId');
    const details = readBankAccount(bankFormats, input);
    if (!details.ok) return details;
    const at = clock.now();
    const absent = stepUpMissing(actor, at);
    if (absent) return absent;
    const usableAt = new Date(at.getTime() + BANK_ACCOUNT_COOL_OFF_MS);
    const account = { id: ids.next(), merchantId, ...details.value, usableAt };
    const event = stampEvent(bankAccountEvent('bank_account.added', account), {
      id: ids.next(),
      actor: eventActor(actor),
      at,
    });
    switch (await bankAccounts.add(account, at, event)) {
      case 'listed':
        return refuse('WRONG_STATE', 'This bank account is there already.', 'account');
      case 'closed':
        return refuse('WRONG_STATE', 'The account is closed.');
      case 'added':
        feed.poke();
        return done({ bankAccountId: account.id });
    }
  };
