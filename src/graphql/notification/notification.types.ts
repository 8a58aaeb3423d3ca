import type { EventType } from '../../domain/event/catalogue.ts';
import { builder } from '../core/builder.ts';
import { EventTypeEnum } from '../event/event.types.ts';
import { checkCursors } from '../project/page-cursor.ts';
import { mayRead, readable } from './readable.ts';

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
  findUnique: (id, { actor }) => ({ id, ...readable(actor) }),
  authScopes: (notification, { actor }) => mayRead(actor, notification),
  runScopesOnType: true,
  fields: (t) => ({
    eventId: t.exposeID('eventId', { description: 'Id of the event: the same over every channel.' }),
    type: t.field({
      type: EventTypeEnum,
      description: 'What happened.',
      resolve: ({ eventType }) => eventType as EventType,
    }),
    category: t.exposeString('category', { description: 'SECURITY, ACCOUNT, PAYMENTS or PROJECT.' }),
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
  notifications: t.withAuth({ person: true }).prismaConnection({
    type: Notification,
    cursor: 'id',
    description:
      'The notification centre of the signed-in person, newest first. What a merchant tells is there as long as the ' +
      'person may see it.',
    resolve: (query, _root, args, { prisma, actor }) => {
      checkCursors(args);
      return prisma.notification.findMany({
        ...query,
        where: readable(actor),
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      });
    },
  }),
}));
