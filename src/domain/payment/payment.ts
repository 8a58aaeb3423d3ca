export type PaymentStatus = 'DETECTED' | 'CONFIRMING' | 'CONFIRMED' | 'CREDITED' | 'ORPHANED';

/**
 * Why a payment does not count towards its invoice, or a deposit is not credited by itself (FEATURES D8, D17).
 * WRONG_ASSET: no quote asked for this asset. UNPRICED: no rate could be had for it.
 */
export type PaymentException =
  | 'NONE'
  | 'LATE'
  | 'DUPLICATE'
  | 'AFTER_CANCEL'
  | 'WRONG_ASSET'
  | 'UNPRICED'
  | 'WALLET_BLOCKED';

/** Why money of a payment waits in HELD. */
export type HeldReason = Exclude<PaymentException, 'NONE'> | 'UNDERPAID' | 'OVERPAID';

/**
 * What was decided on held money: nothing yet, that it goes back to the payer, or that it is on its way or has gone:
 * nobody can decide otherwise any more.
 */
export type HeldDecision = 'NONE' | 'REBOUND' | 'REBOUNDED';

/** What credited money is converted to (FEATURES E6). */
export interface Settlement {
  readonly currency: string;
  /** Price of one whole unit of the asset in this currency, scaled by 10^18. */
  readonly rate: bigint;
}

/** A price that a payment has by itself, from the moment it was seen, where no quote holds (RULES 6). */
export interface OwnPrice {
  /** Price of one whole unit in the invoice's currency (a deposit's: in the settlement currency), scaled by 10^18. */
  readonly rate: bigint;
  readonly source: string;
  readonly at: Date;
  readonly settlement: Settlement | null;
}

/**
 * One transfer; unique on (network, txId, outputIndex) among those that stand: executed again in another block, a contract
 * may pay somebody else. Amounts are in the asset's smallest unit.
 */
export interface Payment {
  readonly id: string;
  /** The quote that prices it; null with a price of its own or none. */
  readonly quoteId: string | null;
  readonly price: OwnPrice | null;
  readonly network: string;
  readonly txId: string;
  readonly outputIndex: number;
  readonly asset: string;
  readonly amount: bigint;
  readonly status: PaymentStatus;
  readonly exception: PaymentException;
  /** Null in the memory pool, like blockHash. */
  readonly blockHeight: bigint | null;
  readonly blockHash: string | null;
  /** Blocks, its own included, until it is confirmed. */
  readonly confirmationsRequired: number;
  /** Grows each time the chain shows it again after it was taken back. */
  readonly sighting: number;
  /** The part that was released to the merchant, fees included. */
  readonly credited: bigint;
  /** The part in HELD; with `credited` at most the amount. */
  readonly held: bigint;
  readonly heldReason: HeldReason | null;
  readonly decision: HeldDecision;
  readonly fee: bigint;
  readonly networkFee: bigint;
  /** What AVAILABLE received, in the smallest unit of settledCurrency. */
  readonly settled: bigint;
  readonly settledCurrency: string | null;
  /** When the chain took it back; null while it stands. */
  readonly orphanedAt: Date | null;
}

/** What every payment begins with, and has again when the chain took it back. */
export const UNSETTLED = {
  credited: 0n,
  held: 0n,
  heldReason: null,
  decision: 'NONE',
  fee: 0n,
  networkFee: 0n,
  settled: 0n,
  settledCurrency: null,
} as const satisfies Partial<Payment>;

const NEXT = {
  DETECTED: ['CONFIRMING', 'ORPHANED'],
  CONFIRMING: ['CONFIRMED', 'ORPHANED'],
  CONFIRMED: ['CREDITED', 'ORPHANED'],
  CREDITED: ['ORPHANED'],
  ORPHANED: ['DETECTED', 'CONFIRMING'],
} as const satisfies Record<PaymentStatus, readonly PaymentStatus[]>;

const leadsTo = (from: PaymentStatus): readonly PaymentStatus[] => NEXT[from];

export const canConfirm = (p: Payment): boolean => leadsTo(p.status).includes('CONFIRMED');
export const canOrphan = (p: Payment): boolean => leadsTo(p.status).includes('ORPHANED');
export const canReappear = (p: Payment): boolean => p.status === 'ORPHANED';
/** It waited in the memory pool and now stands in a block. */
export const canBeMined = (p: Payment): boolean => p.status === 'DETECTED';
/** Its held money can be credited or sent back (FEATURES D8). */
export const canResolve = (p: Payment): boolean => p.held > 0n && p.decision !== 'REBOUNDED';

/** Seen on the chain and not taken back. */
export const isSeen = (p: Payment): boolean => p.status !== 'ORPHANED';

export const isConfirmed = (p: Payment): boolean => p.status === 'CONFIRMED' || p.status === 'CREDITED';

/** Confirmed, and its money is neither released nor held yet: it waits for the rest of the price. */
export const isWaiting = (p: Payment): boolean =>
  p.status === 'CONFIRMED' && p.credited === 0n && p.held === 0n;
