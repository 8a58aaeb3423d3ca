import { Merchant } from '../account/account.types.ts';
import { builder } from '../core/builder.ts';
import { NotFoundError, ProjectNotActiveError, unwrap } from '../core/errors.ts';
import { ModeEnum } from '../money/money.types.ts';
import { ApiKey, ApiKeyKindEnum, Project } from './project.types.ts';

const ProjectCreateInput = builder.inputType('ProjectCreateInput', {
  description: 'A new project.',
  fields: (t) => ({
    merchantId: t.globalID({ required: true, for: [Merchant], description: 'Global id of the owner.' }),
    name: t.string({ required: true, description: 'Name, as payers see it; 1 to 100 characters.' }),
    siteUrl: t.field({ type: 'URL', description: "The shop's site." }),
  }),
});

const ApiKeyCreateInput = builder.inputType('ApiKeyCreateInput', {
  description: 'A new API key.',
  fields: (t) => ({
    projectId: t.globalID({ required: true, for: [Project], description: 'Global id of the project.' }),
    mode: t.field({
      type: ModeEnum,
      required: true,
      description: 'TEST or LIVE; a live key needs an ACTIVE project.',
    }),
    kind: t.field({ type: ApiKeyKindEnum, required: true, description: 'Publishable or secret.' }),
    name: t.string({ required: true, description: 'Name for people, 1 to 100 characters.' }),
  }),
});

const ApiKeyCreatePayload = builder
  .objectRef<{ apiKeyId: string; secret: string }>('ApiKeyCreatePayload')
  .implement({
    description: 'The new key.',
    fields: (t) => ({
      secret: t.exposeString('secret', {
        description: 'The key itself. It is shown this once; store it now.',
      }),
      apiKey: t.prismaField({
        type: ApiKey,
        description: 'The key as it is listed.',
        resolve: (query, { apiKeyId }, _args, { prisma }) =>
          prisma.apiKey.findUniqueOrThrow({ ...query, where: { id: apiKeyId } }),
      }),
    }),
  });

builder.mutationFields((t) => ({
  projectCreate: t.withAuth({ user: true }).prismaField({
    type: Project,
    description: 'Creates a project.',
    args: { input: t.arg({ type: ProjectCreateInput, required: true, description: 'The project.' }) },
    errors: { types: [NotFoundError] },
    resolve: async (query, _root, { input }, { usecases, actor, prisma }) => {
      const { merchantId, name, siteUrl } = input;
      const { projectId } = unwrap(
        await usecases.projectCreate(actor, { merchantId: merchantId.id, name, siteUrl: siteUrl ?? null }),
      );
      return prisma.project.findUniqueOrThrow({ ...query, where: { id: projectId } });
    },
  }),
  apiKeyCreate: t.withAuth({ user: true }).field({
    type: ApiKeyCreatePayload,
    description: 'Makes an API key for a project.',
    args: { input: t.arg({ type: ApiKeyCreateInput, required: true, description: 'The key.' }) },
    errors: { types: [NotFoundError, ProjectNotActiveError] },
    resolve: async (_root, { input }, { usecases, actor }) =>
      unwrap(await usecases.apiKeyCreate(actor, { ...input, projectId: input.projectId.id })),
  }),
}));
