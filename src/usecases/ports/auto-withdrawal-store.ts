import type { Membership } from '../../domain/access/actor.ts';
import type { EventPosition, NewEvent } from '../../domain/event/event.ts';
import type { AutoWithdrawal, DisabledWhy, RuleWait } from '../../domain/payout/auto-withdrawal.ts';

/** Who answers for a rule, as things stand. */
export interface RuleMaker {
  /** Null for one who is no member of the merchant any more, or was disabled. */
  readonly member: Pick<Membership, 'role' | 'projectIds'> | null;
  readonly hasAuthenticator: boolean;
}

/** Rules of automatic withdrawals. Each method is one atomic write or one read. */
export interface AutoWithdrawalStore {
  /** 'active' when the merchant has an active rule for the asset, 'closed' when the merchant is closed or unknown. */
  create(rule: AutoWithdrawal, at: Date, event: NewEvent): Promise<'created' | 'active' | 'closed'>;
  /** Also one that is disabled. */
  byId(id: string): Promise<AutoWithdrawal | null>;
  makerOf(rule: Pick<AutoWithdrawal, 'merchantId' | 'createdBy'>): Promise<RuleMaker>;
  /** False when it was disabled before. */
  disable(id: string, why: DisabledWhy, at: Date, event: NewEvent): Promise<boolean>;
}

/** A rule as it was seen, and how it stands from now on; the event disables it. */
export interface RuleChange {
  readonly rule: AutoWithdrawal;
  readonly failures: number;
  readonly waits: RuleWait | null;
  readonly disabled: NewEvent | null;
}

/** What carries the rules out, one process at a time. */
export interface AutoWithdrawalWork {
  /** How far the events have been read; before all of them when it was never said. */
  cursor(): Promise<EventPosition>;
  /** Active rules of these merchants. */
  activeOf(merchantIds: readonly string[]): Promise<readonly AutoWithdrawal[]>;
  /** Active rules that wait for what time takes away and are to be looked at by now, those first that wait longest. */
  dueAt(at: Date, limit: number): Promise<readonly AutoWithdrawal[]>;
  /** Whether a payout of the rule is open, or was made of this cause; null for a look that nothing caused. */
  isBusy(rule: AutoWithdrawal, causeId: string | null): Promise<boolean>;
  /**
   * Writes what became of the rules and moves the cursor, all or nothing. False, and nothing written, when the cursor is
   * no longer at `from`: another process was faster. A rule that is another by now stays as it is.
   */
  advance(from: EventPosition, to: EventPosition, changes: readonly RuleChange[], at: Date): Promise<boolean>;
}
