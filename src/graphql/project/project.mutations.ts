import { Merchant } from '../account/account.types.ts';
import { builder } from '../core/builder.ts';
import { NotFoundError, unwrap } from '../core/errors.ts';
import { Project } from './project.types.ts';

const ProjectCreateInput = builder.inputType('ProjectCreateInput', {
  description: 'A new project.',
  fields: (t) => ({
    merchantId: t.globalID({ required: true, for: [Merchant], description: 'Global id of the owner.' }),
    name: t.string({ required: true, description: 'Name, as payers see it; 1 to 100 characters.' }),
    siteUrl: t.field({ type: 'URL', description: "The shop's site." }),
    requestModeration: t.boolean({ description: 'Asks the operator for approval at once.' }),
  }),
});

builder.mutationFields((t) => ({
  projectCreate: t.withAuth({ user: true }).prismaField({
    type: Project,
    description: 'Creates a project.',
    args: { input: t.arg({ type: ProjectCreateInput, required: true, description: 'The project.' }) },
    errors: { types: [NotFoundError] },
    resolve: async (query, _root, { input }, { usecases, actor, prisma }) => {
      const { merchantId, name, siteUrl, requestModeration } = input;
      const { projectId } = unwrap(
        await usecases.projectCreate(actor, {
          merchantId: merchantId.id,
          name,
          siteUrl: siteUrl ?? null,
          requestModeration: requestModeration === true,
        }),
      );
      return prisma.project.findUniqueOrThrow({ ...query, where: { id: projectId } });
    },
  }),
}));
