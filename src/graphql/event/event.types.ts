import { EVENT_CATALOGUE, EVENT_TYPES, type EventType } from '../../domain/event/catalogue.ts';
import type { Event } from '../../domain/event/event.ts';
import { webhookTypeOf } from '../../domain/event/webhook-type.ts';
import { builder } from '../core/builder.ts';
import { encodeGlobalID } from '../core/relay-options.ts';
import { ModeEnum } from '../money/money.types.ts';

/** `invoice.paid` is INVOICE_PAID in GraphQL, where names have no dots. */
const enumName = (type: string): string => type.toUpperCase().replace('.', '_');

export const EventTypeEnum = builder.enumType('EventType', {
  description: 'What happened.',
  values: Object.fromEntries(
    EVENT_TYPES.map((type) => [
      enumName(type),
      { value: type, description: EVENT_CATALOGUE[type].description },
    ]),
  ) as Record<string, { value: EventType; description: string }>,
});

/** The GraphQL type of a subject, for its global id. */
export const NODE_OF_SUBJECT = {
  USER: 'User',
  MERCHANT: 'Merchant',
  MEMBER: 'Member',
  INVITATION: 'Invitation',
  WITHDRAWAL_ADDRESS: 'WithdrawalAddress',
  PROJECT: 'Project',
  API_KEY: 'ApiKey',
  INVOICE: 'Invoice',
  STATIC_WALLET: 'StaticWallet',
  PAYMENT_LINK: 'PaymentLink',
  FEE_SCHEDULE: 'FeeSchedule',
  TRANSFER: 'UnmatchedTransfer',
  TELEGRAM_LINK: 'TelegramLink',
} as const satisfies Record<Event['subject']['type'], string>;

export const EventObject = builder.objectRef<Event>('Event').implement({
  description: 'Something that happened. The same id and cursor are told over every channel.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Id of the event: the same over every channel.' }),
    cursor: t.field({
      type: 'EventCursor',
      description: 'Give it as `after` to go on behind this event.',
      resolve: ({ position }) => position,
    }),
    type: t.field({ type: EventTypeEnum, description: 'What happened.', resolve: ({ type }) => type }),
    name: t.string({
      description: 'The type as webhooks write it, such as "invoice.paid".',
      resolve: ({ type }) => type,
    }),
    webhookType: t.string({
      nullable: true,
      description:
        'The name by which webhooks tell of a payment, such as "payment.captured"; null for what they do not tell.',
      resolve: ({ type }) => webhookTypeOf(type),
    }),
    version: t.exposeInt('version', { description: 'Version of the form of `data`.' }),
    mode: t.expose('mode', {
      type: ModeEnum,
      nullable: true,
      description: 'TEST or LIVE; null where there is none.',
    }),
    subjectId: t.id({
      description: 'Global id of what it happened to.',
      resolve: ({ subject }) => encodeGlobalID(NODE_OF_SUBJECT[subject.type], subject.id),
    }),
    data: t.field({
      type: 'JSON',
      description: 'What there is to know about it.',
      resolve: ({ data }) => data,
    }),
    occurredAt: t.expose('occurredAt', { type: 'DateTime', description: 'When it happened.' }),
  }),
});
