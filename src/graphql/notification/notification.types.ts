import type { EventType } from '../../domain/event/catalogue.ts';
import { Merchant } from '../account/account.types.ts';
import { batched } from '../core/batched.ts';
import { builder } from '../core/builder.ts';
import type { GraphQLContext } from '../core/context.ts';
import { encodeGlobalID } from '../core/relay-options.ts';
import { EventCategoryEnum, EventSeverityEnum, EventTypeEnum } from '../event/event.enums.ts';
import { NODE_OF_SUBJECT } from '../event/event.types.ts';
import { ModeEnum } from '../money/money.types.ts';
import { Project } from '../project/project.types.ts';
import { visibleProjects, visibleToMembers } from '../project/visible-rows.ts';
import { isVetted, mayRead, readable } from './readable.ts';

export const Notification = builder.prismaNode('Notification', {
  description: 'What a person is told in the notification centre.',
  id: { field: 'id', description: 'Global id.' },
  nullable: true,
  findUnique: (id, { actor }) => ({ id, ...readable(actor) }),
  authScopes: (notification, { actor }) => isVetted(notification) || mayRead(actor, notification),
  runScopesOnType: true,
  fields: (t) => ({
    eventId: t.exposeID('eventId', { description: 'Id of the event: the same over every channel.' }),
    type: t.field({
      type: EventTypeEnum,
      description: 'What happened.',
      resolve: ({ eventType }) => eventType as EventType,
    }),
    category: t.field({
      type: EventCategoryEnum,
      description: 'What it is about.',
      resolve: ({ category }) => category as typeof EventCategoryEnum.$inferType,
    }),
    severity: t.field({
      type: EventSeverityEnum,
      description: 'How much it matters.',
      resolve: ({ severity }) => severity as typeof EventSeverityEnum.$inferType,
    }),
    mode: t.expose('mode', {
      type: ModeEnum,
      nullable: true,
      description: 'TEST or LIVE; null where there is none.',
    }),
    data: t.expose('data', { type: 'JSON', description: 'What there is to know about it.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the person was told.' }),
    seenAt: t.expose('seenAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the person saw it in the list.',
    }),
    readAt: t.expose('readAt', { type: 'DateTime', nullable: true, description: 'When the person read it.' }),
    archivedAt: t.expose('archivedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the person put it away.',
    }),
  }),
});

type Reads = Pick<GraphQLContext, 'prisma' | 'actor'>;

const projectOf = batched(
  ({ prisma, actor }: Reads, ids) =>
    prisma.project.findMany({ where: { id: { in: [...ids] }, ...visibleProjects(actor, 'project:read') } }),
  ({ id }) => id,
);
const merchantOf = batched(
  ({ prisma, actor }: Reads, ids) =>
    prisma.merchant.findMany({
      where: { AND: [{ id: { in: [...ids] } }, { id: visibleToMembers(actor, 'merchant:read').merchantId }] },
    }),
  ({ id }) => id,
);
const subjectOf = batched(
  ({ prisma }: Reads, ids) =>
    prisma.event.findMany({
      where: { id: { in: [...ids] } },
      select: { id: true, subjectType: true, subjectId: true },
    }),
  ({ id }) => id,
);

builder.objectFields(Notification, (t) => ({
  project: t.field({
    type: Project,
    nullable: true,
    description: 'The project that it is about.',
    resolve: ({ projectId }, _args, context) => (projectId === null ? null : projectOf(context, projectId)),
  }),
  merchant: t.field({
    type: Merchant,
    nullable: true,
    description: 'The merchant that it is about.',
    resolve: ({ merchantId }, _args, context) =>
      merchantId === null ? null : merchantOf(context, merchantId),
  }),
  subjectId: t.id({
    nullable: true,
    description: 'Global id of what it happened to.',
    resolve: async ({ eventId }, _args, context) => {
      const subject = await subjectOf(context, eventId);
      return subject && encodeGlobalID(nodeOf(subject.subjectType), subject.subjectId);
    },
  }),
}));

/** An older process may read of a kind of thing that a newer one knows. */
const nodeOf = (subjectType: string): string =>
  (NODE_OF_SUBJECT as Readonly<Record<string, string>>)[subjectType] ?? 'Unknown';
