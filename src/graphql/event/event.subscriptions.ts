import { projectFor } from '../../domain/access/actor.ts';
import { builder } from '../core/builder.ts';
import { forbidden } from '../core/errors.ts';
import { ModeEnum } from '../money/money.types.ts';
import { placeAt } from '../project/place.ts';
import { Project } from '../project/project.types.ts';
import { EventObject, EventTypeEnum } from './event.types.ts';
import { filtered, liveEvents } from './live-events.ts';

builder.subscriptionFields((t) => ({
  events: t.withAuth({ authenticated: true }).field({
    type: EventObject,
    description:
      'The events of one project in one mode, as they happen. With `after`: from there on, none left out.',
    args: {
      projectId: t.arg.globalID({ for: [Project], description: 'Needed from a signed-in person.' }),
      mode: t.arg({ type: ModeEnum, description: "LIVE unless said; an API key's own mode." }),
      types: t.arg({ type: [EventTypeEnum], description: 'Only these types.' }),
      after: t.arg({ type: 'EventCursor', description: 'Go on behind the event with this cursor.' }),
    },
    subscribe: async (_root, { projectId, mode, types, after }, context) => {
      const id = projectFor(context.actor, projectId?.id);
      const place = id ? await placeAt(context, 'event:read', id, mode) : null;
      if (!place) {
        throw forbidden('There is no such project, or its events are not yours to see.');
      }
      const events = liveEvents(context, { filter: place, after, right: 'event:read', place });
      const wanted = types ? new Set<string>(types) : null;
      return wanted ? filtered(events, ({ type }) => wanted.has(type)) : events;
    },
    resolve: (event) => event,
  }),
}));
