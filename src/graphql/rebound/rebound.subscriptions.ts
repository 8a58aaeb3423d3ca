import { projectFor } from '../../domain/access/actor.ts';
import type { Event } from '../../domain/event/event.ts';
import { REBOUND_EVENTS } from '../../domain/event/money-events.ts';
import type { Rebound as ReboundRow } from '../../generated/prisma/client.ts';
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
import { Rebound } from './rebound.types.ts';

/** For all that ask at the same moment: many are told of the same event. */
const reboundOf = batched<GraphQLContext['prisma'], ReboundRow>(
  (prisma, ids) => prisma.rebound.findMany({ where: { id: { in: [...ids] } } }),
  ({ id }) => id,
);

const ReboundUpdate = builder.objectRef<Event>('ReboundUpdate').implement({
  description: 'Something happened to a rebound.',
  fields: (t) => ({
    event: t.field({ type: EventObject, description: 'What happened.', resolve: (event) => event }),
    rebound: t.field({
      type: Rebound,
      description: 'The rebound as it is now.',
      resolve: async ({ id, subject }, _args, { prisma }) => {
        const rebound = await reboundOf(prisma, subject.id);
        if (!rebound) throw new Error(`the rebound of event ${id} is not there`);
        return rebound;
      },
    }),
  }),
});

builder.subscriptionFields((t) => ({
  reboundUpdated: t.withAuth({ authenticated: true }).field({
    type: ReboundUpdate,
    description:
      'What happens to the rebounds of one project in one mode. With `after`: from there on, none left out.',
    args: {
      projectId: t.arg.globalID({ for: [Project], description: 'Needed from a signed-in person.' }),
      mode: t.arg({ type: ModeEnum, description: "LIVE unless said; an API key's own mode." }),
      after: t.arg({ type: 'EventCursor', description: 'Go on behind the event with this cursor.' }),
    },
    extensions: TELLS_EVENTS,
    subscribe: async (_root, { projectId, mode, after }, context) => {
      const id = projectFor(context.actor, projectId?.id);
      const place = id ? await placeAt(context, 'invoice:read', id, mode) : null;
      if (!place) throw forbidden('There is no such project, or its rebounds are not yours to see.');
      const filter = { ...place, types: REBOUND_EVENTS };
      return await liveEvents(context, { filter, after, right: 'invoice:read', place });
    },
    resolve: (event) => event,
  }),
}));
