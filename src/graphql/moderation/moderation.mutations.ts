import { builder } from '../core/builder.ts';
import { NotFoundError, StepUpRequiredError, unwrap, WrongStateError } from '../core/errors.ts';
import { ModeratedProject } from './moderation.types.ts';
import { Project } from '../project/project.types.ts';

const ModerationDecisionEnum = builder.enumType('ModerationDecision', {
  description: 'What an operator decides.',
  values: {
    ACTIVE: { description: 'Approves what is ON_MODERATION.' },
    REJECTED: { description: 'Turns a request down; the merchant may ask again.' },
    BLOCKED: { description: 'Takes the approval of an ACTIVE project back: live payments stop at once.' },
    UNBLOCKED: { description: 'Takes a block off: the project is ACTIVE again.' },
  } as const,
});

const ProjectModerationRequestInput = builder.inputType('ProjectModerationRequestInput', {
  description: 'A request to approve a project.',
  fields: (t) => ({
    projectId: t.globalID({ required: true, for: [Project], description: 'Global id of the project.' }),
    comment: t.string({ description: 'What the operator should know; at most 1,000 characters.' }),
  }),
});

const ProjectModerationDecideInput = builder.inputType('ProjectModerationDecideInput', {
  description: 'A decision on a project.',
  fields: (t) => ({
    projectId: t.globalID({ required: true, for: [Project], description: 'Global id of the project.' }),
    decision: t.field({ type: ModerationDecisionEnum, required: true, description: 'What is decided.' }),
    reason: t.string({
      description: 'Told to the merchant, at most 1,000 characters; needed for REJECTED and BLOCKED.',
    }),
  }),
});

builder.mutationFields((t) => ({
  projectModerationRequest: t.withAuth({ user: true }).prismaField({
    type: Project,
    description: 'Asks the operator to let a project take live payments.',
    args: {
      input: t.arg({ type: ProjectModerationRequestInput, required: true, description: 'The request.' }),
    },
    errors: { types: [NotFoundError, WrongStateError] },
    resolve: async (query, _root, { input }, { usecases, actor, prisma }) => {
      const { projectId: id } = unwrap(
        await usecases.projectModerationRequest(actor, { ...input, projectId: input.projectId.id }),
      );
      return prisma.project.findUniqueOrThrow({ ...query, where: { id } });
    },
  }),
  projectModerationDecide: t.withAuth({ operator: 'project:moderate' }).prismaField({
    type: ModeratedProject,
    description: 'Decides on a project, for operators.',
    args: {
      input: t.arg({ type: ProjectModerationDecideInput, required: true, description: 'The decision.' }),
    },
    errors: { types: [NotFoundError, StepUpRequiredError, WrongStateError] },
    resolve: async (query, _root, { input }, { usecases, actor, prisma }) => {
      const { projectId: id } = unwrap(
        await usecases.projectModerationDecide(actor, { ...input, projectId: input.projectId.id }),
      );
      return prisma.project.findUniqueOrThrow({ ...query, where: { id } });
    },
  }),
}));
