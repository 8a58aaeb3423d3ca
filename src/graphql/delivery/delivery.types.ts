import type { Actor } from '../../domain/access/actor.ts';
import { mayOperate } from '../../domain/access/rights.ts';
import { EVENT_TYPES } from '../../domain/event/catalogue.ts';
import type { PersonalChannel } from '../../domain/event/event-row.ts';
import { hearingOf, mayHear, type HeardPlace } from '../../domain/notification/hearing.ts';
import { maskedTarget } from '../../domain/notification/masked-target.ts';
import { builder } from '../core/builder.ts';
import { encodeGlobalID } from '../core/relay-options.ts';
import { EventTypeEnum } from '../event/event.enums.ts';
import { ModeEnum } from '../money/money.types.ts';
import { PersonalChannelEnum } from '../notification/notification.enums.ts';
import { readable } from '../notification/readable.ts';

export const DeliveryStatusEnum = builder.enumType('DeliveryStatus', {
  description: 'What became of a message.',
  values: {
    PENDING: { description: 'It waits for its attempt, or for the next one.' },
    SENT: { description: 'The other side took it.' },
    FAILED: { description: 'It was refused for good, or given up after the last attempt.' },
    UNKNOWN: { description: 'The connection died after it was sent: it may have arrived.' },
  } as const,
});

/** What concerns a merchant only while the person may hear of it; all else is the person's for good. */
function ownDeliveries(actor: Actor) {
  const hearing = hearingOf(actor);
  const { OR: heard } = readable(actor);
  return hearing ? { userId: hearing.userId, OR: [{ merchantId: null }, ...heard] } : { OR: [] };
}

const isOwn = (actor: Actor, delivery: HeardPlace): boolean => {
  const hearing = hearingOf(actor);
  const isOfPerson = delivery.merchantId === null && hearing?.userId === delivery.userId;
  return isOfPerson || mayHear(hearing, delivery);
};

/** Servers change the case of what they repeat. */
const anyCase = (text: string): RegExp => new RegExp(text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'), 'gi');

export const Delivery = builder.prismaNode('Delivery', {
  description: 'A message to a person over one channel. One over a webhook is a WebhookDelivery.',
  id: { field: 'id', description: 'Global id.' },
  nullable: true,
  findUnique: (id, { actor }) => ({
    id,
    channel: { not: 'WEBHOOK' },
    ...(mayOperate(actor, 'delivery:read') ? {} : ownDeliveries(actor)),
  }),
  authScopes: (delivery, { actor }) => isOwn(actor, delivery) || mayOperate(actor, 'delivery:read'),
  runScopesOnType: true,
  fields: (t) => ({
    eventId: t.exposeID('eventId', { description: 'Id of the event: the same over every channel.' }),
    type: t.field({
      type: EventTypeEnum,
      nullable: true,
      description: 'What it tells; null where that is not known any more.',
      resolve: ({ eventType }) => EVENT_TYPES.find((type) => type === eventType) ?? null,
    }),
    channel: t.field({
      type: PersonalChannelEnum,
      description: 'Over which channel.',
      resolve: ({ channel }) => channel as PersonalChannel,
    }),
    target: t.string({
      description: 'E-mail address, phone number or chat; masked for operators.',
      resolve: (delivery, _args, { actor }) =>
        isOwn(actor, delivery) ? delivery.target : maskedTarget(delivery.channel, delivery.target),
    }),
    status: t.expose('status', { type: DeliveryStatusEnum, description: 'What became of it.' }),
    mode: t.expose('mode', {
      type: ModeEnum,
      nullable: true,
      description: 'TEST or LIVE; null where there is none.',
    }),
    projectId: t.id({
      nullable: true,
      description: 'Global id of the project that it is about.',
      resolve: ({ projectId }) => projectId && encodeGlobalID('Project', projectId),
    }),
    digestOf: t.id({
      nullable: true,
      description:
        'Global id of the delivery whose message this one became part of, with several others: it shares its end. ' +
        'Null for a message of its own.',
      resolve: ({ digestId }) => digestId && encodeGlobalID('Delivery', digestId),
    }),
    attempts: t.exposeInt('attempts', {
      description: 'Attempts that were made, since it was last sent again by hand.',
    }),
    nextAttemptAt: t.expose('nextAttemptAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the next attempt is made; null when none is.',
    }),
    lastError: t.string({
      nullable: true,
      description: 'Why the last attempt failed.',
      resolve: (delivery, _args, { actor }) => {
        const { lastError, channel, target } = delivery;
        // Mail servers like to repeat the address.
        if (lastError === null || isOwn(actor, delivery)) return lastError;
        return lastError.replaceAll(anyCase(target), () => maskedTarget(channel, target));
      },
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was decided to send it.' }),
    sentAt: t.expose('sentAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the other side took it.',
    }),
  }),
});
