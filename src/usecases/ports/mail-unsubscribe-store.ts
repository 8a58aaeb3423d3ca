import type { EventCategory } from '../../domain/event/event-row.ts';

export interface MailsEnded {
  /** Of the row, should it be a new one. */
  readonly id: string;
  readonly userId: string;
  readonly category: EventCategory;
  readonly at: Date;
}

export interface MailUnsubscribeStore {
  /**
   * Switches the category off on e-mail, for all projects: choices that switched it on for some are taken back. One
   * atomic statement, safe to repeat; gives false when there is no such person.
   */
  endMails(ended: MailsEnded): Promise<boolean>;
}
