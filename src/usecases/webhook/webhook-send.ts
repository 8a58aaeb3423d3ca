import { webhookTypeOf } from '../../domain/event/catalogue.ts';
import { PAYLOAD_VERSIONS } from '../../domain/webhook/payload-version.ts';
import { isSilent, PROBE_MS } from '../../domain/webhook/webhook-health.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { Logger } from '../ports/logger.ts';
import type { Sealer } from '../ports/secrets.ts';
import type { DueWebhook, SealedWebhookSecret, WebhookDeliveries } from '../ports/webhook-deliveries.ts';
import type { WebhookPayloads } from '../ports/webhook-payloads.ts';
import type { WebhookSender, WebhookSigner } from '../ports/webhook-sender.ts';
import type { EndpointPlace, EndpointPlaces } from './endpoint-places.ts';
import { recordAttempt, type AttemptMade } from './webhook-record.ts';
import { WEBHOOK_SEAL } from './webhook-endpoint-writing.ts';

export interface WebhookSendDeps {
  readonly webhooks: WebhookDeliveries;
  readonly payloads: WebhookPayloads;
  readonly signer: Pick<WebhookSigner, 'headers'>;
  readonly sender: WebhookSender;
  readonly places: EndpointPlaces;
  readonly sealer: Pick<Sealer, 'open'>;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly feed: Pick<EventFeed, 'poke'>;
  readonly logger: Logger;
}

/**
 * Makes one attempt to send a delivery to its endpoint and records what became of it (FEATURES W3, RULES 11); nothing
 * when it is settled. A crash between sending and recording leads to another attempt with the same bytes and the same
 * `webhook-id`: at least once.
 */
export type WebhookSend = (deliveryId: string) => Promise<void>;

export const webhookSend =
  (deps: WebhookSendDeps): WebhookSend =>
  async (deliveryId) => {
    const { webhooks, places, clock } = deps;
    const due = await webhooks.due(deliveryId, clock.now());
    if (!due) return;
    const { endpoint, health } = due;
    if (!health.isEnabled) return await webhooks.giveUp(deliveryId, 'the endpoint is disabled');
    const place = await places.enter(endpoint.id);
    if (typeof place === 'number') return await webhooks.putOff(deliveryId, place);
    const made = await attemptAt(deps, due, place).finally(() => place.leave());
    if (made) await recordAttempt(deps, due, made);
  };

/** Null when no attempt was made: the endpoint is to be left alone, or the delivery was settled meanwhile. */
async function attemptAt(
  deps: WebhookSendDeps,
  due: DueWebhook,
  place: EndpointPlace,
): Promise<AttemptMade | null> {
  const { webhooks } = deps;
  const heldUntil = await isHeldBack(deps, due);
  if (heldUntil !== null) {
    if (heldUntil === 'moved') await webhooks.putOff(due.id, 0);
    else await webhooks.holdBack(due.id, due.endpoint.id, heldUntil);
    return null;
  }
  const body = await bodyOf(deps, due);
  return body === undefined ? null : await attempt(deps, due, body, place);
}

/**
 * Until when a silent endpoint is left alone; null when this attempt goes through. `moved` when it has another URL by
 * now, with which to look again.
 */
async function isHeldBack(
  { webhooks, clock }: WebhookSendDeps,
  { endpoint, health }: DueWebhook,
): Promise<Date | 'moved' | null> {
  if (!isSilent(health)) return null;
  const at = clock.now();
  if (health.pausedUntil && health.pausedUntil > at) return health.pausedUntil;
  const until = new Date(at.getTime() + PROBE_MS);
  if (await webhooks.takeProbe(endpoint.id, health, until)) return null;
  const now = await webhooks.health(endpoint.id, endpoint.url);
  if (now === null) return 'moved';
  return now.pausedUntil && now.pausedUntil > at ? now.pausedUntil : null;
}

/** What is sent; null when it cannot be written, undefined when the delivery was settled meanwhile. */
async function bodyOf(
  { webhooks, payloads, logger }: WebhookSendDeps,
  { id, payload, event, endpoint }: DueWebhook,
): Promise<string | null | undefined> {
  if (payload !== null) return payload;
  const { payloadVersion } = endpoint;
  if (webhookTypeOf(event.type) === null || !PAYLOAD_VERSIONS.some((known) => known === payloadVersion))
    return null;
  const body = await payloads.body(event, payloadVersion).catch((err: unknown) => {
    logger.error({ err, deliveryId: id, eventType: event.type }, 'a webhook cannot be written');
    return null;
  });
  return body === null ? null : ((await webhooks.keepPayload(id, body)) ?? undefined);
}

async function attempt(
  deps: WebhookSendDeps,
  { event, endpoint, secrets }: DueWebhook,
  body: string | null,
  place: EndpointPlace,
): Promise<AttemptMade> {
  const at = deps.clock.now();
  const texts = body === null ? null : opened(deps, secrets);
  if (body === null || texts === null) return { at, headers: {}, answer: null };
  const headers = {
    'content-type': 'application/json',
    ...deps.signer.headers({ id: event.id, at, body, secrets: texts }),
  };
  place.begin();
  return { at, headers, answer: await deps.sender.send({ url: endpoint.url, headers, body }) };
}

/** The secrets in clear; null when none of the gateway's keys opens one of them. */
function opened(
  { sealer, logger }: WebhookSendDeps,
  secrets: readonly SealedWebhookSecret[],
): readonly string[] | null {
  try {
    return secrets.map(({ id, sealedSecret }) =>
      new TextDecoder().decode(sealer.open(WEBHOOK_SEAL, id, sealedSecret)),
    );
  } catch (err) {
    logger.error({ err, secretIds: secrets.map(({ id }) => id) }, 'a signing secret cannot be opened');
    return null;
  }
}
