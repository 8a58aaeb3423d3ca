import type { NewEvent } from '../../domain/event/event.ts';
import type { LedgerEntry } from '../../domain/ledger/entries.ts';
import type { KeptPolicy, PayoutPolicy } from '../../domain/payout/payout-policy.ts';
import type { Payout } from '../../domain/payout/payout.ts';
import type { Idempotency } from './invoice-store.ts';
import type { KeyUsed } from './refund-store.ts';

export interface NewPayout {
  readonly payout: Payout;
  readonly reference: string | null;
  readonly batch: { readonly id: string; readonly row: number } | null;
  /** None where the money is in HELD already. */
  readonly entries: readonly (LedgerEntry & { readonly id: string })[];
  readonly events: readonly NewEvent[];
  readonly idempotency: Idempotency | null;
  /**
   * What may leave in this currency within the 24 hours before `payout.createdAt`, this one and the refunds of that time
   * included; null for no limit.
   */
  readonly dailyLimit: bigint | null;
}

export type PayoutCreated =
  | { readonly kind: 'created' }
  | KeyUsed
  /** AVAILABLE, less what is owed, has less. */
  | { readonly kind: 'balance_short' }
  | { readonly kind: 'limit_reached' }
  /** A payout of the same source, or of the same rule, is open. */
  | { readonly kind: 'busy' }
  | { readonly kind: 'merchant_closed' };

export interface PayoutChange {
  /** As it was seen: status and revision must still hold. */
  readonly before: Payout;
  readonly after: Payout;
  readonly failure?: string;
  readonly bankReference?: string;
  readonly entries: readonly (LedgerEntry & { readonly id: string })[];
  readonly events: readonly NewEvent[];
  readonly at: Date;
}

/** What people know a payout by; each is null where it does not apply. A type, so that event data can be made of it. */
export type PayoutNames = {
  /** E-mail address of the member, or name of the API key. */
  readonly askedBy: string | null;
  readonly holder: string | null;
  /** The end of the bank account's number. */
  readonly account: string | null;
  /** Of the refund or rebound that it carries out: the invoice, and the shop's own name for it. */
  readonly invoiceId: string | null;
  readonly orderId: string | null;
  /** The members and API keys that named the inbox in which its payer was asked; null where that was the invoice's. */
  readonly inboxNamedBy: string | null;
};

export type PayoutApproved =
  | { readonly kind: 'approved'; readonly approvals: number }
  /** This member agreed to this revision before. */
  | { readonly kind: 'repeated'; readonly approvals: number }
  /** The member was given the right to agree a short while ago. */
  | { readonly kind: 'new_member'; readonly until: Date }
  /** It was changed since the member saw it, is not waiting any more, or the member may not agree any more. */
  | { readonly kind: 'stale' };

/** Payouts but for their signing. Each method is one atomic write or one read; idempotency keys are kept for ever. */
export interface PayoutStore {
  policy(merchantId: string): Promise<KeptPolicy>;
  /**
   * Takes the place of `seen`; one that asks less than that holds payouts back, in the name of who made it. 'stale' when
   * the policy is at another revision by now.
   */
  setPolicy(
    merchantId: string,
    policy: PayoutPolicy,
    write: {
      readonly seen: KeptPolicy;
      readonly event: NewEvent;
      readonly at: Date;
      readonly userId: string;
    },
  ): Promise<'written' | 'stale' | 'merchant_closed'>;
  /** AVAILABLE of the merchant, OWED taken off. */
  available(merchantId: string, mode: 'TEST' | 'LIVE', currency: string): Promise<bigint>;
  /** What has left in this currency within the 24 hours before, payouts and refunds, as the day's limit counts it. */
  leftWithinDay(merchantId: string, mode: 'TEST' | 'LIVE', currency: string, at: Date): Promise<bigint>;
  /** Null for a key that was not used. */
  usedBefore(idempotency: Idempotency): Promise<KeyUsed | null>;
  /** The id of the batch that the key stands for, `batchId` for a new one; null when the key was used for another input. */
  batchOf(idempotency: Idempotency, batchId: string, at: Date): Promise<string | null>;
  create(payout: NewPayout): Promise<PayoutCreated>;
  byId(id: string): Promise<Payout | null>;
  /** The one that carries out a refund or rebound, however it stands. */
  ofSource(origin: 'REFUND' | 'REBOUND', sourceId: string): Promise<Payout | null>;
  namesOf(payout: Pick<Payout, 'createdBy' | 'target' | 'origin' | 'sourceId'>): Promise<PayoutNames>;
  /** False when it is another by now. */
  change(change: PayoutChange): Promise<boolean>;
  /**
   * Whether what was signed, or taken by an operator, within the 24 hours before `at` comes with this payout to more than
   * the merchant's limit.
   */
  isBeyondDay(payoutId: string, at: Date): Promise<boolean>;
  /** Notes that an operator transfers it to its bank account from now on. False when it is another by now. */
  take(
    payout: Payout,
    write: { readonly operatorId: string; readonly event: NewEvent; readonly at: Date },
  ): Promise<boolean>;
  /** Adds an approval; the payout is QUEUED with the one that completes them, in the same statement. */
  approve(
    payout: Payout,
    approval: {
      readonly id: string;
      readonly userId: string;
      readonly events: readonly NewEvent[];
      /** Written besides with the approval that completes them. */
      readonly queued: readonly NewEvent[];
      readonly at: Date;
    },
  ): Promise<PayoutApproved>;
}
