import { builder } from '../core/builder.ts';
import { NotFoundError, unwrap, WrongStateError } from '../core/errors.ts';
import { Project } from './project.types.ts';

const ProjectArchiveInput = builder.inputType('ProjectArchiveInput', {
  description: 'Which project to archive.',
  fields: (t) => ({
    projectId: t.globalID({ required: true, for: [Project], description: 'Global id of the project.' }),
  }),
});

const ProjectRestoreInput = builder.inputType('ProjectRestoreInput', {
  description: 'Which project to restore.',
  fields: (t) => ({
    projectId: t.globalID({ required: true, for: [Project], description: 'Global id of the project.' }),
  }),
});

builder.mutationFields((t) => ({
  projectArchive: t.withAuth({ user: true }).prismaField({
    type: Project,
    description: 'Archives a project: no new invoices and keys. What is open can still be paid.',
    args: { input: t.arg({ type: ProjectArchiveInput, required: true, description: 'The project.' }) },
    errors: { types: [NotFoundError, WrongStateError] },
    resolve: async (query, _root, { input }, { usecases, actor, prisma }) => {
      const { projectId: id } = unwrap(
        await usecases.projectArchive(actor, { projectId: input.projectId.id }),
      );
      return prisma.project.findUniqueOrThrow({ ...query, where: { id } });
    },
  }),
  projectRestore: t.withAuth({ user: true }).prismaField({
    type: Project,
    description: 'Takes a project out of the archive, as it was.',
    args: { input: t.arg({ type: ProjectRestoreInput, required: true, description: 'The project.' }) },
    errors: { types: [NotFoundError, WrongStateError] },
    resolve: async (query, _root, { input }, { usecases, actor, prisma }) => {
      const { projectId: id } = unwrap(
        await usecases.projectRestore(actor, { projectId: input.projectId.id }),
      );
      return prisma.project.findUniqueOrThrow({ ...query, where: { id } });
    },
  }),
}));
