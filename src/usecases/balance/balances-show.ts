import type { Actor, Mode } from '../../domain/access/actor.ts';
import { may } from '../../domain/access/rights.ts';
import type { BalanceView, MerchantReads } from '../ports/merchant-reads.ts';
import { done, refuse, type Result } from '../result.ts';

export interface BalancesShowInput {
  readonly merchantId: string;
  readonly mode: Mode;
}

/** The balances of a merchant in one mode, by asset (FEATURES N10). Refusal: NOT_FOUND. */
export type BalancesShow = (
  actor: Actor,
  input: BalancesShowInput,
) => Promise<Result<readonly BalanceView[]>>;

export const balancesShow =
  ({ merchantReads }: { readonly merchantReads: Pick<MerchantReads, 'balances'> }): BalancesShow =>
  async (actor, { merchantId, mode }) => {
    if (!may(actor, 'balance:read', { merchantId, mode }))
      return refuse('NOT_FOUND', 'There is no such merchant.', 'merchantId');
    return done(await merchantReads.balances(merchantId, mode));
  };
