import { EVENT_TYPES, eventRow, WEBHOOK_TYPES } from '../../domain/event/catalogue.ts';
import { builder } from '../core/builder.ts';
import { keysetPage, partOf } from '../core/keyset-page.ts';
import { ModeEnum } from '../money/money.types.ts';
import { listedPlace } from '../project/place.ts';
import { Project } from '../project/project.types.ts';
import { visibleRows } from '../project/visible-rows.ts';
import { WebhookEndpoint } from './webhook-endpoint.types.ts';

interface WebhookEventTypeShape {
  readonly name: string;
  readonly description: string;
}

const WebhookEventType = builder.objectRef<WebhookEventTypeShape>('WebhookEventType').implement({
  description: 'Something that webhooks tell.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name, such as "payment.captured".' }),
    description: t.exposeString('description', { description: 'What happened then.' }),
  }),
});

/** One name may tell several events: it is described by all of them. */
const EVENT_NAMES: readonly WebhookEventTypeShape[] = WEBHOOK_TYPES.map((name) => ({
  name,
  description: EVENT_TYPES.map(eventRow)
    .filter(({ webhook }) => webhook === name)
    .map(({ description }) => description)
    .join(' '),
}));

builder.queryFields((t) => ({
  webhookEventTypes: t.field({
    type: [WebhookEventType],
    description: 'What endpoints can be told of, for everybody.',
    resolve: () => [...EVENT_NAMES],
  }),
  webhookEndpoint: t.withAuth({ authenticated: true }).prismaField({
    type: WebhookEndpoint,
    nullable: true,
    description: 'A webhook endpoint by its id; null when it is not yours to see.',
    args: {
      id: t.arg.globalID({
        required: true,
        for: [WebhookEndpoint],
        description: 'Global id of the endpoint.',
      }),
    },
    resolve: (query, _root, { id }, { prisma, actor }) =>
      prisma.webhookEndpoint.findFirst({
        ...query,
        where: { id: id.id, deletedAt: null, ...visibleRows(actor, 'webhook:read') },
      }),
  }),
  webhookEndpoints: t.withAuth({ authenticated: true }).connection({
    type: WebhookEndpoint,
    description: 'Webhook endpoints of one project in one mode, newest first. An API key lists its own.',
    args: {
      projectId: t.arg.globalID({ for: [Project], description: 'Needed from a signed-in person.' }),
      mode: t.arg({ type: ModeEnum, description: "LIVE unless said; an API key's own mode." }),
    },
    resolve: async (_root, { projectId, mode, ...page }, context) => {
      const place = await listedPlace(context, 'webhook:read', projectId?.id, mode);
      return keysetPage(
        { webhookEndpoints: true, ...place },
        page,
        (part) => {
          const { bounds, ...order } = partOf(part);
          return context.prisma.webhookEndpoint.findMany({
            ...order,
            where: { ...place, deletedAt: null, AND: bounds },
          });
        },
        (endpoint) => endpoint,
      );
    },
  }),
}));
