import type { UserActor } from '../../domain/access/actor.ts';
import { may } from '../../domain/access/rights.ts';
import { closingConditions, type ClosingCondition } from '../../domain/merchant/closing.ts';
import type { MerchantStore } from '../ports/merchant-store.ts';
import { done, type Result } from '../result.ts';
import { NO_MERCHANT } from './merchant-change.ts';

/** What stands between an account and its closing, one by one (FEATURES A13). Changes nothing. */
export type MerchantClosingShow = (
  actor: UserActor,
  merchantId: string,
) => Promise<Result<readonly ClosingCondition[]>>;

export const merchantClosingShow =
  ({ merchants }: { readonly merchants: Pick<MerchantStore, 'closingFacts'> }): MerchantClosingShow =>
  async (actor, merchantId) =>
    may(actor, 'merchant:close', { merchantId })
      ? done(closingConditions(await merchants.closingFacts(merchantId)))
      : NO_MERCHANT;
