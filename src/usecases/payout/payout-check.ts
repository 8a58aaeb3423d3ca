import { withdrawalVerdict, type WithdrawalVerdict } from '../../domain/access/withdrawal-rule.ts';
import type { Payout } from '../../domain/payout/payout.ts';
import { bankAccountCheck, type BankAccountCheckDeps } from '../bank-account/bank-account-check.ts';
import type { AddressFormats } from '../ports/address-formats.ts';
import type { PayoutPayees } from '../ports/payout-payees.ts';
import { refuse, type Result } from '../result.ts';

/**
 * Whether a payout may be sent now, or why not and until when: the one rule of every path (RULES 12), asked when a payout
 * is made and again right before it is signed. What goes back to a payer needs no listed address, unless a member or a
 * key named the inbox in which it was asked for: then the merchant chose who gets it, and who named it is asked as who
 * asks for a payout. What somebody asked for, or named the inbox of, who could not any more (a revoked key, a member who
 * is gone) waits until a member calls it off. Of play money nothing leaves.
 */
export type PayoutCheck = (
  payout: Pick<Payout, 'merchantId' | 'projectId' | 'origin' | 'sourceId' | 'target' | 'createdBy' | 'mode'>,
) => Promise<WithdrawalVerdict>;

export interface PayoutCheckDeps extends BankAccountCheckDeps {
  readonly formats: AddressFormats;
  readonly payees: PayoutPayees;
}

export const payoutCheck =
  (deps: PayoutCheckDeps): PayoutCheck =>
  async ({ merchantId, projectId, origin, sourceId, target, createdBy, mode }) => {
    if (mode === 'TEST') return { allowed: true };
    const gone = await deps.payees.whoIsGone({ merchantId, projectId, origin, sourceId, createdBy });
    if (gone) return { allowed: false, reason: gone, until: null };
    const namedBy = await deps.payees.inboxNamedBy({ origin, sourceId });
    const userId = createdBy?.type === 'USER' ? createdBy.id : null;
    if (target.kind === 'FIAT')
      return await bankAccountCheck(deps)({ merchantId, userId, bankAccountId: target.bankAccountId });
    const { network } = target;
    const address = deps.formats.canonical(network, target.address);
    if (address === null) return { allowed: false, reason: 'ADDRESS_INVALID', until: null };
    const at = deps.clock.now();
    const userIds = [...(userId === null ? [] : [userId]), ...namedBy];
    const facts = await deps.withdrawals.factsFor({ merchantId, userIds, network, address, at });
    if (!facts) throw new Error(`merchant ${merchantId} is closed or unknown`);
    const isPayers = (origin === 'REFUND' || origin === 'REBOUND') && namedBy.length === 0;
    return withdrawalVerdict({ ...facts, ...(isPayers ? { whitelistOn: false } : {}), network, address, at });
  };

/** The same as an answer; null where money may go there now. */
export function barredBy(
  verdict: WithdrawalVerdict,
  field: 'address' | 'bankAccountId' | 'payoutId',
): Result<never> | null {
  if (verdict.allowed) return null;
  const until = verdict.until === null ? '' : ` until ${verdict.until.toISOString()}`;
  switch (verdict.reason) {
    case 'HELD':
      return refuse('WRONG_STATE', `Payouts are held${until}, because of ${verdict.hold}.`);
    case 'ADDRESS_COOLING_OFF':
      return refuse('WRONG_STATE', `This was listed lately: payouts may not go there${until}.`, field);
    case 'ADDRESS_NOT_LISTED':
      return refuse('WRONG_STATE', 'Payouts go to what is listed only, and this is not.', field);
    case 'KEY_REVOKED':
      return refuse('WRONG_STATE', 'The API key that asked for this, or named the inbox, was revoked.');
    case 'MEMBER_GONE':
      return refuse('WRONG_STATE', 'Who asked for this, or named the inbox, may not pay any more.');
    case 'ADDRESS_INVALID':
      return refuse('INVALID_INPUT', 'This is no address that can be paid on that network.', field);
  }
}
