import type { Actor } from '../../domain/access/actor.ts';
import { may } from '../../domain/access/rights.ts';
import { webhookTypeOf, type EventType } from '../../domain/event/catalogue.ts';
import { tellsPayouts } from '../../domain/webhook/webhook-filter.ts';
import type { Delivery } from '../../generated/prisma/client.ts';
import { builder } from '../core/builder.ts';
import { encodeGlobalID } from '../core/relay-options.ts';
import { visibleRows } from '../project/visible-rows.ts';

/** So many attempts are shown: those of one schedule, and of several repeats by hand. */
const SHOWN_ATTEMPTS = 50;

export const WebhookDeliveryStatusEnum = builder.enumType('WebhookDeliveryStatus', {
  description: 'What became of a message to an endpoint.',
  values: {
    PENDING: { description: 'It waits for its attempt, or for the next one.' },
    SENT: { description: 'The endpoint took it: it answered with a status from 200 to 299.' },
    FAILED: { description: 'It was given up: after the last attempt, or because the endpoint is disabled.' },
  } as const,
});

type Status = typeof WebhookDeliveryStatusEnum.$inferType;

/**
 * Whether the caller may see what a message says: of payouts only who sees payouts. An answer may repeat what it was sent.
 */
function maySeeBody(
  actor: Actor,
  {
    eventType,
    merchantId,
    projectId,
    mode,
  }: Pick<Delivery, 'eventType' | 'merchantId' | 'projectId' | 'mode'>,
): boolean {
  const name = webhookTypeOf(eventType as EventType);
  if (name === null || !tellsPayouts([name])) return true;
  return (
    merchantId !== null &&
    projectId !== null &&
    mode !== null &&
    may(actor, 'payout:read', { merchantId, projectId, mode })
  );
}

const WebhookAttempt = builder.prismaObject('DeliveryAttempt', {
  variant: 'WebhookAttempt',
  description: 'One request to an endpoint and what it answered. Kept for 30 days.',
  fields: (t) => ({
    at: t.expose('at', { type: 'DateTime', description: 'When it was signed and sent.' }),
    durationMs: t.exposeInt('durationMs', {
      description: 'Milliseconds until the answer, or until it failed.',
    }),
    outcome: t.field({
      type: WebhookDeliveryStatusEnum,
      description: 'What it made of the message; PENDING when another attempt follows.',
      resolve: ({ outcome }) => outcome as Status,
    }),
    error: t.exposeString('error', { nullable: true, description: 'Why it failed; null when it did not.' }),
    requestHeaders: t.expose('requestHeaders', {
      type: 'JSON',
      description: 'The headers that were sent, signatures included.',
    }),
    responseStatus: t.exposeInt('responseStatus', {
      nullable: true,
      description: 'The status of the answer; null without an answer.',
    }),
    responseHeaders: t.expose('responseHeaders', {
      type: 'JSON',
      nullable: true,
      description: 'Headers of the answer, without cookies and the like.',
    }),
    responseBody: t.string({
      nullable: true,
      description:
        'The beginning of the answer, at most 4 KiB; null for a message about a payout where you lack payout:read.',
      select: {
        responseBody: true,
        delivery: { select: { eventType: true, merchantId: true, projectId: true, mode: true } },
      },
      resolve: ({ responseBody, delivery }, _args, { actor }) =>
        maySeeBody(actor, delivery) ? responseBody : null,
    }),
  }),
});

export const WebhookDelivery = builder.prismaNode('Delivery', {
  variant: 'WebhookDelivery',
  description: 'One event on its way to one endpoint. Kept for 90 days.',
  id: { field: 'id', description: 'Global id.' },
  nullable: true,
  findUnique: (id, { actor }) => ({ id, channel: 'WEBHOOK', ...visibleRows(actor, 'webhook:read') }),
  authScopes: ({ channel, merchantId, projectId, mode }) =>
    channel === 'WEBHOOK' && merchantId !== null && projectId !== null && mode !== null
      ? { right: { right: 'webhook:read', place: { merchantId, projectId, mode } } }
      : false,
  runScopesOnType: true,
  fields: (t) => ({
    eventId: t.exposeID('eventId', {
      description: 'Id of the event: the same over every channel, and the `webhook-id` of every attempt.',
    }),
    type: t.string({
      nullable: true,
      description: 'What it tells, as webhooks write it, such as "payment.captured".',
      resolve: ({ eventType }) => webhookTypeOf(eventType as EventType),
    }),
    webhookEndpointId: t.id({
      nullable: true,
      description: 'Global id of the endpoint.',
      resolve: ({ endpointId }) => endpointId && encodeGlobalID('WebhookEndpoint', endpointId),
    }),
    status: t.field({
      type: WebhookDeliveryStatusEnum,
      description: 'What became of it.',
      resolve: ({ status }) => status as Status,
    }),
    attempts: t.exposeInt('attempts', {
      description: 'Attempts that were made, since it was last sent again by hand.',
    }),
    nextAttemptAt: t.expose('nextAttemptAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the next attempt is made; null when none is.',
    }),
    lastError: t.exposeString('lastError', { nullable: true, description: 'Why the last attempt failed.' }),
    responseStatus: t.exposeInt('responseStatus', {
      nullable: true,
      description: 'The status that the last attempt was answered with.',
    }),
    payload: t.string({
      nullable: true,
      description:
        'The body that every attempt sends; null before the first, and for a message about a payout where you lack ' +
        'payout:read.',
      resolve: (delivery, _args, { actor }) => (maySeeBody(actor, delivery) ? delivery.payload : null),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was decided to send it.' }),
    sentAt: t.expose('sentAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the endpoint took it.',
    }),
    tries: t.relation('tries', {
      type: WebhookAttempt,
      description: 'Its attempts with request and response, newest first.',
      query: { orderBy: [{ at: 'desc' }, { id: 'desc' }], take: SHOWN_ATTEMPTS },
    }),
  }),
});
