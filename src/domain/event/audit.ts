import { originOf } from './event-origin.ts';
import type { Event, EventActor, EventData, EventPosition } from './event.ts';

/** What one entry of the audit log says (FEATURES B8), besides its number and hash. */
export interface AuditContent {
  /** Id of the event: the same over every channel. */
  readonly eventId: string;
  readonly type: string;
  /** In whose own log it stands. */
  readonly userId: string | null;
  readonly merchantId: string | null;
  readonly projectId: string | null;
  readonly actor: EventActor;
  readonly subjectType: string;
  readonly subjectId: string;
  readonly data: EventData;
  readonly ip: string | null;
  /** The user agent in words. */
  readonly device: string | null;
  readonly occurredAt: Date;
}

export interface AuditDraft extends AuditContent {
  readonly position: EventPosition;
}

/** The entry of an audited event. */
export const auditDraft = (event: Event): AuditDraft => ({
  eventId: event.id,
  type: event.type,
  userId: personOf(event),
  merchantId: event.merchantId,
  projectId: event.projectId,
  actor: event.actor,
  subjectType: event.subject.type,
  subjectId: event.subject.id,
  data: event.data,
  ...originOf(event),
  occurredAt: event.occurredAt,
  position: event.position,
});

/**
 * The person whose account it is about, whoever did it; in a merchant's matters the one who acted, because where that
 * person sits is not for another's log.
 */
function personOf({ subject, actor }: Event): string | null {
  if (subject.type === 'USER') return subject.id;
  return actor.type === 'USER' || actor.type === 'OPERATOR' ? actor.id : null;
}

/**
 * The text that an entry's hash is made of: JSON with the keys in order and no blanks, so that everybody who has the
 * rows can make it again (docs/operations.md).
 */
export function auditText(number: bigint, content: AuditContent): string {
  const { eventId, type, userId, merchantId, projectId, actor } = content;
  const { subjectType, subjectId, data, ip, device, occurredAt } = content;
  return canonicalJson({
    number: String(number),
    eventId,
    type,
    userId,
    merchantId,
    projectId,
    actor,
    subjectType,
    subjectId,
    data,
    ip,
    device,
    occurredAt: occurredAt.toISOString(),
  });
}

/** JSON that does not depend on the order in which the keys were written: jsonb keeps none. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, field]) => `${JSON.stringify(key)}:${canonicalJson(field)}`);
  return `{${fields.join(',')}}`;
}
