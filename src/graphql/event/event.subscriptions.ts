import { projectFor, type Actor, type Mode } from '../../domain/access/actor.ts';
import { may, mayInSome, type Place } from '../../domain/access/rights.ts';
import { EVENT_TYPES, eventRow, type EventType } from '../../domain/event/catalogue.ts';
import type { Event, EventPosition } from '../../domain/event/event.ts';
import type { EventFilter } from '../../usecases/ports/event-log.ts';
import { Merchant } from '../account/account.types.ts';
import { builder } from '../core/builder.ts';
import type { GraphQLContext } from '../core/context.ts';
import { forbidden, InvalidInputError } from '../core/errors.ts';
import { TELLS_EVENTS } from '../core/live-kind.ts';
import { ModeEnum } from '../money/money.types.ts';
import { placeAt } from '../project/place.ts';
import { Project } from '../project/project.types.ts';
import { EventCategoryEnum, EventSeverityEnum, EventTypeEnum } from './event.enums.ts';
import { EventObject } from './event.types.ts';
import { guarded } from './guarded.ts';
import { eventsAfter, liveEvents, mayHear, telling } from './live-events.ts';

builder.subscriptionFields((t) => ({
  events: t.withAuth({ authenticated: true }).field({
    type: EventObject,
    description:
      'The events of one project in one mode, or of a whole merchant, as they happen. With `after`: from there on, none left out.',
    args: {
      projectId: t.arg.globalID({
        for: [Project],
        description: 'A signed-in person names a project or a merchant.',
      }),
      merchantId: t.arg.globalID({
        for: [Merchant],
        description:
          'For members: the events of all projects that are yours to see, and those that belong to no project or mode.',
      }),
      mode: t.arg({ type: ModeEnum, description: "LIVE unless said; an API key's own mode." }),
      types: t.arg({ type: [EventTypeEnum], description: 'Only these types.' }),
      categories: t.arg({ type: [EventCategoryEnum], description: 'Only about these things.' }),
      severities: t.arg({ type: [EventSeverityEnum], description: 'Only what matters so much.' }),
      subjectId: t.arg.globalID({ description: 'Only what happened to the thing with this global id.' }),
      after: t.arg({ type: 'EventCursor', description: 'Go on behind the event with this cursor.' }),
    },
    extensions: TELLS_EVENTS,
    subscribe: async (_root, { projectId, merchantId, mode, subjectId, after, ...kinds }, context) => {
      const types = typesOf(kinds);
      const only = { ...(types ? { types } : {}), ...(subjectId ? { subjectId: subjectId.id } : {}) };
      if (!merchantId) return await eventsOfProject(context, { projectId: projectId?.id, mode, only, after });
      if (projectId) throw invalid('Name a project or a merchant, not both.');
      return await eventsOfMerchant(context, {
        merchantId: merchantId.id,
        mode: mode ?? 'LIVE',
        only,
        after,
      });
    },
    resolve: (event) => event,
  }),
}));

type Kinds = {
  readonly [Kind in 'types' | 'categories' | 'severities']?: readonly string[] | null | undefined;
};

/** The types that meet all conditions; null where there is none. */
function typesOf({ types, categories, severities }: Kinds): ReadonlySet<EventType> | null {
  if (!types && !categories && !severities) return null;
  const meets = (type: EventType): boolean => {
    const { category, severity } = eventRow(type);
    return (
      (types?.includes(type) ?? true) &&
      (categories?.includes(category) ?? true) &&
      (severities?.includes(severity) ?? true)
    );
  };
  return new Set(EVENT_TYPES.filter(meets));
}

interface Asked {
  readonly only: EventFilter;
  readonly after: EventPosition | null | undefined;
}

async function eventsOfProject(
  context: GraphQLContext,
  { projectId, mode, only, after }: Asked & { projectId: string | undefined; mode: Mode | null | undefined },
): Promise<AsyncIterableIterator<Event>> {
  const id = projectFor(context.actor, projectId);
  const place = id ? await placeAt(context, 'event:read', id, mode) : null;
  if (!place) throw forbidden('There is no such project, or its events are not yours to see.');
  return await liveEvents(context, { filter: { ...place, ...only }, after, right: 'event:read', place });
}

/** Each event is for those who may read events where it happened: in its project, or in the merchant as a whole. */
async function eventsOfMerchant(
  context: GraphQLContext,
  { merchantId, mode, only, after }: Asked & { merchantId: string; mode: Mode },
): Promise<AsyncIterableIterator<Event>> {
  const mayFollow = (actor: Actor): boolean => mayInSome(actor, 'event:read', merchantId);
  if (!mayFollow(context.actor))
    throw forbidden('There is no such merchant, or its events are not yours to see.');
  const filter = { merchantId, mode, orWithoutMode: true, ...only } as const;
  return guarded(context, await eventsAfter(context.feed, filter, after), {
    mayFollow,
    told: (event, actor) =>
      isTold(event, [context.actor, actor], placeOf(event, merchantId)) ? telling(context, event) : null,
  });
}

const placeOf = ({ projectId }: Event, merchantId: string): Place => ({
  merchantId,
  ...(projectId === null ? {} : { projectId }),
});

/** What is for the person concerned alone stands in the notification centre. */
const isTold = (event: Event, actors: readonly Actor[], place: Place): boolean =>
  mayHear(actors, event, place) &&
  eventRow(event.type).audience !== 'SUBJECT_USER' &&
  (event.projectId === null || actors.every((actor) => may(actor, 'event:read', place)));

const invalid = (message: string) =>
  new InvalidInputError({ code: 'INVALID_INPUT', message, path: ['merchantId'] });
