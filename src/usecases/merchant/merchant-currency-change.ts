import { eventActor, type UserActor } from '../../domain/access/actor.ts';
import { may } from '../../domain/access/rights.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import { NO_MERCHANT, type MerchantDeps } from './merchant-change.ts';
import { merchantEvent } from './merchant-event.ts';

/** Changes the account currency while there are no live payments and no negative balance (FEATURES A3). */
export type MerchantCurrencyChange = (
  actor: UserActor,
  input: { readonly merchantId: string; readonly currency: string },
) => Promise<Result<{ merchantId: string }>>;

export const SAME_CURRENCY = refuse('WRONG_STATE', 'This is the account currency already.');

export const merchantCurrencyChange =
  ({ merchants, ids, clock, feed }: MerchantDeps): MerchantCurrencyChange =>
  async (actor, { merchantId, currency }) => {
    if (!may(actor, 'merchant:write', { merchantId })) return NO_MERCHANT;
    const at = clock.now();
    const outcome = await merchants.changeCurrency(merchantId, currency, (from) =>
      stampEvent(merchantEvent('merchant.currency_changed', merchantId, { from, to: currency }), {
        id: ids.next(),
        actor: eventActor(actor),
        at,
      }),
    );
    switch (outcome) {
      case 'changed':
        feed.poke();
        return done({ merchantId });
      case 'same':
        return SAME_CURRENCY;
      case 'in_use':
        return refuse(
          'WRONG_STATE',
          'There are payments or a negative balance: ask the operator with merchantCurrencyRequest.',
        );
      case 'gone':
        return NO_MERCHANT;
    }
  };
