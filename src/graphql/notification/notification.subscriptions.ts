import { builder } from '../core/builder.ts';
import type { PersonContext } from '../core/context.ts';
import { InvalidInputError } from '../core/errors.ts';
import { TELLS_STATE } from '../core/live-kind.ts';
import { liveCounts, liveNotifications } from './live-notifications.ts';
import { NotificationCounts } from './notification-counts.ts';
import { Notification } from './notification.types.ts';

builder.subscriptionFields((t) => ({
  notificationAdded: t.withAuth({ person: true }).field({
    type: Notification,
    description:
      'What comes into the notification centre of the signed-in person, as it comes. With `after`: from there on, ' +
      'none left out and none twice.',
    args: {
      after: t.arg.globalID({
        for: [Notification],
        description: 'The last notification that the client got; go on behind it.',
      }),
    },
    subscribe: async (_root, { after }, context) =>
      liveNotifications(context, context.actor.userId, await placeOf(context, after?.id)),
    resolve: (notification) => notification,
  }),
  notificationCountsChanged: t.withAuth({ person: true }).field({
    type: NotificationCounts,
    description: 'How much of the notification centre is new: now, and whenever that changes.',
    extensions: TELLS_STATE,
    subscribe: (_root, _args, context) => liveCounts(context, context.actor.userId),
    resolve: (counts) => counts,
  }),
}));

/** The place of a notification in the order of commits; that of the newest one when none is named. */
async function placeOf({ prisma, actor }: PersonContext, id: string | undefined): Promise<bigint> {
  const { userId } = actor;
  const place = await prisma.notification.findFirst({
    where: { userId, ...(id === undefined ? {} : { id }) },
    orderBy: { seq: 'desc' },
    select: { seq: true },
  });
  if (place || id === undefined) return place?.seq ?? 0n;
  const message = 'This is no notification of yours, or it is too old to go on from.';
  throw new InvalidInputError({ code: 'INVALID_INPUT', message, path: ['after'] });
}
