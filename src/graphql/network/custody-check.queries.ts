import { builder } from '../core/builder.ts';
import { CustodyCheck } from './custody-check.types.ts';

builder.queryFields((t) => ({
  custodyChecks: t.withAuth({ operator: 'custody:read' }).prismaField({
    type: [CustodyCheck],
    description: 'What ledger and chains say is held, by network and asset; for operators.',
    resolve: (query, _root, _args, { prisma }) =>
      prisma.custodyCheck.findMany({ ...query, orderBy: [{ network: 'asc' }, { asset: 'asc' }] }),
  }),
}));
