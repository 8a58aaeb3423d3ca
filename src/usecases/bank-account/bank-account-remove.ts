import { eventActor, type UserActor } from '../../domain/access/actor.ts';
import { may } from '../../domain/access/rights.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import { stepUpMissing } from '../step-up.ts';
import type { BankAccountDeps } from './bank-account-deps.ts';
import { bankAccountEvent } from './bank-account-event.ts';

/**
 * Removes a bank account at once: payouts to it that are not settled yet are not settled any more (FEATURES F2). Safe to
 * repeat; added again, it cools off again. Refusals: NOT_FOUND, STEP_UP_REQUIRED.
 */
export type BankAccountRemove = (
  actor: UserActor,
  input: { readonly bankAccountId: string },
) => Promise<Result<{ bankAccountId: string }>>;

export const bankAccountRemove =
  ({ bankAccounts, ids, clock, feed }: BankAccountDeps): BankAccountRemove =>
  async (actor, { bankAccountId: id }) => {
    const account = await bankAccounts.byId(id);
    if (!account || !may(actor, 'withdrawal:write', { merchantId: account.merchantId }))
      return refuse('NOT_FOUND', 'There is no such bank account.', 'bankAccountId');
    const at = clock.now();
    const absent = stepUpMissing(actor, at);
    if (absent) return absent;
    const event = stampEvent(bankAccountEvent('bank_account.removed', account), {
      id: ids.next(),
      actor: eventActor(actor),
      at,
    });
    if (await bankAccounts.remove(id, at, event)) feed.poke();
    return done({ bankAccountId: id });
  };
