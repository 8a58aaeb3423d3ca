import type { OperatorRole } from '../../domain/access/rights.ts';
import type { NewEvent } from '../../domain/event/event.ts';

export interface NewOperator {
  readonly email: string;
  readonly emailKey: string;
  readonly role: OperatorRole;
  /** For a person who is new here: the account, and the link that sets its password. */
  readonly account: {
    readonly userId: string;
    /** Of a password that nobody knows. */
    readonly passwordHash: string;
    readonly token: { readonly id: string; readonly hash: Uint8Array; readonly expiresAt: Date };
  };
  readonly at: Date;
}

export interface OperatorRecord {
  readonly userId: string;
  readonly email: string;
  readonly role: OperatorRole;
}

export type OperatorCreation =
  | { readonly outcome: 'created'; readonly userId: string; readonly isNewPerson: boolean }
  /** Works for a merchant, or is an operator already. */
  | { readonly outcome: 'is_member' | 'is_operator' };

/** Why an operator stayed as it was: there is none, it is disabled, or nobody could manage operators afterwards. */
export type OperatorRefusal = 'unknown' | 'is_disabled' | 'last_admin';

/** Those who run the gateway. Each method is one atomic write; changes wait for one another. */
export interface OperatorStore {
  /** Makes somebody an operator, new, promoted, or enabled again. Writes the events for the person it became. */
  createOperator(
    operator: NewOperator,
    eventsFor: (userId: string, isNewPerson: boolean) => readonly NewEvent[],
  ): Promise<OperatorCreation>;
  /** 'unchanged' when it has the role already. */
  changeRole(
    userId: string,
    role: OperatorRole,
    eventFor: (before: OperatorRecord) => NewEvent,
  ): Promise<'changed' | 'unchanged' | OperatorRefusal>;
  /** Takes the rights away and ends the sessions, with an event for each. */
  disableOperator(
    userId: string,
    at: Date,
    eventsFor: (before: OperatorRecord, sessionIds: readonly string[]) => readonly NewEvent[],
  ): Promise<'disabled' | OperatorRefusal>;
}
