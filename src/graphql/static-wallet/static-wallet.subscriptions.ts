import { mayAt } from '../../domain/access/rights.ts';
import type { Event } from '../../domain/event/event.ts';
import { builder } from '../core/builder.ts';
import { forbidden } from '../core/errors.ts';
import { TELLS_EVENTS } from '../core/live-kind.ts';
import { EventObject } from '../event/event.types.ts';
import { liveEvents } from '../event/live-events.ts';
import { StaticWallet } from './static-wallet.types.ts';

const StaticWalletUpdate = builder.objectRef<Event>('StaticWalletUpdate').implement({
  description: 'Something happened to a static wallet or to a deposit to it.',
  fields: (t) => ({
    event: t.field({ type: EventObject, description: 'What happened.', resolve: (event) => event }),
    staticWallet: t.prismaField({
      type: StaticWallet,
      description: 'The wallet as it is now.',
      resolve: (query, { subject }, _args, { prisma }) =>
        prisma.staticWallet.findUniqueOrThrow({ ...query, where: { id: subject.id } }),
    }),
  }),
});

builder.subscriptionFields((t) => ({
  staticWalletUpdated: t.withAuth({ authenticated: true }).field({
    type: StaticWalletUpdate,
    description:
      'What happens to one static wallet and its deposits. With `after`: from there on, none left out.',
    args: {
      id: t.arg.globalID({ required: true, for: [StaticWallet], description: 'Global id of the wallet.' }),
      after: t.arg({ type: 'EventCursor', description: 'Go on behind the event with this cursor.' }),
    },
    extensions: TELLS_EVENTS,
    subscribe: async (_root, { id, after }, context) => {
      const wallet = await context.prisma.staticWallet.findUnique({ where: { id: id.id } });
      if (!wallet || !mayAt(context.actor, 'static_wallet:read', wallet)) {
        throw forbidden('There is no such static wallet, or it is not yours to see.');
      }
      const { merchantId, projectId, mode } = wallet;
      return liveEvents(context, {
        filter: { subjectId: wallet.id },
        after,
        right: 'static_wallet:read',
        place: { merchantId, projectId, mode },
      });
    },
    resolve: (event) => event,
  }),
}));
