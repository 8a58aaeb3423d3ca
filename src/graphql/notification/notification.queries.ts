import { builder } from '../core/builder.ts';
import { keysetPage, partOf } from '../core/keyset-page.ts';
import { ModeEnum } from '../money/money.types.ts';
import { Project } from '../project/project.types.ts';
import { NotificationCounts, readCounts } from './notification-counts.ts';
import { EventCategoryEnum, EventSeverityEnum } from '../event/event.enums.ts';
import { NotificationStateEnum } from './notification.enums.ts';
import { Notification } from './notification.types.ts';
import { readable } from './readable.ts';

const NotificationFilter = builder.inputType('NotificationFilter', {
  description: 'Which notifications to list; all conditions must hold.',
  fields: (t) => ({
    state: t.field({
      type: NotificationStateEnum,
      description: 'What became of them; left out: all that are not archived.',
    }),
    category: t.field({ type: EventCategoryEnum, description: 'Of this category.' }),
    severity: t.field({ type: EventSeverityEnum, description: 'Of this weight.' }),
    projectId: t.globalID({ for: [Project], description: 'About this project.' }),
    mode: t.field({ type: ModeEnum, description: 'Of this mode.' }),
    since: t.field({ type: 'DateTime', description: 'Told at this moment or later.' }),
  }),
});

type State = typeof NotificationStateEnum.$inferType;

/** In these words the database knows them by its index of what is unread. */
const STATES = {
  UNREAD: { readAt: null, archivedAt: null },
  READ: { readAt: { not: null }, archivedAt: null },
  ARCHIVED: { archivedAt: { not: null } },
  ALL: {},
} as const satisfies Record<State, object>;

const conditions = (filter: typeof NotificationFilter.$inferInput) => {
  const { state, category, severity, projectId, mode, since } = filter;
  return {
    ...(state ? STATES[state] : { archivedAt: null }),
    ...(category ? { category } : {}),
    ...(severity ? { severity } : {}),
    ...(projectId ? { projectId: projectId.id } : {}),
    ...(mode ? { mode } : {}),
    ...(since ? { createdAt: { gte: since } } : {}),
  };
};

builder.queryFields((t) => ({
  notifications: t.withAuth({ person: true }).connection({
    type: Notification,
    description:
      'The notification centre of the signed-in person, newest first. What a merchant tells is there as long as the ' +
      'person may see it.',
    args: { filter: t.arg({ type: NotificationFilter, description: 'Which of them.' }) },
    resolve: async (_root, { filter, ...page }, { prisma, actor }) => {
      const wanted = conditions(filter ?? {});
      return keysetPage(
        { notifications: actor.userId, ...wanted },
        page,
        (part) => {
          const { bounds, ...order } = partOf(part);
          return prisma.notification.findMany({
            ...order,
            where: { ...readable(actor), AND: [wanted, ...bounds] },
          });
        },
        (notification) => notification,
      );
    },
  }),
  notificationCounts: t.withAuth({ person: true }).field({
    type: NotificationCounts,
    description: 'How much of the notification centre is new to the person.',
    resolve: (_root, _args, context) => readCounts(context, context.actor),
  }),
}));
