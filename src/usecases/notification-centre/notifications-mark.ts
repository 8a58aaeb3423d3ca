import type { Actor } from '../../domain/access/actor.ts';
import { hearingOf } from '../../domain/notification/hearing.ts';
import type { Clock } from '../ports/clock.ts';
import type { NotificationMark, NotificationStore } from '../ports/notification-store.ts';
import { done, refuse, type Result } from '../result.ts';

/** At once. */
export const MOST_MARKED = 100;

/**
 * Marks notifications of the person's own as read, unread, archived or not (FEATURES N6). Those that are not the
 * person's to read are passed over: another tab may hold what is there no more.
 */
export type NotificationsMark = (
  actor: Actor,
  input: { readonly notificationIds: readonly string[]; readonly mark: Exclude<NotificationMark, 'SEEN'> },
) => Promise<Result<{ notificationIds: readonly string[] }>>;

export interface NotificationsMarkDeps {
  readonly notifications: Pick<NotificationStore, 'mark'>;
  readonly clock: Clock;
}

export const notificationsMark =
  ({ notifications, clock }: NotificationsMarkDeps): NotificationsMark =>
  async (actor, { notificationIds, mark }) => {
    const hearing = hearingOf(actor);
    if (hearing === null) return refuse('FORBIDDEN', 'Only a person has a notification centre.');
    const ids = [...new Set(notificationIds)];
    if (ids.length < 1 || ids.length > MOST_MARKED)
      return refuse('INVALID_INPUT', `Name 1 to ${MOST_MARKED} notifications.`, 'notificationIds');
    return done({ notificationIds: await notifications.mark(hearing, ids, mark, clock.now()) });
  };
