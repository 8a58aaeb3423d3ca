import type { EventType } from '../../domain/event/catalogue.ts';
import { builder } from '../core/builder.ts';
import { EventTypeEnum } from '../event/event.types.ts';
import { checkCursors } from '../project/page-cursor.ts';

const SeverityEnum = builder.enumType('EventSeverity', {
  description: 'How much a notification matters.',
  values: {
    INFO: { description: 'Good to know.' },
    SUCCESS: { description: 'Something went well.' },
    WARNING: { description: 'Worth a look.' },
    CRITICAL: { description: 'Look now.' },
  } as const,
});

export const Notification = builder.prismaNode('Notification', {
  description: 'What a person is told in the notification centre.',
  id: { field: 'id', description: 'Global id.' },
  nullable: true,
  findUnique: (id, { actor }) => (actor.type === 'USER' ? { id, userId: actor.userId } : { id, OR: [] }),
  authScopes: ({ userId }, { actor }) => actor.type === 'USER' && actor.userId === userId,
  runScopesOnType: true,
  fields: (t) => ({
    eventId: t.exposeID('eventId', { description: 'Id of the event: the same over every channel.' }),
    type: t.field({
      type: EventTypeEnum,
      description: 'What happened.',
      resolve: ({ eventType }) => eventType as EventType,
    }),
    category: t.exposeString('category', { description: 'SECURITY, PAYMENTS or PROJECT.' }),
    severity: t.field({
      type: SeverityEnum,
      description: 'How much it matters.',
      resolve: ({ severity }) => severity as typeof SeverityEnum.$inferType,
    }),
    data: t.expose('data', { type: 'JSON', description: 'What there is to know about it.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it happened.' }),
    readAt: t.expose('readAt', { type: 'DateTime', nullable: true, description: 'When the person read it.' }),
  }),
});

builder.queryFields((t) => ({
  notifications: t.withAuth({ user: true }).prismaConnection({
    type: Notification,
    cursor: 'id',
    description: 'The notification centre of the signed-in person, newest first.',
    resolve: (query, _root, args, { prisma, actor }) => {
      checkCursors(args);
      return prisma.notification.findMany({
        ...query,
        where: { userId: actor.userId },
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      });
    },
  }),
}));
