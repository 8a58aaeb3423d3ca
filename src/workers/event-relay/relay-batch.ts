import { auditDraft } from '../../domain/event/audit.ts';
import { EVENT_CATALOGUE, eventRow, isAudited, webhookTypeOf } from '../../domain/event/catalogue.ts';
import type { Event } from '../../domain/event/event.ts';
import { audienceOf, routeEvent, type EventAudience, type Routing } from '../../domain/event/routing.ts';
import { timingOf, type DigestWindow } from '../../domain/notification/timing.ts';
import type { Clock } from '../../usecases/ports/clock.ts';
import type { EventLog } from '../../usecases/ports/event-log.ts';
import {
  RelayRowRefused,
  type EventRelayStore,
  type Listeners,
  type NewDelivery,
  type RelayStep,
} from '../../usecases/ports/event-relay-store.ts';
import type { IdSource } from '../../usecases/ports/id-source.ts';
import type { Logger } from '../../usecases/ports/logger.ts';

export interface RelayDeps {
  readonly log: EventLog;
  readonly store: EventRelayStore;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly logger: Logger;
}

export interface BatchOutcome {
  /** There may be more at once. */
  readonly more: boolean;
  /** See EventTail. */
  readonly heldBack: boolean;
}

/**
 * Turns the events after the cursor, at most `limit`, into notifications, deliveries and jobs.
 *
 * An event that cannot be routed or written is logged and set aside: the cursor goes past it and the rest goes on. A
 * fault of the database is thrown, and nothing has happened.
 */
export async function relayBatch(deps: RelayDeps, limit: number): Promise<BatchOutcome> {
  const { log, store } = deps;
  const from = await store.cursor();
  const { events, heldBack } = await log.tail(from, limit);
  const last = events.at(-1);
  if (last === undefined) return { more: false, heldBack };

  const audiences = events.map((event) => setAside(deps, event, () => audienceOf(event)));
  const listeners = await loadListeners(store, events, audiences);
  const routed = events.flatMap((event, place): Routed[] => {
    const audience = audiences[place];
    if (audience === undefined) return [];
    const routing = setAside(deps, event, () => routeTo(event, audience, listeners));
    return routing === undefined ? [] : [{ event, routing }];
  });
  const at = deps.clock.now();
  const step: RelayStep = {
    from,
    to: last.position,
    notifications: notificationsOf(deps, routed),
    ...(await deliveriesOf(deps, routed, at)),
    audited: events.filter(({ type }) => isAudited(type)).map(auditDraft),
    at,
  };
  try {
    // False: another relay was faster. The next look begins where that one stands.
    await store.advance(step);
  } catch (fault) {
    if (!(fault instanceof RelayRowRefused)) throw fault;
    if (events.length > 1) return relaySingly(deps, events.length);
    logSetAside(deps.logger, last, fault);
    await advanceWithout(store, step);
  }
  return { more: events.length === limit, heldBack };
}

/** Goes past an event whose rows are refused. Its entry in the audit log stays unless it is that which is refused. */
async function advanceWithout(store: EventRelayStore, step: RelayStep): Promise<void> {
  const untold = { ...step, notifications: [], deliveries: [], windows: [] };
  try {
    await store.advance(untold);
  } catch (fault) {
    if (!(fault instanceof RelayRowRefused)) throw fault;
    await store.advance({ ...untold, audited: [] });
  }
}

/** Finds the event whose rows the database refuses. */
async function relaySingly(deps: RelayDeps, count: number): Promise<BatchOutcome> {
  let outcome: BatchOutcome = { more: true, heldBack: false };
  for (let done = 0; done < count && outcome.more; done += 1) outcome = await relayBatch(deps, 1);
  return outcome;
}

/** Undefined, and a line in the log, when `work` throws. */
function setAside<T>({ logger }: RelayDeps, event: Event, work: () => T): T | undefined {
  try {
    return work();
  } catch (fault) {
    logSetAside(logger, event, fault);
    return undefined;
  }
}

