import type { Hearing } from '../../domain/notification/hearing.ts';

/** What a person can do to a notification (FEATURES N6). */
export type NotificationMark = 'SEEN' | 'READ' | 'UNREAD' | 'ARCHIVED' | 'UNARCHIVED';

/** The notification centres. What was changed is announced to the person's open centres, in other processes too. */
export interface NotificationStore {
  /** Marks those of the notifications that the person may read, and gives their ids; what is so already stays so. */
  mark(
    hearing: Hearing,
    notificationIds: readonly string[],
    mark: NotificationMark,
    at: Date,
  ): Promise<readonly string[]>;
  /**
   * Marks all that are not archived, up to this one and with it, so that what came meanwhile stays as it is. Many are
   * marked in several steps; to repeat it is safe. False when the person has no such notification.
   */
  markUpTo(hearing: Hearing, notificationId: string, mark: 'SEEN' | 'READ', at: Date): Promise<boolean>;
}
