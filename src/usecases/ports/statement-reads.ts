import type { Mode } from '../../domain/access/actor.ts';
import type { StatementKind } from '../../domain/ledger/statement-kind.ts';

/** The accounts of a merchant that a statement tells of. */
export type StatementAccount = 'PENDING' | 'AVAILABLE' | 'HELD' | 'OWED';

/** One movement of one account (FEATURES E2). */
export interface StatementRow {
  readonly id: string;
  readonly createdAt: Date;
  readonly account: StatementAccount;
  readonly asset: string;
  /** In the asset's smallest unit; negative for what leaves the account. */
  readonly amount: bigint;
  /** What moved it. */
  readonly kind: StatementKind;
  readonly projectId: string | null;
  /** What moved it, as far as it is one of these; at most one is there. */
  readonly paymentId: string | null;
  readonly payoutId: string | null;
  readonly refundId: string | null;
  readonly reboundId: string | null;
}

export interface StatementPlace {
  readonly createdAt: Date;
  readonly id: string;
}

/** Which lines a statement has; all conditions hold. */
export interface Statement {
  readonly merchantId: string;
  readonly mode: Mode;
  readonly accounts: readonly StatementAccount[];
  /** Any of these; all when left out. */
  readonly assets?: readonly string[];
  readonly projectId?: string;
  /** Receipts only (IN) or withdrawals only (OUT). */
  readonly direction?: 'IN' | 'OUT';
  readonly createdFrom?: Date;
  readonly createdBefore?: Date;
}

export interface StatementPageQuery extends Statement {
  readonly after?: StatementPlace;
  readonly before?: StatementPlace;
  readonly limit: number;
  /** Begins at the oldest line. */
  readonly fromEnd: boolean;
}

/** Reads of the postings of merchants; no rights are checked here. */
export interface StatementReads {
  /** In the order in which the list was walked, which is newest first unless it begins at the end. */
  page(query: StatementPageQuery): Promise<StatementRow[]>;
}
