import { batched } from '../core/batched.ts';
import type { GraphQLContext } from '../core/context.ts';
import { visibleRows, visibleToMembers } from '../project/visible-rows.ts';

/** The payouts that carry out refunds or rebounds, by their ids, as far as they are the caller's to see. */
export const payoutsOfSources = (origin: 'REFUND' | 'REBOUND') =>
  batched(
    ({ prisma, actor }: Pick<GraphQLContext, 'prisma' | 'actor'>, sourceIds) =>
      prisma.payout.findMany({
        where: {
          origin,
          sourceId: { in: [...sourceIds] },
          OR: [visibleRows(actor, 'payout:read'), visibleToMembers(actor, 'payout:read')],
        },
      }),
    ({ sourceId }) => sourceId ?? '',
  );
