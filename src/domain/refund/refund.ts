import type { Mode } from '../access/actor.ts';

/**
 * How a refund stands (FEATURES G2). PENDING: the payer could not be asked yet where it is to go. PREPARED: the payer was
 * asked, or has answered and it is on its way. Its money is in HELD until it succeeded, or goes back.
 */
export type RefundStatus = 'PENDING' | 'PREPARED' | 'SUCCEEDED' | 'CANCELLED' | 'FAILED';

/** Why money is given back (FEATURES G1). */
export const REFUND_REASONS = ['DUPLICATE', 'FRAUDULENT', 'REQUESTED_BY_CUSTOMER'] as const;
export type RefundReason = (typeof REFUND_REASONS)[number];

/** What a refund is worth at the rate of its moment, in three currencies' smallest units. */
export interface RefundAmounts {
  /** In the invoice's currency. */
  readonly amount: bigint;
  /** What the merchant's balance is debited, in `debitCurrency`. */
  readonly debitAmount: bigint;
  /** The same in the asset, before the network fee. */
  readonly assetAmount: bigint;
  /** In the asset: taken off what the payer gets. */
  readonly networkFee: bigint;
}

export interface Refund extends RefundAmounts {
  readonly id: string;
  readonly merchantId: string;
  readonly projectId: string;
  readonly mode: Mode;
  readonly invoiceId: string;
  /** The shop's own, of the invoice: messages name it. */
  readonly orderId: string | null;
  readonly status: RefundStatus;
  /** Grows with every change. */
  readonly revision: number;
  readonly reason: RefundReason | null;
  readonly description: string | null;
  /** The invoice's. */
  readonly currency: string;
  readonly debitCurrency: string;
  readonly asset: string;
  readonly network: string;
  /** Price of one whole unit of the asset in the invoice's currency, scaled by 10^18. */
  readonly rate: bigint;
  /** In the debit currency. */
  readonly debitRate: bigint;
  readonly rateSource: string;
  readonly rateAt: Date;
  readonly subMerchantId: string | null;
  readonly customerEmail: string | null;
  /** Where the payer wants it, in the network's canonical form; null until told. */
  readonly address: string | null;
  /** Until when the link that was sent last is good. */
  readonly claimExpiresAt: Date | null;
  readonly createdBy: { readonly type: 'USER' | 'API_KEY'; readonly id: string } | null;
  readonly createdAt: Date;
}

const NEXT = {
  PENDING: ['PREPARED', 'CANCELLED'],
  PREPARED: ['SUCCEEDED', 'CANCELLED', 'FAILED'],
  SUCCEEDED: [],
  CANCELLED: [],
  FAILED: [],
} as const satisfies Record<RefundStatus, readonly RefundStatus[]>;

export const leadsTo = (from: RefundStatus, to: RefundStatus): boolean =>
  (NEXT[from] as readonly RefundStatus[]).includes(to);

type Standing = Pick<Refund, 'status' | 'address'>;

export const hasEnded = ({ status }: Pick<Refund, 'status'>): boolean => NEXT[status].length === 0;
/** Its money has left or is going to: it counts against what was captured. */
export const stands = ({ status }: Pick<Refund, 'status'>): boolean =>
  status !== 'CANCELLED' && status !== 'FAILED';
/** The payer has not said yet where it is to go: it can be cancelled, and the payer be asked again. */
export const isUnclaimed = (refund: Standing): boolean => !hasEnded(refund) && refund.address === null;
/** The payer may say where it is to go. */
export const canClaim = (refund: Standing & Pick<Refund, 'claimExpiresAt'>, at: Date): boolean =>
  refund.status === 'PREPARED' &&
  refund.address === null &&
  refund.claimExpiresAt !== null &&
  at < refund.claimExpiresAt;
/** The payer said where it is to go, and a payout carries it out. */
export const isUnderWay = ({ status, address }: Standing): boolean =>
  status === 'PREPARED' && address !== null;
