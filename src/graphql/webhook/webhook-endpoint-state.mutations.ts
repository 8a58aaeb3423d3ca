import { builder } from '../core/builder.ts';
import { NotFoundError, StepUpRequiredError, unwrap } from '../core/errors.ts';
import {
  WebhookEndpointDeleteInput,
  WebhookEndpointDisableInput,
  WebhookEndpointEnableInput,
} from './webhook.inputs.ts';
import { WebhookEndpoint } from './webhook-endpoint.types.ts';

const WebhookEndpointDeletePayload = builder
  .objectRef<{ webhookEndpointId: { type: string; id: string } }>('WebhookEndpointDeletePayload')
  .implement({
    description: 'What is gone.',
    fields: (t) => ({
      webhookEndpointId: t.globalID({
        description: 'Global id that the endpoint had.',
        resolve: ({ webhookEndpointId }) => webhookEndpointId,
      }),
    }),
  });

builder.mutationFields((t) => ({
  webhookEndpointEnable: t.withAuth({ authenticated: true }).prismaField({
    type: WebhookEndpoint,
    description:
      'Lets a disabled endpoint be told of events again; what it missed is sent by webhookReplay. Safe to repeat. In LIVE mode a person proves to be there.',
    args: { input: t.arg({ type: WebhookEndpointEnableInput, required: true, description: 'Which one.' }) },
    errors: { types: [NotFoundError, StepUpRequiredError] },
    resolve: async (query, _root, { input }, { usecases, actor, prisma }) => {
      const { id } = input.webhookEndpointId;
      unwrap(await usecases.webhookEndpointEnable(actor, { webhookEndpointId: id }));
      return prisma.webhookEndpoint.findUniqueOrThrow({ ...query, where: { id } });
    },
  }),
  webhookEndpointDisable: t.withAuth({ authenticated: true }).prismaField({
    type: WebhookEndpoint,
    description: 'Stops what is sent to an endpoint; what waits is given up. Safe to repeat.',
    args: { input: t.arg({ type: WebhookEndpointDisableInput, required: true, description: 'Which one.' }) },
    errors: { types: [NotFoundError] },
    resolve: async (query, _root, { input }, { usecases, actor, prisma }) => {
      const { id } = input.webhookEndpointId;
      unwrap(await usecases.webhookEndpointDisable(actor, { webhookEndpointId: id }));
      return prisma.webhookEndpoint.findUniqueOrThrow({ ...query, where: { id } });
    },
  }),
  webhookEndpointDelete: t.withAuth({ authenticated: true }).field({
    type: WebhookEndpointDeletePayload,
    description: 'Removes an endpoint for good, with its secrets; what waits is given up.',
    args: { input: t.arg({ type: WebhookEndpointDeleteInput, required: true, description: 'Which one.' }) },
    errors: { types: [NotFoundError] },
    resolve: async (_root, { input }, { usecases, actor }) => {
      const { id } = input.webhookEndpointId;
      unwrap(await usecases.webhookEndpointDelete(actor, { webhookEndpointId: id }));
      return { webhookEndpointId: { type: 'WebhookEndpoint', id } };
    },
  }),
}));
