import type { Mode } from '../../domain/access/actor.ts';
import type { Prisma, Rebound } from '../../generated/prisma/client.ts';
import { encodeGlobalID } from '../../graphql/core/relay-options.ts';
import { money } from '../../graphql/money/money.types.ts';
import { listedPlace } from '../../graphql/project/place.ts';
import { reboundConditions, ReboundFilter, reboundPage } from '../../graphql/rebound/rebound-filter.ts';
import { amount, moment, text } from './columns.ts';
import { exportList } from './export-list.ts';

const ofAsset = (read: (row: Rebound) => Prisma.Decimal) =>
  amount((row: Rebound) => money(read(row), row.asset));

export const reboundList = exportList<
  'REBOUNDS',
  Rebound,
  typeof ReboundFilter.$inferInput,
  { projectId: string; mode: Mode } & ReturnType<typeof reboundConditions>
>({
  name: 'REBOUNDS',
  named: ['projectId', 'mode'],
  filter: ReboundFilter,
  columns: {
    id: text((row) => encodeGlobalID('Rebound', row.id)),
    paymentId: text((row) => encodeGlobalID('Payment', row.paymentId)),
    status: text((row) => row.status),
    reason: text((row) => row.reason),
    amount: ofAsset((row) => row.amount),
    networkFee: ofAsset((row) => row.networkFee),
    arrives: ofAsset((row) => row.amount.minus(row.networkFee)),
    asset: text((row) => row.asset),
    network: text((row) => row.network),
    customerEmail: text((row) => row.customerEmail),
    address: text((row) => row.address),
    failure: text((row) => row.failure),
    createdAt: moment((row) => row.createdAt),
    claimSentAt: moment((row) => row.claimSentAt),
    addressAt: moment((row) => row.addressAt),
    transferredAt: moment((row) => row.transferredAt),
  },
  query: async (context, { projectId, mode }, filter) => ({
    ...(await listedPlace(context, 'invoice:read', projectId, mode)),
    ...reboundConditions(filter),
  }),
  page: ({ prisma }, query, after, limit) =>
    reboundPage(prisma, query, { after, before: null, limit, fromEnd: false }),
});
