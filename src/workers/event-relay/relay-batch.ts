import { auditDraft } from '../../domain/event/audit.ts';
import { eventRow, isAudited } from '../../domain/event/catalogue.ts';
import type { Event } from '../../domain/event/event.ts';
import { audienceOf, routeEvent, type EventAudience, type Routing } from '../../domain/event/routing.ts';
import type { Clock } from '../../usecases/ports/clock.ts';
import type { EventLog } from '../../usecases/ports/event-log.ts';
import {
  RelayRowRefused,
  type EventRelayStore,
  type People,
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
  const people = await loadPeople(store, audiences);
  const routings = events.map((event, place) => {
    const audience = audiences[place];
    return audience === undefined ? undefined : setAside(deps, event, () => routeTo(event, audience, people));
  });
  const step: RelayStep = {
    from,
    to: last.position,
    ...rowsOf(deps, events, routings),
    audited: events.filter(({ type }) => isAudited(type)).map(auditDraft),
    at: deps.clock.now(),
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
  const untold = { ...step, notifications: [], deliveries: [] };
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

function loadPeople(
  store: EventRelayStore,
  audiences: readonly (EventAudience | undefined)[],
): Promise<People> {
  const userIds = audiences.flatMap((audience) => (audience?.kind === 'user' ? [audience.userId] : []));
  const merchantIds = audiences.flatMap((audience) =>
    audience?.kind === 'members' ? [audience.merchantId] : [],
  );
  return store.people([...new Set(userIds)], [...new Set(merchantIds)]);
}

function routeTo(event: Event, audience: EventAudience, people: People): Routing {
  switch (audience.kind) {
    case 'nobody':
      return routeEvent(event, []);
    case 'user': {
      const person = people.user(audience.userId);
      return routeEvent(event, person === undefined ? [] : [{ person, member: null }]);
    }
    case 'members':
      return routeEvent(event, people.members(audience.merchantId));
  }
}

function rowsOf(
  { ids }: RelayDeps,
  events: readonly Event[],
  routings: readonly (Routing | undefined)[],
): Pick<RelayStep, 'notifications' | 'deliveries'> {
  const routed = events.flatMap((event, place) => {
    const routing = routings[place];
    return routing === undefined ? [] : [{ event, routing }];
  });
  return {
    notifications: routed.flatMap(({ event, routing }) => {
      const { category, severity } = eventRow(event.type);
      return routing.notified.map((userId) => ({
        id: ids.next(),
        eventId: event.id,
        userId,
        category,
        severity,
      }));
    }),
    deliveries: routed.flatMap(({ event, routing }) =>
      routing.deliveries.map((delivery) => ({ ...delivery, id: ids.next(), eventId: event.id })),
    ),
  };
}
