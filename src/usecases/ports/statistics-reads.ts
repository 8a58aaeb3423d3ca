import type { Mode } from '../../domain/access/actor.ts';
import type { InvoiceStatus } from '../../domain/invoice/invoice-status.ts';

export type StatisticsGroup = 'STATUS' | 'CURRENCY' | 'PROJECT';

/** Invoices by the time of their creation (FEATURES E3). */
export interface InvoiceStatisticsQuery {
  readonly projectIds: readonly string[];
  readonly mode: Mode;
  /** First and last day, UTC, as YYYY-MM-DD. */
  readonly from: string;
  readonly to: string;
  readonly interval: 'DAY' | 'WEEK' | 'MONTH';
  readonly groupBy: readonly StatisticsGroup[];
  /** Rows at most. */
  readonly limit: number;
}

export interface InvoiceStatisticsRow {
  /** First day of the interval, as YYYY-MM-DD. */
  readonly from: string;
  /** Null unless grouped by it; so are currency and project. */
  readonly status: InvoiceStatus | null;
  readonly currency: string | null;
  readonly projectId: string | null;
  readonly count: number;
  /** In the currency's smallest unit, as amountPaid; without meaning where there is no currency. */
  readonly amount: bigint;
  readonly amountPaid: bigint;
}

/** Reads of figures; no rights are checked here. */
export interface StatisticsReads {
  /** Exact at the moment of asking, the earliest interval first. */
  invoices(query: InvoiceStatisticsQuery): Promise<InvoiceStatisticsRow[]>;
}
