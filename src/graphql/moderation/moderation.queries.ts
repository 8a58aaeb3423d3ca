import { builder } from '../core/builder.ts';
import { ModeratedProject } from './moderation.types.ts';
import { checkCursors } from '../project/page-cursor.ts';
import { ModerationEnum } from '../project/project.types.ts';

builder.queryFields((t) => ({
  projectsForModeration: t.withAuth({ operator: 'project:moderate' }).prismaConnection({
    type: ModeratedProject,
    cursor: 'id',
    description: 'Projects of all merchants in one state of moderation, newest first. For operators.',
    args: {
      moderation: t.arg({
        type: ModerationEnum,
        required: true,
        defaultValue: 'ON_MODERATION',
        description: 'The state.',
      }),
    },
    resolve: (query, _root, args, { prisma }) => {
      checkCursors(args);
      return prisma.project.findMany({
        ...query,
        where: { moderation: args.moderation },
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      });
    },
  }),
}));
