import { builder } from '../core/builder.ts';
import { NotFoundError, unwrap, WrongStateError } from '../core/errors.ts';
import { WebhookDelivery } from './webhook-delivery.types.ts';
import { DeliveryRedeliverInput, WebhookEndpointTestInput, WebhookReplayInput } from './webhook.inputs.ts';

const WebhookEndpointTestPayload = builder
  .objectRef<{ eventId: string }>('WebhookEndpointTestPayload')
  .implement({
    description: 'The test that is on its way.',
    fields: (t) => ({
      eventId: t.exposeID('eventId', { description: 'Id of the event, which the message carries.' }),
    }),
  });

const WebhookReplayPayload = builder.objectRef<{ count: number }>('WebhookReplayPayload').implement({
  description: 'What is sent again.',
  fields: (t) => ({
    count: t.exposeInt('count', { description: 'The number of messages.' }),
  }),
});

builder.mutationFields((t) => ({
  webhookEndpointTest: t.withAuth({ authenticated: true }).field({
    type: WebhookEndpointTestPayload,
    description: 'Sends an endpoint the event "endpoint.test", whatever it chose to be told of.',
    args: { input: t.arg({ type: WebhookEndpointTestInput, required: true, description: 'Which one.' }) },
    errors: { types: [NotFoundError, WrongStateError] },
    resolve: async (_root, { input }, { usecases, actor }) =>
      unwrap(await usecases.webhookEndpointTest(actor, { webhookEndpointId: input.webhookEndpointId.id })),
  }),
  webhookReplay: t.withAuth({ authenticated: true }).field({
    type: WebhookReplayPayload,
    description:
      'Sends an endpoint again what happened since a time, what it never got included; at most 10,000 messages.',
    args: { input: t.arg({ type: WebhookReplayInput, required: true, description: 'From when on.' }) },
    errors: { types: [NotFoundError, WrongStateError] },
    resolve: async (_root, { input: { webhookEndpointId, since } }, { usecases, actor }) =>
      unwrap(await usecases.webhookReplay(actor, { webhookEndpointId: webhookEndpointId.id, since })),
  }),
  deliveryRedeliver: t.withAuth({ authenticated: true }).prismaField({
    type: WebhookDelivery,
    description: 'Sends one message to its endpoint again, the same bytes under the same webhook-id.',
    args: { input: t.arg({ type: DeliveryRedeliverInput, required: true, description: 'The message.' }) },
    errors: { types: [NotFoundError, WrongStateError] },
    resolve: async (query, _root, { input }, { usecases, actor, prisma }) => {
      const { id } = input.deliveryId;
      unwrap(await usecases.deliveryRedeliver(actor, { deliveryId: id }));
      return prisma.delivery.findUniqueOrThrow({ ...query, where: { id } });
    },
  }),
}));
