import type { Actor } from '../../domain/access/actor.ts';
import { mayOperate } from '../../domain/access/rights.ts';
import type { EventType } from '../../domain/event/catalogue.ts';
import { originIsTold } from '../../domain/event/event-origin.ts';
import type { EventActor, EventData, SubjectType } from '../../domain/event/event.ts';
import { builder } from '../core/builder.ts';
import type { GraphQLContext } from '../core/context.ts';
import { encodeGlobalID } from '../core/relay-options.ts';
import { EventTypeEnum } from '../event/event.enums.ts';
import { NODE_OF_SUBJECT } from '../event/event.types.ts';
import { auditPage, readAudit, type AuditFilter, type AuditRow } from './audit-page.ts';

const AuditActorTypeEnum = builder.enumType('AuditActorType', {
  description: 'What kind of actor did something.',
  values: {
    USER: { description: 'A person.' },
    OPERATOR: { description: 'Somebody who runs the gateway.' },
    API_KEY: { description: 'An API key.' },
    SYSTEM: { description: 'The gateway itself.' },
    ANONYMOUS: { description: 'Somebody who was not signed in.' },
  } as const,
});

/** An entry as one caller sees it. */
export interface AuditEntryView extends Omit<AuditRow, 'actor'> {
  readonly actor: EventActor;
  readonly actorEmail: string | null;
}

export const AuditEntry = builder.objectRef<AuditEntryView>('AuditEntry').implement({
  description: 'A security-relevant action. Entries are never changed or deleted.',
  fields: (t) => ({
    eventId: t.exposeID('eventId', { description: 'Id of the event: the same over every channel.' }),
    type: t.field({
      type: EventTypeEnum,
      description: 'What happened.',
      resolve: ({ type }) => type as EventType,
    }),
    actorType: t.field({
      type: AuditActorTypeEnum,
      description: 'What kind of actor did it.',
      resolve: ({ actor }) => actor.type,
    }),
    actorId: t.id({
      nullable: true,
      description:
        'Global id of the person or API key that did it; null where there is none, and for operators.',
      resolve: ({ actor }) => globalIdOf(actor),
    }),
    actorEmail: t.exposeString('actorEmail', {
      nullable: true,
      description: 'E-mail address of the person who did it, as it is now.',
    }),
    ip: t.exposeString('ip', {
      nullable: true,
      description: 'Address that it was done from; not told of operators.',
    }),
    device: t.exposeString('device', {
      nullable: true,
      description: 'What it was done with, such as "Firefox on Linux"; not told of operators.',
    }),
    subjectId: t.id({
      description: 'Global id of what it happened to.',
      resolve: ({ subjectType, subjectId }) =>
        encodeGlobalID(NODE_OF_SUBJECT[subjectType as SubjectType], subjectId),
    }),
    data: t.field({
      type: 'JSON',
      description: 'What there is to know about it.',
      resolve: ({ data }) => data as EventData,
    }),
    occurredAt: t.expose('occurredAt', { type: 'DateTime', description: 'When it happened.' }),
  }),
});

function globalIdOf({ type, id }: EventActor): string | null {
  if (id === null) return null;
  if (type === 'API_KEY') return encodeGlobalID('ApiKey', id);
  return type === 'USER' || type === 'OPERATOR' ? encodeGlobalID('User', id) : null;
}

/** A page of the log as the caller may see it: two statements, however many entries. */
export const auditConnection = (
  { prisma, actor }: Pick<GraphQLContext, 'prisma' | 'actor'>,
  filter: AuditFilter,
  args: Parameters<typeof auditPage>[1],
) =>
  auditPage(filter, args, async (part) => {
    const rows = await readAudit(prisma, filter, part);
    return await asSeenBy(prisma, actor, rows);
  });

async function asSeenBy(
  prisma: GraphQLContext['prisma'],
  caller: Actor,
  rows: readonly AuditRow[],
): Promise<AuditEntryView[]> {
  const entries = rows.map((row) => ({ ...row, actor: row.actor as unknown as EventActor }));
  const ids = entries.flatMap(({ actor }) =>
    actor.id !== null && (actor.type === 'USER' || actor.type === 'OPERATOR') ? [actor.id] : [],
  );
  const people = await prisma.user.findMany({
    where: { id: { in: [...new Set(ids)] } },
    select: { id: true, email: true },
  });
  const emails = new Map(people.map(({ id, email }) => [id, email]));
  return entries.map((entry) =>
    isTold(caller, entry.actor)
      ? { ...entry, actorEmail: emails.get(entry.actor.id ?? '') ?? null }
      : { ...entry, actor: { type: entry.actor.type, id: null }, actorEmail: null, ip: null, device: null },
  );
}

/** Who an operator is and where the operator sits is for operators, and for that person. */
const isTold = (caller: Actor, actor: EventActor): boolean =>
  originIsTold(actor) ||
  mayOperate(caller, 'audit:read_all') ||
  (caller.type === 'OPERATOR' && caller.userId === actor.id);
