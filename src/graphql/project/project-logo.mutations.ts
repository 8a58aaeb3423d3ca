import { LOGO_PATH, LOGO_UPLOAD_PATH } from '../../domain/project/logo.ts';
import type { LogoUploadLink } from '../../usecases/logo/project-logo-upload-create.ts';
import { builder } from '../core/builder.ts';
import { NotFoundError, unwrap, WrongStateError } from '../core/errors.ts';
import { Project } from './project.types.ts';

builder.prismaObjectFields(Project, (t) => ({
  logoUrl: t.field({
    type: 'URL',
    nullable: true,
    description: 'Where the logo is; open to all.',
    resolve: ({ logoId }, _args, { publicUrl }) => logoId && `${publicUrl}${LOGO_PATH}${logoId}`,
  }),
}));

const ProjectLogoUploadCreateInput = builder.inputType('ProjectLogoUploadCreateInput', {
  description: 'Which project gets a logo.',
  fields: (t) => ({
    projectId: t.globalID({ required: true, for: [Project], description: 'Global id of the project.' }),
  }),
});

const ProjectLogoRemoveInput = builder.inputType('ProjectLogoRemoveInput', {
  description: 'Which project loses its logo.',
  fields: (t) => ({
    projectId: t.globalID({ required: true, for: [Project], description: 'Global id of the project.' }),
  }),
});

const ProjectLogoUploadCreatePayload = builder
  .objectRef<LogoUploadLink>('ProjectLogoUploadCreatePayload')
  .implement({
    description: 'A link for one upload.',
    fields: (t) => ({
      uploadUrl: t.field({
        type: 'URL',
        description:
          'Send the file itself here by PUT: PNG, JPEG or WebP, at most 1 MiB. Good for one logo; a secret.',
        resolve: ({ token }, _args, { publicUrl }) =>
          `${publicUrl}${LOGO_UPLOAD_PATH}?token=${encodeURIComponent(token)}`,
      }),
      expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'Until when the link is good.' }),
    }),
  });

builder.mutationFields((t) => ({
  projectLogoUploadCreate: t.withAuth({ user: true }).field({
    type: ProjectLogoUploadCreatePayload,
    description: "Gives a link to which the project's logo is sent.",
    args: {
      input: t.arg({ type: ProjectLogoUploadCreateInput, required: true, description: 'The project.' }),
    },
    errors: { types: [NotFoundError, WrongStateError] },
    resolve: async (_root, { input }, { usecases, actor }) =>
      unwrap(await usecases.projectLogoUploadCreate(actor, { projectId: input.projectId.id })),
  }),
  projectLogoRemove: t.withAuth({ user: true }).prismaField({
    type: Project,
    description: 'Takes the logo of a project away.',
    args: { input: t.arg({ type: ProjectLogoRemoveInput, required: true, description: 'The project.' }) },
    errors: { types: [NotFoundError, WrongStateError] },
    resolve: async (query, _root, { input }, { usecases, actor, prisma }) => {
      const { projectId: id } = unwrap(
        await usecases.projectLogoRemove(actor, { projectId: input.projectId.id }),
      );
      return prisma.project.findUniqueOrThrow({ ...query, where: { id } });
    },
  }),
}));
