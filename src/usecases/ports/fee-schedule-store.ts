import type { NewEvent } from '../../domain/event/event.ts';
import type { FeeScope } from '../../domain/fee/fee-scope.ts';
import type { PayoutFees } from '../../domain/payout/payout-terms.ts';

export interface NewFeeSchedule {
  /** The id if there is none for the scope yet. */
  readonly id: string;
  readonly scope: FeeScope;
  readonly schedule: PayoutFees;
  readonly at: Date;
}

/** Fee schedules: at most one a scope. Each write is one atomic statement with its event. */
export interface FeeScheduleStore {
  /** The id of the scope's schedule; null when it has none. */
  scheduleOf(scope: FeeScope): Promise<string | null>;
  /** For whom a schedule holds; null when there is no such schedule. */
  scopeOf(scheduleId: string): Promise<FeeScope | null>;
  /**
   * Makes or replaces the schedule of the scope. 'unknown' when there is no such merchant, 'stale' when the scope has a
   * schedule with another id by now; the event is written only when something changed.
   */
  writeSchedule(schedule: NewFeeSchedule, event: NewEvent): Promise<'written' | 'same' | 'unknown' | 'stale'>;
  /** False when it was removed before. */
  removeSchedule(scheduleId: string, event: NewEvent): Promise<boolean>;
}
