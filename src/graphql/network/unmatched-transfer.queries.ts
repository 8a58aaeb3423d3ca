import type { UnmatchedTransfer as UnmatchedTransferRow } from '../../generated/prisma/client.ts';
import { builder } from '../core/builder.ts';
import type { GraphQLContext } from '../core/context.ts';
import { keysetPage, type PagePart } from '../core/keyset-page.ts';
import type { ListPlace } from '../core/list-cursor.ts';
import { NetworkCodeEnum } from '../money/money.types.ts';
import { UnmatchedReasonEnum, UnmatchedTransfer } from './unmatched-transfer.types.ts';

const UnmatchedTransferFilter = builder.inputType('UnmatchedTransferFilter', {
  description: 'Which transfers to list; all conditions must hold.',
  fields: (t) => ({
    network: t.field({ type: NetworkCodeEnum, description: 'Sent over this network.' }),
    reason: t.field({ type: UnmatchedReasonEnum, description: 'For this reason.' }),
  }),
});

builder.queryFields((t) => ({
  unmatchedTransfers: t.withAuth({ operator: 'transfer:read' }).connection({
    type: UnmatchedTransfer,
    description: 'Transfers that nothing could take, those seen last first; for operators.',
    args: { filter: t.arg({ type: UnmatchedTransferFilter, description: 'Which of them.' }) },
    resolve: async (_root, { filter, ...args }, { prisma }) => {
      const list = {
        ...(filter?.network ? { network: filter.network } : {}),
        ...(filter?.reason ? { reason: filter.reason } : {}),
      };
      return keysetPage(
        { unmatchedTransfers: true, ...list },
        args,
        (part) => read(prisma, list, part),
        ({ seenAt, id }) => ({ createdAt: seenAt, id }),
      );
    },
  }),
}));

/** By the index that begins with what is filtered and ends in (seen_at, id). */
const read = (
  prisma: GraphQLContext['prisma'],
  list: Pick<Partial<UnmatchedTransferRow>, 'network' | 'reason'>,
  { after, before, limit, fromEnd }: PagePart,
): Promise<UnmatchedTransferRow[]> =>
  prisma.unmatchedTransfer.findMany({
    where: { ...list, AND: [...(after ? beyond(after, 'lt') : []), ...(before ? beyond(before, 'gt') : [])] },
    orderBy: fromEnd ? [{ seenAt: 'asc' }, { id: 'asc' }] : [{ seenAt: 'desc' }, { id: 'desc' }],
    take: limit,
  });

/** The first condition is what the index is searched by. */
const beyond = ({ createdAt, id }: ListPlace, side: 'lt' | 'gt') => [
  { seenAt: { [`${side}e`]: createdAt } },
  { OR: [{ seenAt: { [side]: createdAt } }, { id: { [side]: id } }] },
];
