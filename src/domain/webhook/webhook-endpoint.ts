import { EVENT_TYPES, webhookTypeOf, type EventType } from '../event/catalogue.ts';
import type { Event } from '../event/event.ts';
import { isTaken } from './webhook-filter.ts';

/** What decides whether an endpoint is told of an event (FEATURES W1). Only enabled endpoints are asked. */
export interface ListeningEndpoint {
  readonly id: string;
  readonly projectId: string;
  readonly mode: 'TEST' | 'LIVE';
  /** Names of events as webhooks write them, and families such as `payment.*`; empty for all. */
  readonly types: readonly string[];
  /** When its merchant was closed: it is told of what happened until then, since nobody is left who could stop it. */
  readonly closedAt: Date | null;
}

/** Whether the endpoint is told of the event. One that is about an endpoint is told to that one alone, whatever it chose. */
export function isTold(endpoint: ListeningEndpoint, event: Event): boolean {
  const { type, subject, projectId, mode, occurredAt } = event;
  const name = webhookTypeOf(type);
  if (name === null || endpoint.projectId !== projectId || endpoint.mode !== mode) return false;
  if (endpoint.closedAt !== null && occurredAt > endpoint.closedAt) return false;
  if (subject.type === 'WEBHOOK_ENDPOINT') return subject.id === endpoint.id;
  return isTaken(endpoint.types, name);
}

/** The events that these filters take, by their own types. */
export const eventTypesTaken = (filters: readonly string[]): readonly EventType[] =>
  EVENT_TYPES.filter((type) => {
    const name = webhookTypeOf(type);
    return name !== null && isTaken(filters, name);
  });
