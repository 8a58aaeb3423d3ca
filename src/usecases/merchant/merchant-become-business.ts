import type { UserActor } from '../../domain/access/actor.ts';
import { may } from '../../domain/access/rights.ts';
import { companyFault, tidyCompany, type Company } from '../../domain/merchant/company.ts';
import { done, refuse, type Result } from '../result.ts';
import { changeMerchant, NO_MERCHANT, type MerchantDeps } from './merchant-change.ts';

/** Makes a personal account one of a company (FEATURES A2). There is no way back. */
export type MerchantBecomeBusiness = (
  actor: UserActor,
  input: { readonly merchantId: string; readonly company: Company },
) => Promise<Result<{ merchantId: string }>>;

export const merchantBecomeBusiness =
  (deps: MerchantDeps): MerchantBecomeBusiness =>
  async (actor, input) => {
    const { merchantId } = input;
    if (!may(actor, 'merchant:write', { merchantId })) return NO_MERCHANT;
    const company = tidyCompany(input.company);
    const fault = companyFault(company);
    if (fault) return refuse('INVALID_INPUT', fault.message, 'company', fault.field);
    return changeMerchant(deps, actor, merchantId, ({ name, type }) =>
      type === 'BUSINESS'
        ? refuse('WRONG_STATE', 'This is a business account already: use merchantUpdate.')
        : done({ name, type: 'BUSINESS', company }),
    );
  };
