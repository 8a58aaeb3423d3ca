import type { UserActor } from '../../domain/access/actor.ts';
import { may } from '../../domain/access/rights.ts';
import { companyFault, tidyCompany, type Company } from '../../domain/merchant/company.ts';
import { isPlainLine } from '../../domain/text/plain-text.ts';
import { done, refuse, type Result } from '../result.ts';
import { changeMerchant, NO_MERCHANT, type MerchantDeps } from './merchant-change.ts';

export interface MerchantUpdateInput {
  readonly merchantId: string;
  /** Left as it is when undefined. */
  readonly name?: string | undefined;
  /** Of a BUSINESS, whole; left as it is when undefined. */
  readonly company?: Company | undefined;
}

/** Changes the name of a merchant and the data of its company. */
export type MerchantUpdate = (
  actor: UserActor,
  input: MerchantUpdateInput,
) => Promise<Result<{ merchantId: string }>>;

export const merchantUpdate =
  (deps: MerchantDeps): MerchantUpdate =>
  async (actor, input) => {
    const { merchantId } = input;
    if (!may(actor, 'merchant:write', { merchantId })) return NO_MERCHANT;
    const name = input.name?.trim();
    if (name !== undefined && (name.length < 1 || name.length > 100 || !isPlainLine(name))) {
      return refuse('INVALID_INPUT', 'A merchant name has 1 to 100 characters in one line.', 'name');
    }
    const company = input.company && tidyCompany(input.company);
    const fault = company && companyFault(company);
    if (fault) return refuse('INVALID_INPUT', fault.message, 'company', fault.field);
    return changeMerchant(deps, actor, merchantId, (merchant) =>
      company && merchant.type === 'PERSONAL'
        ? refuse('WRONG_STATE', 'A personal account has no company: use merchantBecomeBusiness.')
        : done({
            name: name ?? merchant.name,
            type: merchant.type,
            company: company ?? merchant.company,
          }),
    );
  };
