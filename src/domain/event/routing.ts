import type { Membership } from '../access/actor.ts';
import { memberMay, OPERATOR_ROLE_RIGHTS, type OperatorRole, type Right } from '../access/rights.ts';
import type { NotificationSettings } from '../notification/notification-settings.ts';
import { isWanted, type Preference } from '../notification/preferences.ts';
import { isTold, type ListeningEndpoint } from '../webhook/webhook-endpoint.ts';
import { eventRow, type EventType } from './catalogue.ts';
import {
  PERSONAL_CHANNELS,
  type Channel,
  type EventCategory,
  type EventRow,
  type PersonalChannel,
} from './event-row.ts';
import type { Event } from './event.ts';

/** A Telegram chat that a person connected. */
export interface Chat {
  readonly bot: 'INFO' | 'MERCHANT';
  /** The merchant whose messages it gets; null for the info bot. */
  readonly merchantId: string | null;
  readonly chatId: string;
  /** Until then it is told nothing but what is critical or about the safety of the account. */
  readonly mutedUntil: Date | null;
}

export interface Person {
  readonly userId: string;
  readonly email: string;
  readonly emailConfirmed: boolean;
  /** The mail server refused the address for good: only security mail is still tried. */
  readonly emailBounced: boolean;
  readonly chats: readonly Chat[];
  readonly preferences: readonly Preference[];
  readonly settings: NotificationSettings;
}

/** What a member may do in the merchant of an event. */
export interface MemberAccess extends Omit<Membership, 'merchantId'> {
  /** When the merchant was closed: the members hear of what happened until then. */
  readonly closedAt: Date | null;
}

/** What a person is who may be told: a member of the merchant of the event, or an operator. */
export interface Standing {
  readonly member: MemberAccess | null;
  readonly operator?: OperatorRole | null;
}

/** A person and, where the audience are members or operators, what makes the person one of them. */
export interface Candidate extends Standing {
  readonly person: Person;
}

/** Whom to load before an event can be routed. */
export type EventAudience =
  | { readonly kind: 'nobody' }
  | { readonly kind: 'user'; readonly userId: string }
  | { readonly kind: 'members'; readonly merchantId: string }
  | { readonly kind: 'operators' };

export interface DeliveryDraft {
  readonly channel: Channel;
  /** An e-mail address, a phone number, a chat id, or the id of a webhook endpoint. */
  readonly target: string;
  /** Whose message it is; null for somebody without an account, and for endpoints. */
  readonly userId: string | null;
  /** How that person wants to be told; null where it goes at once: a link or code on its way, a webhook. */
  readonly settings: NotificationSettings | null;
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
  ACCOUNT: 'merchant:read',
  PROJECT: 'project:read',
  PAYOUTS: 'payout:read',
  BILLING: 'merchant:read',
  ERRORS: 'project:read',
} as const satisfies Record<EventCategory, Right>;

/** What somebody must be allowed to see in order to be told of an event of this type. */
export const rightToHear = (type: EventType): Right => rightFor(eventRow(type));

const rightFor = ({ right, category }: EventRow): Right => right ?? RIGHT_TO_HEAR[category];

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
    case 'OPERATORS':
      return { kind: 'operators' };
  }
}

/**
 * Who of its audience is told of an event, and where. TEST events too: they are what a developer tests.
 *
 * @param endpoints those that are enabled in the project of the event
 */
export function routeEvent(
  event: Event,
  candidates: readonly Candidate[],
  endpoints: readonly ListeningEndpoint[],
): Routing {
  const row = rowOf(event);
  const people = candidates.filter((candidate) => mayHear(row, event, candidate)).map(({ person }) => person);
  const deliveries = new Map<string, DeliveryDraft>();
  const add = (delivery: DeliveryDraft): void => {
    const key = `${delivery.channel} ${delivery.target}`;
    // Two members may have connected the same group chat.
    if (!deliveries.has(key)) deliveries.set(key, delivery);
  };
  for (const person of people) {
    const { userId, settings } = person;
    for (const channel of PERSONAL_CHANNELS) {
      if (!isSent(row, event, channel, person)) continue;
      for (const target of targetsOf(row, event, channel, person)) add({ channel, target, userId, settings });
    }
  }
  const named = { userId: ownerOf(event), settings: null };
  for (const target of namedIn(event, row.mailTo)) add({ channel: 'EMAIL', target, ...named });
  for (const target of namedIn(event, row.smsTo)) add({ channel: 'SMS', target, ...named });
  for (const endpoint of endpoints) {
    if (isTold(endpoint, event))
      add({ channel: 'WEBHOOK', target: endpoint.id, userId: null, settings: null });
  }
  return {
    notified: row.inCentre ? people.map(({ userId }) => userId) : [],
    deliveries: [...deliveries.values()],
  };
}

const isSent = (
  row: EventRow,
  { projectId }: Event,
  channel: PersonalChannel,
  { preferences }: Person,
): boolean =>
  row.audience === 'OPERATORS'
    ? row.channels.includes(channel)
    : isWanted(row, channel, projectId, preferences);

/** The targets that stand in these fields of the event; one that does not apply is null there. */
const namedIn = ({ data }: Event, fields: readonly string[] = []): string[] =>
  fields
    .map((field) => data[field])
    .filter((target): target is string => typeof target === 'string' && target !== '');

/** Whose addresses an event names: those of the person whom it is about. */
const ownerOf = ({ subject }: Event): string | null => (subject.type === 'USER' ? subject.id : null);

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

/** Whether somebody to whom an event was routed may still be told: a message may wait for hours (FEATURES B2, B3). */
export const mayStillHear = (event: Event, standing: Standing): boolean =>
  mayHear(rowOf(event), event, standing);

/** Who looks after the networks hears of what is wrong with the money there. */
const operatorHears = (role: OperatorRole | null | undefined): boolean =>
  role !== null && role !== undefined && OPERATOR_ROLE_RIGHTS[role].includes('network:read');

function mayHear(row: EventRow, { projectId, occurredAt }: Event, { member, operator }: Standing): boolean {
  if (row.audience === 'OPERATORS') return operatorHears(operator);
  if (row.audience !== 'MERCHANT_MEMBERS') return true;
  if (member === null || (member.closedAt !== null && occurredAt > member.closedAt)) return false;
  return memberMay(member, rightFor(row), projectId ?? undefined);
}

function targetsOf(row: EventRow, event: Event, channel: PersonalChannel, person: Person): readonly string[] {
  const chats = (bot: Chat['bot'], merchantId: string | null): string[] =>
    person.chats
      .filter((chat) => chat.bot === bot && (bot === 'INFO' || chat.merchantId === merchantId))
      .filter((chat) => isUrgent(row) || chat.mutedUntil === null || chat.mutedUntil <= event.occurredAt)
      .map(({ chatId }) => chatId);
  switch (channel) {
    case 'EMAIL': {
      const mayWrite = person.emailConfirmed || event.type === CONFIRMS_ADDRESS;
      return mayWrite && (row.category === 'SECURITY' || !person.emailBounced) ? [person.email] : [];
    }
    case 'SMS':
      // Goes only where an event names a number: it costs money, and is read by whoever holds the phone.
      return [];
    case 'INFO_BOT':
      return chats('INFO', null);
    case 'MERCHANT_BOT':
      return event.merchantId === null ? [] : chats('MERCHANT', event.merchantId);
  }
}

/** What a muted chat is told all the same. */
const isUrgent = ({ severity, category }: EventRow): boolean =>
  severity === 'CRITICAL' || category === 'SECURITY';
