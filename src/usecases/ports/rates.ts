import type { RateTable } from '../../domain/money/rate-table.ts';

/** Exchange rates (FEATURES D14). */
export interface Rates {
  /**
   * The rates of this moment. Waits for the sources only while nothing fresh is known of them, for some seconds at most;
   * never throws: what no source knows is null in the table. Take one table for one decision.
   */
  table(): Promise<RateTable>;
}
