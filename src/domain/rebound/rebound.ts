import type { Mode } from '../access/actor.ts';

/**
 * How a rebound stands (FEATURES G3). PENDING: the payer has not said yet where the money is to go. WITHDRAW_REQUESTED: it
 * is on its way. Its money is the held part of the payment, in HELD until it is sent; rejected, it waits for a decision
 * again.
 */
export type ReboundStatus = 'PENDING' | 'WITHDRAW_REQUESTED' | 'COMPLETED' | 'REJECTED';

/** Amounts are in the asset's smallest unit. */
export interface Rebound {
  readonly id: string;
  readonly merchantId: string;
  readonly projectId: string;
  readonly mode: Mode;
  readonly paymentId: string;
  /** Null for a deposit to a static wallet. */
  readonly invoiceId: string | null;
  /** The shop's own, of the invoice: messages name it. */
  readonly orderId: string | null;
  readonly status: ReboundStatus;
  /** Grows with every change. */
  readonly revision: number;
  /** Why the payment's money was held. */
  readonly reason: string;
  readonly asset: string;
  readonly network: string;
  /** All that was held. */
  readonly amount: bigint;
  /** Taken off what the payer gets. */
  readonly networkFee: bigint;
  readonly customerEmail: string | null;
  /** Where the payer wants it, in the network's canonical form; null until told. */
  readonly address: string | null;
  /** Until when the link that was sent last is good. */
  readonly claimExpiresAt: Date | null;
  readonly createdAt: Date;
}

const NEXT = {
  PENDING: ['WITHDRAW_REQUESTED', 'REJECTED'],
  WITHDRAW_REQUESTED: ['COMPLETED', 'REJECTED'],
  COMPLETED: [],
  REJECTED: [],
} as const satisfies Record<ReboundStatus, readonly ReboundStatus[]>;

export const leadsTo = (from: ReboundStatus, to: ReboundStatus): boolean =>
  (NEXT[from] as readonly ReboundStatus[]).includes(to);

export const hasEnded = ({ status }: Pick<Rebound, 'status'>): boolean => NEXT[status].length === 0;
/** The payer has said where it is to go, and it is on its way or has arrived. */
export const isPromised = ({ status }: Pick<Rebound, 'status'>): boolean =>
  status === 'WITHDRAW_REQUESTED' || status === 'COMPLETED';
/** Nothing is on its way: the merchant may still decide otherwise, and the payer be asked again. */
export const isUnclaimed = ({ status }: Pick<Rebound, 'status'>): boolean => status === 'PENDING';
/** The payer may say where it is to go. */
export const canClaim = (
  { status, claimExpiresAt }: Pick<Rebound, 'status' | 'claimExpiresAt'>,
  at: Date,
): boolean => status === 'PENDING' && claimExpiresAt !== null && at < claimExpiresAt;

/** What the payer gets. */
export const arrivesOf = ({ amount, networkFee }: Pick<Rebound, 'amount' | 'networkFee'>): bigint =>
  amount - networkFee;
