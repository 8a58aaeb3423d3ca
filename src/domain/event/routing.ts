import type { Role } from '../access/actor.ts';
import { ROLE_RIGHTS, type Right } from '../access/rights.ts';
import { eventRow, type Channel, type EventCategory, type EventRow, type EventType } from './catalogue.ts';
import type { Event } from './event.ts';

/** A Telegram chat that a person connected. */
export interface Chat {
  readonly bot: 'INFO' | 'MERCHANT';
  /** The merchant whose messages it gets; null for the info bot. */
  readonly merchantId: string | null;
  readonly chatId: string;
}

export interface Person {
  readonly userId: string;
  readonly email: string;
  readonly emailConfirmed: boolean;
  readonly chats: readonly Chat[];
}

/** A person and, where the audience are the members of a merchant, the role there. */
export interface Candidate {
  readonly person: Person;
  readonly role: Role | null;
}

/** Whom to load before an event can be routed. */
export type EventAudience =
  | { readonly kind: 'nobody' }
  | { readonly kind: 'user'; readonly userId: string }
  | { readonly kind: 'members'; readonly merchantId: string };

export interface DeliveryDraft {
  readonly channel: Channel;
  /** An e-mail address or a chat id. */
  readonly target: string;
  readonly userId: string;
}

export interface Routing {
  /** The people in whose notification centre it stands. */
  readonly notified: readonly string[];
  /** At most one per channel and target. */
  readonly deliveries: readonly DeliveryDraft[];
}

/** What a member must be allowed to see in order to be told of it. */
const RIGHT_TO_HEAR = {
  PAYMENTS: 'invoice:read',
  SECURITY: 'api_key:read',
  PROJECT: 'project:read',
} as const satisfies Record<EventCategory, Right>;

/** What somebody must be allowed to see in order to be told of an event of this type. */
export const rightToHear = (type: EventType): Right => RIGHT_TO_HEAR[eventRow(type).category];

/** Carries the link that confirms the address, so it goes there before that. All else waits for the confirmation. */
const CONFIRMS_ADDRESS: EventType = 'user.signed_up';

/** Throws when the event lacks what its catalogue row needs. */
export function audienceOf(event: Event): EventAudience {
  switch (rowOf(event).audience) {
    case 'NONE':
      return { kind: 'nobody' };
    case 'SUBJECT_USER':
      return { kind: 'user', userId: concernedUser(event) };
    case 'MERCHANT_MEMBERS':
      if (event.merchantId === null) throw new Error(`Event ${event.id} (${event.type}) has no merchant`);
      return { kind: 'members', merchantId: event.merchantId };
  }
}

/** Who of its audience is told of an event, and where. TEST events too: they are what a developer tests. */
export function routeEvent(event: Event, candidates: readonly Candidate[]): Routing {
  const row = rowOf(event);
  const people = candidates.filter((candidate) => mayHear(row, candidate)).map(({ person }) => person);
  const deliveries = new Map<string, DeliveryDraft>();
  for (const person of people) {
    for (const channel of row.channels) {
      for (const target of targetsOf(event, channel, person)) {
        const key = `${channel} ${target}`;
        // Two members may have connected the same group chat.
        if (!deliveries.has(key)) deliveries.set(key, { channel, target, userId: person.userId });
      }
    }
  }
  return {
    notified: row.inCentre ? people.map(({ userId }) => userId) : [],
    deliveries: [...deliveries.values()],
  };
}

/** An older process may read events of a type that a newer one writes. */
function rowOf(event: Event): EventRow {
  const row: EventRow | undefined = eventRow(event.type);
  if (row === undefined) throw new Error(`Event ${event.id} is of the unknown type ${event.type}`);
  return row;
}

function concernedUser({ id, type, subject, actor }: Event): string {
  if (subject.type === 'USER') return subject.id;
  if (actor.type === 'USER' && actor.id !== null) return actor.id;
  throw new Error(`Event ${id} (${type}) concerns no person`);
}

function mayHear(row: EventRow, { role }: Candidate): boolean {
  if (row.audience !== 'MERCHANT_MEMBERS') return true;
  const rights: readonly Right[] = role === null ? [] : ROLE_RIGHTS[role];
  return rights.includes(RIGHT_TO_HEAR[row.category]);
}

function targetsOf(event: Event, channel: Channel, person: Person): readonly string[] {
  switch (channel) {
    case 'EMAIL':
      return person.emailConfirmed || event.type === CONFIRMS_ADDRESS ? [person.email] : [];
    case 'INFO_BOT':
      return person.chats.filter(({ bot }) => bot === 'INFO').map(({ chatId }) => chatId);
    case 'MERCHANT_BOT':
      return person.chats
        .filter(
          ({ bot, merchantId }) =>
            bot === 'MERCHANT' && merchantId !== null && merchantId === event.merchantId,
        )
        .map(({ chatId }) => chatId);
  }
}
