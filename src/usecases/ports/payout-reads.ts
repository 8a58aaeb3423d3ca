import type { Mode } from '../../domain/access/actor.ts';
import type { Consenter } from '../../domain/payout/payout-consent.ts';
import type { Payout } from '../../domain/payout/payout.ts';
import type { PayoutNames } from './payout-store.ts';

/** A payout that has not ended, as people look at it. */
export interface OpenPayout {
  readonly payout: Payout;
  readonly names: PayoutNames;
  readonly reference: string | null;
  /** Consents to the revision that it has now. */
  readonly approvals: number;
  /** Why it waits although it is queued; null when it is only its turn. */
  readonly waitsFor: string | null;
}

/** An open payout and the member who looks at it. */
export interface ListedPayout extends OpenPayout {
  readonly viewer: Consenter;
}

/** What people look at in chats. Each method is one read. */
export interface PayoutReads {
  /** Those of a merchant that have not ended, newest first; `limit` at most. None for who is no member. */
  open(
    place: { readonly merchantId: string; readonly mode: Mode },
    userId: string,
    limit: number,
  ): Promise<readonly ListedPayout[]>;
  /** However it stands; null when there is none such. */
  byId(payoutId: string): Promise<OpenPayout | null>;
}
