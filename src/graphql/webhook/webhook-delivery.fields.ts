import { EVENT_TYPES, webhookTypeOf } from '../../domain/event/catalogue.ts';
import { builder } from '../core/builder.ts';
import { keysetPage, partOf } from '../core/keyset-page.ts';
import { WebhookDelivery, WebhookDeliveryStatusEnum } from './webhook-delivery.types.ts';
import { WebhookEndpoint } from './webhook-endpoint.types.ts';

const WebhookDeliveryFilter = builder.inputType('WebhookDeliveryFilter', {
  description: 'Which messages to list; all conditions must hold.',
  fields: (t) => ({
    status: t.field({ type: WebhookDeliveryStatusEnum, description: 'That became this.' }),
    type: t.string({ description: 'That tell this, as webhooks write it, such as "payment.captured".' }),
    since: t.field({ type: 'DateTime', description: 'Begun at this moment or later.' }),
    until: t.field({ type: 'DateTime', description: 'Begun before this moment.' }),
  }),
});

/** The filter as Prisma takes it. A type that nobody knows is that of no message. */
const conditions = ({ status, type, since, until }: typeof WebhookDeliveryFilter.$inferInput) => ({
  ...(status ? { status } : {}),
  ...(typeof type === 'string'
    ? { eventType: { in: EVENT_TYPES.filter((known) => webhookTypeOf(known) === type) } }
    : {}),
  ...(since || until
    ? { createdAt: { ...(since ? { gte: since } : {}), ...(until ? { lt: until } : {}) } }
    : {}),
});

builder.prismaObjectFields(WebhookEndpoint, (t) => ({
  deliveries: t.connection({
    type: WebhookDelivery,
    description: 'What it was sent and is to be sent, newest first.',
    args: { filter: t.arg({ type: WebhookDeliveryFilter, description: 'Which of them.' }) },
    select: { id: true },
    resolve: ({ id: endpointId }, { filter, ...page }, { prisma }) => {
      const list = { endpointId, ...conditions(filter ?? {}) };
      return keysetPage(
        { webhookDeliveries: true, ...list },
        page,
        (part) => {
          const { bounds, ...order } = partOf(part);
          return prisma.delivery.findMany({ ...order, where: { ...list, AND: bounds } });
        },
        (delivery) => delivery,
      );
    },
  }),
}));
