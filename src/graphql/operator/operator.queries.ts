import { builder } from '../core/builder.ts';
import { checkCursors } from '../project/page-cursor.ts';
import { Operator } from './operator.types.ts';

builder.queryFields((t) => ({
  operators: t.withAuth({ operator: 'operator:manage' }).prismaConnection({
    type: Operator,
    cursor: 'userId',
    description: 'Those who run the gateway, newest first; the disabled ones too.',
    resolve: (query, _root, args, { prisma }) => {
      checkCursors(args);
      return prisma.operator.findMany({ ...query, orderBy: [{ createdAt: 'desc' }, { userId: 'desc' }] });
    },
  }),
}));
