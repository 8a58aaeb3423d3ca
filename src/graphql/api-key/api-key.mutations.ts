import { builder } from '../core/builder.ts';
import {
  NotFoundError,
  ProjectNotActiveError,
  StepUpRequiredError,
  unwrap,
  WrongStateError,
} from '../core/errors.ts';
import {
  ApiKeyCreateInput,
  ApiKeyRevokeInput,
  ApiKeyRotateInput,
  ApiKeyUpdateInput,
} from './api-key.inputs.ts';
import { ApiKey } from './api-key.types.ts';

const SECRET = 'The key itself. It is shown this once; store it now.';

const ApiKeyCreatePayload = builder
  .objectRef<{ apiKeyId: string; secret: string }>('ApiKeyCreatePayload')
  .implement({
    description: 'The new key.',
    fields: (t) => ({
      secret: t.exposeString('secret', { description: SECRET }),
      apiKey: t.prismaField({
        type: ApiKey,
        description: 'The key as it is listed.',
        resolve: (query, { apiKeyId }, _args, { prisma }) =>
          prisma.apiKey.findUniqueOrThrow({ ...query, where: { id: apiKeyId } }),
      }),
    }),
  });

const ApiKeyRotatePayload = builder
  .objectRef<{ apiKeyId: string; secret: string; endsAt: Date }>('ApiKeyRotatePayload')
  .implement({
    description: 'The key that takes the place of the old one.',
    fields: (t) => ({
      secret: t.exposeString('secret', { description: SECRET }),
      endsAt: t.expose('endsAt', { type: 'DateTime', description: 'When the old key ends.' }),
      apiKey: t.prismaField({
        type: ApiKey,
        description: 'The new key as it is listed.',
        resolve: (query, { apiKeyId }, _args, { prisma }) =>
          prisma.apiKey.findUniqueOrThrow({ ...query, where: { id: apiKeyId } }),
      }),
    }),
  });

builder.mutationFields((t) => ({
  apiKeyCreate: t.withAuth({ user: true }).field({
    type: ApiKeyCreatePayload,
    description: 'Makes an API key for a project. A secret LIVE key holds payouts back for 24 hours.',
    args: { input: t.arg({ type: ApiKeyCreateInput, required: true, description: 'The key.' }) },
    errors: { types: [NotFoundError, StepUpRequiredError, ProjectNotActiveError, WrongStateError] },
    resolve: async (_root, { input }, { usecases, actor }) => {
      const { projectId, mode, kind, name } = input;
      return unwrap(
        await usecases.apiKeyCreate(actor, {
          projectId: projectId.id,
          mode,
          kind,
          name,
          scopes: input.scopes ?? undefined,
          ipRanges: input.ipRanges ?? undefined,
        }),
      );
    },
  }),
  apiKeyUpdate: t.withAuth({ user: true }).prismaField({
    type: ApiKey,
    description: 'Changes a key at once. Of a secret LIVE key it holds payouts back for 24 hours.',
    args: { input: t.arg({ type: ApiKeyUpdateInput, required: true, description: 'The change.' }) },
    errors: { types: [NotFoundError, StepUpRequiredError, WrongStateError] },
    resolve: async (query, _root, { input }, { usecases, actor, prisma }) => {
      const { apiKeyId } = unwrap(
        await usecases.apiKeyUpdate(actor, {
          apiKeyId: input.apiKeyId.id,
          name: input.name ?? undefined,
          scopes: input.scopes ?? undefined,
          ipRanges: input.ipRanges ?? undefined,
        }),
      );
      return prisma.apiKey.findUniqueOrThrow({ ...query, where: { id: apiKeyId } });
    },
  }),
  apiKeyRotate: t.withAuth({ user: true }).field({
    type: ApiKeyRotatePayload,
    description:
      'Makes the successor of a key, with the same settings; the old one ends after the overlap. Nothing that the key may do is beyond your own rights. Of a secret LIVE key it holds payouts back for 24 hours.',
    args: { input: t.arg({ type: ApiKeyRotateInput, required: true, description: 'The key.' }) },
    errors: { types: [NotFoundError, StepUpRequiredError, ProjectNotActiveError, WrongStateError] },
    resolve: async (_root, { input: { apiKeyId, overlapHours } }, { usecases, actor }) =>
      unwrap(await usecases.apiKeyRotate(actor, { apiKeyId: apiKeyId.id, overlapHours })),
  }),
  apiKeyRevoke: t.withAuth({ user: true }).prismaField({
    type: ApiKey,
    description: 'Ends a key at once, also on open connections. Safe to repeat; its successor lives on.',
    args: { input: t.arg({ type: ApiKeyRevokeInput, required: true, description: 'The key.' }) },
    errors: { types: [NotFoundError] },
    resolve: async (query, _root, { input }, { usecases, actor, prisma }) => {
      const { apiKeyId } = unwrap(await usecases.apiKeyRevoke(actor, { apiKeyId: input.apiKeyId.id }));
      return prisma.apiKey.findUniqueOrThrow({ ...query, where: { id: apiKeyId } });
    },
  }),
}));
