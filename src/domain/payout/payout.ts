import type { Mode } from '../access/actor.ts';

/** How a payout stands (DESIGN §5). Its money is in HELD from the beginning to its last status. */
export type PayoutStatus =
  | 'PENDING_APPROVAL'
  | 'QUEUED'
  | 'SIGNED'
  | 'BROADCAST'
  | 'CONFIRMED'
  | 'FAILED'
  | 'CANCELLED'
  | 'REJECTED';

/** By which path it was asked for. Each asks the same rules (`payout-check`). */
export type PayoutOrigin = 'REQUEST' | 'BATCH' | 'AUTO_WITHDRAWAL' | 'REFUND' | 'REBOUND';

/** Where the money goes. */
export type PayoutTarget =
  | { readonly kind: 'CRYPTO'; readonly network: string; readonly address: string }
  | { readonly kind: 'FIAT'; readonly bankAccountId: string };

/** Amounts in the currency's smallest unit; `fee`, `networkFee` and `arrives` sum to `debited`. */
export interface PayoutAmounts {
  /** What leaves the balance. */
  readonly debited: bigint;
  /** The gateway's fee. */
  readonly fee: bigint;
  /** What the gateway takes for sending it, fixed at creation whatever the chain asks for in the end. */
  readonly networkFee: bigint;
  readonly arrives: bigint;
}

export interface Payout extends PayoutAmounts {
  readonly id: string;
  readonly merchantId: string;
  readonly projectId: string | null;
  readonly mode: Mode;
  readonly origin: PayoutOrigin;
  readonly target: PayoutTarget;
  readonly currency: string;
  readonly status: PayoutStatus;
  /** Grows with every change; approvals name the one that was seen. */
  readonly revision: number;
  readonly approvalsRequired: number;
  /** Who asked for it; null for the gateway itself. */
  readonly createdBy: { readonly type: 'USER' | 'API_KEY'; readonly id: string } | null;
  /** The refund, rebound or payment that it carries out. */
  readonly sourceId: string | null;
  readonly createdAt: Date;
  /**
   * People who asked for it or chose where it goes, also by an API key that they made: none of them agrees to it. Found
   * out when it is written.
   */
  readonly makers?: readonly string[];
  /** An operator has begun the transfer to a bank account. */
  readonly isTaken?: boolean;
}

const NEXT = {
  PENDING_APPROVAL: ['QUEUED', 'CANCELLED', 'REJECTED'],
  // A payout to a bank is confirmed or rejected by an operator, without being signed.
  QUEUED: ['SIGNED', 'CONFIRMED', 'CANCELLED', 'REJECTED', 'FAILED'],
  SIGNED: ['BROADCAST', 'CONFIRMED', 'FAILED'],
  BROADCAST: ['CONFIRMED', 'FAILED'],
  // A reorg can take the transaction out of its block: it waits for another one.
  CONFIRMED: [],
  FAILED: [],
  CANCELLED: [],
  REJECTED: [],
} as const satisfies Record<PayoutStatus, readonly PayoutStatus[]>;

export const leadsTo = (from: PayoutStatus, to: PayoutStatus): boolean =>
  (NEXT[from] as readonly PayoutStatus[]).includes(to);

/** Nothing was signed and no operator has begun, so nothing can be on its way. */
export const canCancel = ({ status, isTaken = false }: Payout): boolean =>
  leadsTo(status, 'CANCELLED') && !isTaken;
/** Nobody alone both chooses where money goes and agrees to it. */
export const isMadeBy = ({ makers = [], createdBy }: Payout, userId: string): boolean =>
  makers.includes(userId) || createdBy?.id === userId;
export const canApprove = ({ status }: Payout): boolean => status === 'PENDING_APPROVAL';
/** An operator's hand decides. */
export const canSettle = ({ status, target }: Payout): boolean =>
  status === 'QUEUED' && target.kind === 'FIAT';
