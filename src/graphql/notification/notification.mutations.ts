import type { NotificationMark } from '../../usecases/ports/notification-store.ts';
import { builder } from '../core/builder.ts';
import type { PersonContext } from '../core/context.ts';
import { NotFoundError, unwrap } from '../core/errors.ts';
import { NotificationCounts, readCounts, type Counts } from './notification-counts.ts';
import { Notification } from './notification.types.ts';
import { readable } from './readable.ts';

const NotificationsInput = builder.inputType('NotificationsInput', {
  description: 'Notifications to change.',
  fields: (t) => ({
    notificationIds: t.globalIDList({
      required: true,
      for: [Notification],
      description: 'Global ids, 1 to 100. Those that are not there any more are passed over.',
    }),
  }),
});

const NotificationsUntilInput = builder.inputType('NotificationsUntilInput', {
  description: 'All notifications up to one.',
  fields: (t) => ({
    until: t.globalID({
      required: true,
      for: [Notification],
      description: 'The newest that the person was shown: what came after it stays as it is.',
    }),
  }),
});

const NotificationsPayload = builder
  .objectRef<{ readonly ids: readonly string[]; readonly counts: Counts }>('NotificationsPayload')
  .implement({
    description: 'Notifications as they are now.',
    fields: (t) => ({
      notifications: t.field({
        type: [Notification],
        description: 'Those that were named and are there, newest first.',
        resolve: ({ ids }, _args, { prisma, actor }) =>
          prisma.notification.findMany({
            where: { id: { in: [...ids] }, ...readable(actor) },
            orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
          }),
      }),
      counts: t.field({
        type: NotificationCounts,
        description: 'What is still new.',
        resolve: ({ counts }) => counts,
      }),
    }),
  });

const NotificationsUntilPayload = builder
  .objectRef<{ readonly counts: Counts }>('NotificationsUntilPayload')
  .implement({
    description: 'All notifications up to one were changed.',
    fields: (t) => ({
      counts: t.field({
        type: NotificationCounts,
        description: 'What is still new.',
        resolve: ({ counts }) => counts,
      }),
    }),
  });

type GlobalIds = typeof NotificationsInput.$inferInput.notificationIds;

async function mark(context: PersonContext, globalIds: GlobalIds, as: Exclude<NotificationMark, 'SEEN'>) {
  const notificationIds = globalIds.map(({ id }) => id);
  const marked = await context.usecases.notificationsMark(context.actor, { notificationIds, mark: as });
  return { ids: unwrap(marked).notificationIds, counts: await readCounts(context, context.actor) };
}

async function markUpTo(context: PersonContext, notificationId: string, as: 'SEEN' | 'READ') {
  unwrap(await context.usecases.notificationsMarkUpTo(context.actor, { notificationId, mark: as }));
  return { counts: await readCounts(context, context.actor) };
}

builder.mutationFields((t) => {
  const named = (as: Exclude<NotificationMark, 'SEEN'>, description: string) =>
    t.withAuth({ person: true }).field({
      type: NotificationsPayload,
      description,
      args: { input: t.arg({ type: NotificationsInput, required: true, description: 'Which of them.' }) },
      errors: {},
      resolve: (_root, { input }, context) => mark(context, input.notificationIds, as),
    });
  const upTo = (as: 'SEEN' | 'READ', description: string) =>
    t.withAuth({ person: true }).field({
      type: NotificationsUntilPayload,
      description,
      args: {
        input: t.arg({ type: NotificationsUntilInput, required: true, description: 'Up to which one.' }),
      },
      errors: { types: [NotFoundError] },
      resolve: (_root, { input }, context) => markUpTo(context, input.until.id, as),
    });
  return {
    notificationMarkRead: named('READ', 'Marks notifications as read.'),
    notificationMarkUnread: named('UNREAD', 'Marks notifications as not read.'),
    notificationArchive: named('ARCHIVED', 'Puts notifications away: they are in no count.'),
    notificationUnarchive: named('UNARCHIVED', 'Takes archived notifications back.'),
    notificationsMarkSeen: upTo('SEEN', 'The person was shown the list: nothing in it is new any more.'),
    notificationsMarkAllRead: upTo('READ', 'Marks all notifications as read.'),
  };
});