const logSetAside = (logger: Logger, event: Event, err: unknown): void =>
  logger.error(
    { err, eventId: event.id, eventType: event.type },
    'an event could not be relayed and is set aside',
  );

interface Routed {
  readonly event: Event;
  readonly routing: Routing;
}

function loadListeners(
  store: EventRelayStore,
  events: readonly Event[],
  audiences: readonly (EventAudience | undefined)[],
): Promise<Listeners> {
  const userIds = audiences.flatMap((audience) => (audience?.kind === 'user' ? [audience.userId] : []));
  const merchantIds = audiences.flatMap((audience) =>
    audience?.kind === 'members' ? [audience.merchantId] : [],
  );
  const projectIds = events.flatMap(({ type, projectId }) =>
    projectId !== null && isKnown(type) && webhookTypeOf(type) !== null ? [projectId] : [],
  );
  return store.listeners({
    userIds: [...new Set(userIds)],
    merchantIds: [...new Set(merchantIds)],
    operators: audiences.some((audience) => audience?.kind === 'operators'),
    projectIds: [...new Set(projectIds)],
  });
}

/** An older process may read events of a type that a newer one writes. */
const isKnown = (type: string): boolean => Object.hasOwn(EVENT_CATALOGUE, type);

function routeTo(event: Event, audience: EventAudience, listeners: Listeners): Routing {
  const endpoints = event.projectId === null ? [] : listeners.endpoints(event.projectId);
  switch (audience.kind) {
    case 'nobody':
      return routeEvent(event, [], endpoints);
    case 'user': {
      const person = listeners.user(audience.userId);
      return routeEvent(event, person === undefined ? [] : [{ person, member: null }], endpoints);
    }
    case 'members':
      return routeEvent(event, listeners.members(audience.merchantId), endpoints);
    case 'operators':
      return routeEvent(event, listeners.operators(), endpoints);
  }
}

const notificationsOf = ({ ids }: RelayDeps, routed: readonly Routed[]): RelayStep['notifications'] =>
  routed.flatMap(({ event, routing }) => {
    const { category, severity } = eventRow(event.type);
    return routing.notified.map((userId) => ({
      id: ids.next(),
      eventId: event.id,
      userId,
      category,
      severity,
    }));
  });

/** What is sent when, in the order of the events: a message may open the window in which the next one waits. */
async function deliveriesOf(
  { ids, store }: RelayDeps,
  routed: readonly Routed[],
  at: Date,
): Promise<Pick<RelayStep, 'deliveries' | 'windows'>> {
  const collected = routed.filter(({ event }) => eventRow(event.type).digest !== undefined);
  const places = collected.flatMap(({ routing }) =>
    routing.deliveries.filter((each) => each.settings !== null),
  );
  const open = new Map<string, DigestWindow>();
  if (places.length > 0)
    for (const window of await store.openWindows(places, at)) open.set(windowKey(window), window);
  const opened: DigestWindow[] = [];
  const deliveries = routed.flatMap(({ event, routing }) =>
    routing.deliveries.map(({ settings, ...draft }): NewDelivery => {
      const timing = timingOf(
        eventRow(event.type),
        event,
        draft,
        settings,
        at,
        (key) => open.get(windowKey({ ...draft, key }))?.endsAt,
      );
      if (timing.opens) {
        open.set(windowKey(timing.opens), timing.opens);
        opened.push(timing.opens);
      }
      return {
        ...draft,
        id: ids.next(),
        eventId: event.id,
        sendAt: timing.sendAt,
        digestKey: timing.digestKey,
      };
    }),
  );
  return { deliveries, windows: opened };
}

const windowKey = ({ channel, target, key }: Omit<DigestWindow, 'endsAt'>): string =>
  `${channel} ${target} ${key}`;
