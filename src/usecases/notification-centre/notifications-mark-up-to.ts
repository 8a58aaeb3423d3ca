import type { Actor } from '../../domain/access/actor.ts';
import { hearingOf } from '../../domain/notification/hearing.ts';
import type { Clock } from '../ports/clock.ts';
import type { NotificationStore } from '../ports/notification-store.ts';
import { done, refuse, type Result } from '../result.ts';

/**
 * Marks all notifications of the person's own as seen or read, up to the newest that the person was shown: what came
 * meanwhile stays unread (FEATURES N6).
 */
export type NotificationsMarkUpTo = (
  actor: Actor,
  input: { readonly notificationId: string; readonly mark: 'SEEN' | 'READ' },
) => Promise<Result<null>>;

export interface NotificationsMarkUpToDeps {
  readonly notifications: Pick<NotificationStore, 'markUpTo'>;
  readonly clock: Clock;
}

export const notificationsMarkUpTo =
  ({ notifications, clock }: NotificationsMarkUpToDeps): NotificationsMarkUpTo =>
  async (actor, { notificationId, mark }) => {
    const hearing = hearingOf(actor);
    if (hearing === null) return refuse('FORBIDDEN', 'Only a person has a notification centre.');
    return (await notifications.markUpTo(hearing, notificationId, mark, clock.now()))
      ? done(null)
      : refuse('NOT_FOUND', 'There is no such notification.', 'until');
  };
