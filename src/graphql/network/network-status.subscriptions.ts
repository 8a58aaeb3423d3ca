import { mayOperate } from '../../domain/access/rights.ts';
import { builder } from '../core/builder.ts';
import { TELLS_STATE } from '../core/live-kind.ts';
import { guarded } from '../event/guarded.ts';
import { NetworkStatus } from './network-status.types.ts';

builder.subscriptionFields((t) => ({
  networkStatusUpdated: t.withAuth({ operator: 'network:read' }).field({
    type: [NetworkStatus],
    description:
      'Every configured network, for operators: at once, and after changes, at most once a second. No event tells of ' +
      'these, so there is no cursor: whoever subscribes again is told the present state.',
    extensions: TELLS_STATE,
    subscribe: (_root, _args, context) =>
      guarded(context, context.networkStatuses.follow(), {
        mayFollow: (actor) => mayOperate(actor, 'network:read'),
        told: (statuses) => statuses,
      }),
    resolve: (statuses) => statuses,
  }),
}));
