import { activeHold } from '../../domain/access/withdrawal-hold.ts';
import type { WithdrawalVerdict } from '../../domain/access/withdrawal-rule.ts';
import type { BankAccountStore } from '../ports/bank-account-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { WithdrawalStore } from '../ports/withdrawal-store.ts';

export interface BankAccountCheckInput {
  readonly merchantId: string;
  /** Who asks for the money, also when it is sent later; null for what the gateway does by itself. */
  readonly userId: string | null;
  readonly bankAccountId: string;
}

/**
 * What `WithdrawalCheck` is for addresses: whether money may go to a bank account now (RULES 12). Bank accounts are
 * always listed: one that was removed, or is another merchant's, is not. Throws when the merchant is closed or unknown.
 */
export type BankAccountCheck = (input: BankAccountCheckInput) => Promise<WithdrawalVerdict>;

export interface BankAccountCheckDeps {
  readonly withdrawals: Pick<WithdrawalStore, 'factsFor'>;
  readonly bankAccounts: Pick<BankAccountStore, 'byId'>;
  readonly clock: Clock;
}

export const bankAccountCheck =
  ({ withdrawals, bankAccounts, clock }: BankAccountCheckDeps): BankAccountCheck =>
  async ({ merchantId, userId, bankAccountId }) => {
    const at = clock.now();
    // Of the facts only the holds: no whitelist of addresses is asked.
    const userIds = userId === null ? [] : [userId];
    const facts = await withdrawals.factsFor({ merchantId, userIds, network: '', address: '', at });
    if (!facts) throw new Error(`merchant ${merchantId} is closed or unknown`);
    const hold = activeHold(facts.holds, at);
    if (hold) return { allowed: false, reason: 'HELD', hold: hold.reason, until: hold.endsAt };
    const account = await bankAccounts.byId(bankAccountId);
    if (!account || account.merchantId !== merchantId || account.removedAt !== null)
      return { allowed: false, reason: 'ADDRESS_NOT_LISTED', until: null };
    return account.usableAt > at
      ? { allowed: false, reason: 'ADDRESS_COOLING_OFF', until: account.usableAt }
      : { allowed: true };
  };
