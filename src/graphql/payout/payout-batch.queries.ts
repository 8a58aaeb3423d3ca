import { builder } from '../core/builder.ts';
import { visibleRows, visibleToMembers } from '../project/visible-rows.ts';
import { Payout } from './payout.types.ts';

/** What stands in a batch is known by its rows alone; those that were refused left none. */
export const PayoutBatch = builder.objectRef<{ readonly id: string }>('PayoutBatch').implement({
  description: 'Payouts that were asked for at once.',
  fields: (t) => ({
    id: t.globalID({
      description: 'Global id, for `payoutBatch` and the filter of `payouts`.',
      resolve: ({ id }) => ({ type: 'PayoutBatch', id }),
    }),
    payouts: t.prismaField({
      type: [Payout],
      description: 'The payouts that were made, in the order of its rows; at most 200.',
      resolve: (query, { id }, _args, { prisma, actor }) =>
        prisma.payout.findMany({
          ...query,
          where: {
            batchId: id,
            OR: [visibleRows(actor, 'payout:read'), visibleToMembers(actor, 'payout:read')],
          },
          orderBy: { batchRow: 'asc' },
        }),
    }),
  }),
});

builder.queryField('payoutBatch', (t) =>
  t.withAuth({ authenticated: true }).field({
    type: PayoutBatch,
    nullable: true,
    description: 'A batch of payouts by its id; null when it is not yours to see.',
    args: {
      id: t.arg.globalID({
        required: true,
        for: [PayoutBatch],
        description: 'Global id of the batch.',
      }),
    },
    resolve: async (_root, { id: { id } }, { prisma, actor }) =>
      prisma.payout
        .findFirst({
          where: {
            batchId: id,
            OR: [visibleRows(actor, 'payout:read'), visibleToMembers(actor, 'payout:read')],
          },
          select: { id: true },
        })
        .then((row) => row && { id }),
  }),
);
