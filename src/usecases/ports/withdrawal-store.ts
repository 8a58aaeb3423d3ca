import type { ListedAddress } from '../../domain/access/withdrawal-rule.ts';
import type { WithdrawalHold } from '../../domain/access/withdrawal-hold.ts';
import type { NewEvent } from '../../domain/event/event.ts';

export interface NewWithdrawalAddress extends ListedAddress {
  readonly id: string;
  readonly merchantId: string;
  readonly label: string;
  readonly at: Date;
}

export interface WithdrawalAddressRecord {
  readonly id: string;
  readonly merchantId: string;
  readonly network: string;
  readonly address: string;
  readonly label: string;
}

/** What `withdrawalVerdict` goes by. */
export interface WithdrawalFacts {
  /** Those that have not ended, of the merchant and of these people. */
  readonly holds: readonly WithdrawalHold[];
  readonly whitelistOn: boolean;
  /** The address asked about, if it is listed. */
  readonly addresses: readonly ListedAddress[];
}

/** Where payouts may go, and when. Each method is one atomic write or one read. */
export interface WithdrawalStore {
  /** False when the address is listed already. */
  addAddress(address: NewWithdrawalAddress, event: NewEvent): Promise<boolean>;
  addressById(id: string): Promise<WithdrawalAddressRecord | null>;
  /** False when it was removed before. */
  removeAddress(id: string, at: Date, event: NewEvent): Promise<boolean>;
  /** False when it was so before. `heldBy` is the person whose switching off holds payouts back (WHITELIST_DISABLED). */
  setWhitelist(
    merchantId: string,
    enabled: boolean,
    write: { readonly event: NewEvent; readonly at: Date; readonly heldBy: string | null },
  ): Promise<boolean>;
  /** In one statement, so that no change is seen by half. Null when the merchant is closed. */
  factsFor(question: {
    readonly merchantId: string;
    /** Who acts; nobody for the gateway itself. What is nobody's id, as that of a key, has no hold. */
    readonly userIds: readonly string[];
    readonly network: string;
    readonly address: string;
    readonly at: Date;
  }): Promise<WithdrawalFacts | null>;
}
