import { projectFor } from '../../domain/access/actor.ts';
import { may } from '../../domain/access/rights.ts';
import { builder } from '../core/builder.ts';
import { checkCursors } from './page-cursor.ts';
import { Project } from './project.types.ts';
import { visibleProjects } from './visible-rows.ts';

builder.queryFields((t) => ({
  project: t.withAuth({ authenticated: true }).prismaField({
    type: Project,
    nullable: true,
    description: 'A project by its id; null when it is not yours to see. An API key may leave the id out.',
    args: { id: t.arg.globalID({ for: [Project], description: 'Global id of the project.' }) },
    resolve: async (query, _root, { id }, { prisma, actor }) => {
      const projectId = projectFor(actor, id?.id);
      if (!projectId) return null;
      const project = await prisma.project.findUnique({ ...query, where: { id: projectId } });
      if (!project) return null;
      const { merchantId } = project;
      return may(actor, 'project:read', { merchantId, projectId, mode: 'ANY' }) ? project : null;
    },
  }),
  projects: t.withAuth({ user: true }).prismaConnection({
    type: Project,
    cursor: 'id',
    description:
      'Projects of all merchants of the signed-in person that are open to the person, newest first.',
    args: {
      archived: t.arg.boolean({
        defaultValue: false,
        description: 'Archived ones only (true), others only (false), or all (null).',
      }),
    },
    resolve: (query, _root, args, { prisma, actor }) => {
      checkCursors(args);
      return prisma.project.findMany({
        ...query,
        where: {
          ...visibleProjects(actor, 'project:read'),
          ...(typeof args.archived === 'boolean' ? { archivedAt: args.archived ? { not: null } : null } : {}),
        },
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      });
    },
  }),
}));
