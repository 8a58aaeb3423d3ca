import { builder } from '../core/builder.ts';
import {
  NotFoundError,
  ProjectNotActiveError,
  StepUpRequiredError,
  unwrap,
  WrongStateError,
} from '../core/errors.ts';
import { given } from '../core/given.ts';
import {
  WebhookEndpointCreateInput,
  WebhookEndpointSecretRotateInput,
  WebhookEndpointUpdateInput,
} from './webhook.inputs.ts';
import { WebhookEndpoint } from './webhook-endpoint.types.ts';

const SECRET = 'The signing secret, `whsec_…`. It is shown this once; store it now.';

const WebhookEndpointCreatePayload = builder
  .objectRef<{ webhookEndpointId: string; secret: string }>('WebhookEndpointCreatePayload')
  .implement({
    description: 'The new endpoint.',
    fields: (t) => ({
      secret: t.exposeString('secret', { description: SECRET }),
      webhookEndpoint: t.prismaField({
        type: WebhookEndpoint,
        description: 'The endpoint as it is listed.',
        resolve: (query, { webhookEndpointId: id }, _args, { prisma }) =>
          prisma.webhookEndpoint.findUniqueOrThrow({ ...query, where: { id } }),
      }),
    }),
  });

const WebhookEndpointSecretRotatePayload = builder
  .objectRef<{ webhookEndpointId: string; secret: string; oldSecretEndsAt: Date }>(
    'WebhookEndpointSecretRotatePayload',
  )
  .implement({
    description: 'The secret that takes the place of the old one.',
    fields: (t) => ({
      secret: t.exposeString('secret', { description: SECRET }),
      oldSecretEndsAt: t.expose('oldSecretEndsAt', {
        type: 'DateTime',
        description: 'Until when the old secret signs along.',
      }),
      webhookEndpoint: t.prismaField({
        type: WebhookEndpoint,
        description: 'The endpoint as it is listed.',
        resolve: (query, { webhookEndpointId: id }, _args, { prisma }) =>
          prisma.webhookEndpoint.findUniqueOrThrow({ ...query, where: { id } }),
      }),
    }),
  });

builder.mutationFields((t) => ({
  webhookEndpointCreate: t.withAuth({ authenticated: true }).field({
    type: WebhookEndpointCreatePayload,
    description:
      'Adds a URL that is told of events, at most 20 a project and mode. In LIVE mode a person proves to be there.',
    args: {
      input: t.arg({ type: WebhookEndpointCreateInput, required: true, description: 'The endpoint.' }),
    },
    errors: { types: [NotFoundError, StepUpRequiredError, ProjectNotActiveError, WrongStateError] },
    resolve: async (_root, { input }, { usecases, actor }) => {
      const { projectId, mode, ...fields } = input;
      const place = { projectId: projectId?.id ?? null, mode };
      return unwrap(
        await usecases.webhookEndpointCreate(actor, { ...given(fields), ...place, url: input.url }),
      );
    },
  }),
  webhookEndpointUpdate: t.withAuth({ authenticated: true }).prismaField({
    type: WebhookEndpoint,
    description: 'Changes an endpoint. In LIVE mode a person proves to be there.',
    args: { input: t.arg({ type: WebhookEndpointUpdateInput, required: true, description: 'The change.' }) },
    errors: { types: [NotFoundError, StepUpRequiredError, WrongStateError] },
    resolve: async (query, _root, { input }, { usecases, actor, prisma }) => {
      const { webhookEndpointId, revision, description, ...fields } = input;
      const id = webhookEndpointId.id;
      const change = { ...given(fields), ...(description === undefined ? {} : { description }) };
      unwrap(await usecases.webhookEndpointUpdate(actor, { ...change, webhookEndpointId: id, revision }));
      return prisma.webhookEndpoint.findUniqueOrThrow({ ...query, where: { id } });
    },
  }),
  webhookEndpointSecretRotate: t.withAuth({ authenticated: true }).field({
    type: WebhookEndpointSecretRotatePayload,
    description:
      'Makes a new signing secret; the old one signs along until the overlap is over. In LIVE mode a person proves to be there.',
    args: {
      input: t.arg({ type: WebhookEndpointSecretRotateInput, required: true, description: 'The rotation.' }),
    },
    errors: { types: [NotFoundError, StepUpRequiredError, WrongStateError] },
    resolve: async (_root, { input }, { usecases, actor }) => {
      const { webhookEndpointId, revision, overlapHours } = input;
      return unwrap(
        await usecases.webhookEndpointSecretRotate(actor, {
          webhookEndpointId: webhookEndpointId.id,
          revision,
          overlapHours: overlapHours ?? undefined,
        }),
      );
    },
  }),
}));
