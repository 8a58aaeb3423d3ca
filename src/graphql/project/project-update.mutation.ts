import { builder } from '../core/builder.ts';
import { NotFoundError, unwrap, WrongStateError } from '../core/errors.ts';
import { ProjectDefaultsInput } from './project-defaults.inputs.ts';
import { ProjectPageInput } from './project-page.types.ts';
import { Project } from './project.types.ts';

const ProjectUpdateInput = builder.inputType('ProjectUpdateInput', {
  description: 'Changes to a project. What is left out stays as it is; null is the default.',
  fields: (t) => ({
    projectId: t.globalID({ required: true, for: [Project], description: 'Global id of the project.' }),
    name: t.string({ description: 'Name, as payers see it; 1 to 100 characters.' }),
    siteUrl: t.field({ type: 'URL', description: "The shop's site." }),
    page: t.field({ type: ProjectPageInput, description: 'Look and texts of the payment page.' }),
    defaults: t.field({ type: ProjectDefaultsInput, description: 'Defaults and policies of invoices.' }),
    restartModeration: t.boolean({
      description:
        'A new name or site of an ACTIVE project needs a new approval, and live payments stop until then: true says that this is meant.',
    }),
  }),
});

builder.mutationFields((t) => ({
  projectUpdate: t.withAuth({ user: true }).prismaField({
    type: Project,
    description: 'Changes a project.',
    args: { input: t.arg({ type: ProjectUpdateInput, required: true, description: 'The changes.' }) },
    errors: { types: [NotFoundError, WrongStateError] },
    resolve: async (query, _root, { input }, { usecases, actor, prisma }) => {
      const updated = await usecases.projectUpdate(actor, { ...input, projectId: input.projectId.id });
      const { projectId: id } = unwrap(updated);
      return prisma.project.findUniqueOrThrow({ ...query, where: { id } });
    },
  }),
}));
