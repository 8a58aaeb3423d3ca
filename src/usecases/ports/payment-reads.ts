import type { Mode } from '../../domain/access/actor.ts';
import type {
  HeldDecision,
  HeldReason,
  PaymentException,
  PaymentStatus,
} from '../../domain/payment/payment.ts';

/** A payment as it is shown. Amounts are in the asset's smallest unit. */
export interface PaymentView {
  readonly id: string;
  readonly merchantId: string;
  readonly projectId: string;
  readonly mode: Mode;
  /** Null for a deposit to a static wallet. */
  readonly invoiceId: string | null;
  readonly staticWalletId: string | null;
  readonly status: PaymentStatus;
  readonly exception: PaymentException;
  readonly asset: string;
  readonly network: string;
  readonly amount: bigint;
  readonly txId: string;
  readonly outputIndex: number;
  readonly blockHeight: bigint | null;
  /** Blocks since, its own included; at most those required. */
  readonly confirmations: number;
  readonly confirmationsRequired: number;
  readonly credited: bigint;
  readonly held: bigint;
  readonly heldReason: HeldReason | null;
  readonly decision: HeldDecision;
  readonly fee: bigint;
  readonly networkFee: bigint;
  /** In the smallest unit of settledCurrency. */
  readonly settled: bigint;
  readonly settledCurrency: string | null;
  /** A price of its own where no quote prices it, a decimal. */
  readonly rate: string | null;
  readonly rateSource: string | null;
  readonly rateAt: Date | null;
  readonly detectedAt: Date;
  readonly creditedAt: Date | null;
  readonly orphanedAt: Date | null;
}

/** Where a payment stands in the lists, which go from the newest to the oldest. */
export interface PaymentPlace {
  readonly detectedAt: Date;
  readonly id: string;
}

export interface PaymentPageQuery {
  readonly projectId: string;
  readonly mode: Mode;
  /** Without deposits to static wallets. */
  readonly ofInvoices?: boolean;
  /** Only those with money that waits for a decision. */
  readonly held?: boolean;
  readonly heldReason?: readonly HeldReason[];
  readonly decision?: HeldDecision;
  readonly status?: readonly PaymentStatus[];
  readonly asset?: string;
  readonly network?: string;
  readonly invoiceId?: string;
  readonly staticWalletId?: string;
  readonly detectedFrom?: Date;
  readonly detectedBefore?: Date;
  readonly after?: PaymentPlace;
  readonly before?: PaymentPlace;
  readonly limit: number;
  readonly fromEnd: boolean;
}

/** Reads of payments; no rights are checked here. */
export interface PaymentReads {
  byIds(ids: readonly string[]): Promise<PaymentView[]>;
  /** In the order in which the list was walked. */
  page(query: PaymentPageQuery): Promise<PaymentView[]>;
}
