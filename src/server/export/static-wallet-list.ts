import type { Mode } from '../../domain/access/actor.ts';
import type { StaticWallet } from '../../generated/prisma/client.ts';
import { partOf } from '../../graphql/core/keyset-page.ts';
import { encodeGlobalID } from '../../graphql/core/relay-options.ts';
import { listedPlace } from '../../graphql/project/place.ts';
import {
  StaticWalletFilter,
  staticWalletConditions,
} from '../../graphql/static-wallet/static-wallet.queries.ts';
import { moment, text } from './columns.ts';
import { exportList } from './export-list.ts';

export const staticWalletList = exportList<
  'STATIC_WALLETS',
  StaticWallet,
  typeof StaticWalletFilter.$inferInput,
  { projectId: string; mode: Mode } & ReturnType<typeof staticWalletConditions>
>({
  name: 'STATIC_WALLETS',
  named: ['projectId', 'mode'],
  filter: StaticWalletFilter,
  columns: {
    id: text((row) => encodeGlobalID('StaticWallet', row.id)),
    network: text((row) => row.network),
    address: text((row) => row.address),
    customerRef: text((row) => row.customerRef),
    label: text((row) => row.label),
    status: text((row) => row.status),
    createdAt: moment((row) => row.createdAt),
    blockedAt: moment((row) => row.blockedAt),
  },
  query: async (context, { projectId, mode }, filter) => ({
    ...(await listedPlace(context, 'static_wallet:read', projectId, mode)),
    ...staticWalletConditions(filter),
  }),
  page({ prisma }, query, after, limit) {
    const { bounds, ...order } = partOf({ after, before: null, limit, fromEnd: false });
    return prisma.staticWallet.findMany({ ...order, where: { ...query, AND: bounds } });
  },
});
