import { withdrawalVerdict, type WithdrawalVerdict } from '../../domain/access/withdrawal-rule.ts';
import type { AddressFormats } from '../ports/address-formats.ts';
import type { Clock } from '../ports/clock.ts';
import type { WithdrawalStore } from '../ports/withdrawal-store.ts';

export interface WithdrawalCheckInput {
  readonly merchantId: string;
  /** Who asks for the money, also when it is sent later; null for what the gateway does by itself. */
  readonly userId: string | null;
  readonly network: string;
  readonly address: string;
}

/**
 * Whether money may leave now, or why not and until when: ask at creation, at execution, and in automatic withdrawals
 * (RULES 12). Not for TEST mode, where no money leaves. Throws when the merchant is closed or unknown.
 */
export type WithdrawalCheck = (input: WithdrawalCheckInput) => Promise<WithdrawalVerdict>;

export interface WithdrawalCheckDeps {
  readonly withdrawals: Pick<WithdrawalStore, 'factsFor'>;
  readonly formats: AddressFormats;
  readonly clock: Clock;
}

export const withdrawalCheck =
  ({ withdrawals, formats, clock }: WithdrawalCheckDeps): WithdrawalCheck =>
  async ({ merchantId, userId, network, address: text }) => {
    const address = formats.canonical(network, text);
    if (address === null) return { allowed: false, reason: 'ADDRESS_INVALID', until: null };
    const at = clock.now();
    const userIds = userId === null ? [] : [userId];
    const facts = await withdrawals.factsFor({ merchantId, userIds, network, address, at });
    if (!facts) throw new Error(`merchant ${merchantId} is closed or unknown`);
    return withdrawalVerdict({ ...facts, network, address, at });
  };
