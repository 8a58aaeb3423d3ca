import { builder } from '../core/builder.ts';
import { NetworkStatus, readNetworkStatuses } from './network-status.types.ts';

builder.queryFields((t) => ({
  networkStatuses: t.withAuth({ operator: 'network:read' }).field({
    type: [NetworkStatus],
    description: 'Every configured network, for operators.',
    resolve: (_root, _args, context) => readNetworkStatuses(context),
  }),
}));
