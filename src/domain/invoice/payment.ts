import type { InvoiceState } from './invoice-status.ts';
import { canReceive, isPaid } from './invoice-status.ts';

export type PaymentStatus = 'DETECTED' | 'CONFIRMING' | 'CONFIRMED' | 'CREDITED' | 'ORPHANED';

/** Why a payment is not counted towards its invoice; such money is held for a decision (FEATURES D8). */
export type PaymentException = 'NONE' | 'LATE' | 'DUPLICATE' | 'AFTER_CANCEL';

/** One transfer; unique on (network, txId, outputIndex). */
export interface Payment {
  readonly id: string;
  readonly quoteId: string;
  readonly network: string;
  readonly txId: string;
  readonly outputIndex: number;
  readonly asset: string;
  /** In the asset's smallest unit. */
  readonly amount: bigint;
  readonly status: PaymentStatus;
  readonly exception: PaymentException;
  readonly blockHeight: bigint;
  readonly blockHash: string;
  /** Grows each time a reorg took the payment away and the chain showed it again. */
  readonly sighting: number;
}

const NEXT = {
  DETECTED: ['CONFIRMING', 'CONFIRMED', 'ORPHANED'],
  CONFIRMING: ['CONFIRMED', 'ORPHANED'],
  CONFIRMED: ['CREDITED'],
  CREDITED: [],
  ORPHANED: ['DETECTED', 'CONFIRMING'],
} as const satisfies Record<PaymentStatus, readonly PaymentStatus[]>;

const leadsTo = (from: PaymentStatus): readonly PaymentStatus[] => NEXT[from];

export const canConfirm = (p: Payment): boolean => leadsTo(p.status).includes('CONFIRMED');
export const canOrphan = (p: Payment): boolean => leadsTo(p.status).includes('ORPHANED');
export const canReappear = (p: Payment): boolean => p.status === 'ORPHANED';

/** Seen on the chain and not taken back. */
export const isSeen = (p: Payment): boolean => p.status !== 'ORPHANED';

export const isConfirmed = (p: Payment): boolean => p.status === 'CONFIRMED' || p.status === 'CREDITED';

/** What makes a payment special when it arrives at an invoice in this state (RULES 4). */
export function exceptionOnArrival(state: InvoiceState): PaymentException {
  if (canReceive(state)) return 'NONE';
  if (isPaid(state)) return 'DUPLICATE';
  return state.exception === 'CANCELLED' ? 'AFTER_CANCEL' : 'LATE';
}
