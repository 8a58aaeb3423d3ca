import { eventActor, type UserActor } from '../../domain/access/actor.ts';
import { may } from '../../domain/access/rights.ts';
import { isPlainText } from '../../domain/text/plain-text.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import { NO_MERCHANT, type MerchantDeps } from './merchant-change.ts';
import { SAME_CURRENCY } from './merchant-currency-change.ts';
import { merchantEvent } from './merchant-event.ts';

export interface MerchantCurrencyRequestInput {
  readonly merchantId: string;
  readonly currency: string;
  /** For the operator, 1 to 1000 characters. */
  readonly reason: string;
}

/** Asks the operator for another account currency (FEATURES A3). One request waits at a time. */
export type MerchantCurrencyRequest = (
  actor: UserActor,
  input: MerchantCurrencyRequestInput,
) => Promise<Result<{ requestId: string }>>;

const MAX_REASON = 1000;

export const merchantCurrencyRequest =
  ({ merchants, ids, clock, feed }: MerchantDeps): MerchantCurrencyRequest =>
  async (actor, { merchantId, currency, reason: given }) => {
    if (!may(actor, 'merchant:write', { merchantId })) return NO_MERCHANT;
    const reason = given.trim();
    if (reason.length < 1 || reason.length > MAX_REASON || !isPlainText(reason)) {
      return refuse('INVALID_INPUT', `A reason has 1 to ${MAX_REASON} characters.`, 'reason');
    }
    const at = clock.now();
    const requestId = ids.next();
    const event = merchantEvent('merchant.currency_requested', merchantId, { requestId, currency, reason });
    const outcome = await merchants.requestCurrency(
      { id: requestId, merchantId, currency, reason, at },
      stampEvent(event, { id: ids.next(), actor: eventActor(actor), at }),
    );
    switch (outcome) {
      case 'filed':
        feed.poke();
        return done({ requestId });
      case 'open_already':
        return refuse('WRONG_STATE', 'Another request waits for its decision.');
      case 'same':
        return SAME_CURRENCY;
      case 'gone':
        return NO_MERCHANT;
    }
  };
