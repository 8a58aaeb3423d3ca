import { projectFor } from '../../domain/access/actor.ts';
import type { Event } from '../../domain/event/event.ts';
import { REFUND_EVENTS } from '../../domain/event/money-events.ts';
import type { Refund as RefundRow } from '../../generated/prisma/client.ts';
import { batched } from '../core/batched.ts';
import { builder } from '../core/builder.ts';
import type { GraphQLContext } from '../core/context.ts';
import { forbidden } from '../core/errors.ts';
import { TELLS_EVENTS } from '../core/live-kind.ts';
import { EventObject } from '../event/event.types.ts';
import { liveEvents } from '../event/live-events.ts';
import { ModeEnum } from '../money/money.types.ts';
import { placeAt } from '../project/place.ts';
import { Project } from '../project/project.types.ts';
import { Refund } from './refund.types.ts';

/** For all that ask at the same moment: many are told of the same event. */
const refundOf = batched<GraphQLContext['prisma'], RefundRow>(
  (prisma, ids) => prisma.refund.findMany({ where: { id: { in: [...ids] } } }),
  ({ id }) => id,
);

const RefundUpdate = builder.objectRef<Event>('RefundUpdate').implement({
  description: 'Something happened to a refund.',
  fields: (t) => ({
    event: t.field({ type: EventObject, description: 'What happened.', resolve: (event) => event }),
    refund: t.field({
      type: Refund,
      description: 'The refund as it is now.',
      resolve: async ({ id, subject }, _args, { prisma }) => {
        const refund = await refundOf(prisma, subject.id);
        if (!refund) throw new Error(`the refund of event ${id} is not there`);
        return refund;
      },
    }),
  }),
});

builder.subscriptionFields((t) => ({
  refundUpdated: t.withAuth({ authenticated: true }).field({
    type: RefundUpdate,
    description:
      'What happens to the refunds of one project in one mode. With `after`: from there on, none left out.',
    args: {
      projectId: t.arg.globalID({ for: [Project], description: 'Needed from a signed-in person.' }),
      mode: t.arg({ type: ModeEnum, description: "LIVE unless said; an API key's own mode." }),
      after: t.arg({ type: 'EventCursor', description: 'Go on behind the event with this cursor.' }),
    },
    extensions: TELLS_EVENTS,
    subscribe: async (_root, { projectId, mode, after }, context) => {
      const id = projectFor(context.actor, projectId?.id);
      const place = id ? await placeAt(context, 'invoice:read', id, mode) : null;
      if (!place) throw forbidden('There is no such project, or its refunds are not yours to see.');
      const filter = { ...place, types: REFUND_EVENTS };
      return await liveEvents(context, { filter, after, right: 'invoice:read', place });
    },
    resolve: (event) => event,
  }),
}));
