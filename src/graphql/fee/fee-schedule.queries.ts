import { projectFor } from '../../domain/access/actor.ts';
import { narrowest } from '../../domain/fee/fee-scope.ts';
import { builder } from '../core/builder.ts';
import { checkCursors } from '../project/page-cursor.ts';
import { Project } from '../project/project.types.ts';
import { visibleProjects } from '../project/visible-rows.ts';
import { Fees, FeeSchedule } from './fee-schedule.types.ts';

/** What holds where no operator set anything. */
const NOTHING = { basisPoints: 0, fixed: {}, network: {}, payoutMinimums: {} };

builder.queryFields((t) => ({
  feeSchedules: t.withAuth({ operator: 'fee:read' }).prismaConnection({
    type: FeeSchedule,
    cursor: 'id',
    description: 'All fee schedules, newest first; for operators.',
    resolve: (query, _root, args, { prisma }) => {
      checkCursors(args);
      return prisma.feeSchedule.findMany({ ...query, orderBy: { id: 'desc' } });
    },
  }),
  projectFees: t.withAuth({ authenticated: true }).field({
    type: Fees,
    nullable: true,
    description:
      'What the gateway takes of payments to a project as it stands now; a quote locks it. Null without the right.',
    args: {
      projectId: t.arg.globalID({
        for: [Project],
        description: 'Global id of the project; an API key may leave it out.',
      }),
    },
    resolve: async (_root, { projectId: asked }, { prisma, actor }) => {
      const projectId = projectFor(actor, asked?.id);
      if (!projectId) return null;
      const project = await prisma.project.findUnique({
        where: { id: projectId, ...visibleProjects(actor, 'project:read') },
        select: { merchantId: true },
      });
      if (!project) return null;
      const { merchantId } = project;
      const schedules = await prisma.feeSchedule.findMany({
        where: { OR: [{ merchantId, OR: [{ projectId }, { projectId: null }] }, { merchantId: null }] },
      });
      return narrowest(schedules) ?? NOTHING;
    },
  }),
}));
