import { eventRow, webhookTypeOf } from '../../domain/event/catalogue.ts';
import type { Event } from '../../domain/event/event.ts';
import { builder } from '../core/builder.ts';
import { encodeGlobalID } from '../core/relay-options.ts';
import { ModeEnum } from '../money/money.types.ts';
import { EventCategoryEnum, EventSeverityEnum, EventTypeEnum } from './event.enums.ts';

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
  WEBHOOK_ENDPOINT: 'WebhookEndpoint',
  PAYOUT: 'Payout',
  BANK_ACCOUNT: 'BankAccount',
  AUTO_WITHDRAWAL: 'AutoWithdrawal',
  REFUND: 'Refund',
  REBOUND: 'Rebound',
  CUSTODY: 'CustodyCheck',
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
    category: t.field({
      type: EventCategoryEnum,
      description: 'What it is about.',
      resolve: ({ type }) => eventRow(type).category,
    }),
    severity: t.field({
      type: EventSeverityEnum,
      description: 'How much it matters.',
      resolve: ({ type }) => eventRow(type).severity,
    }),
    version: t.exposeInt('version', { description: 'Version of the form of `data`.' }),
    mode: t.expose('mode', {
      type: ModeEnum,
      nullable: true,
      description: 'TEST or LIVE; null where there is none.',
    }),
    projectId: t.id({
      nullable: true,
      description:
        'Global id of the project that it belongs to; null where it is of the merchant as a whole.',
      resolve: ({ projectId }) => projectId && encodeGlobalID('Project', projectId),
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
