import type { Pool } from 'pg';
import { webhookTypeOf } from '../../domain/event/catalogue.ts';
import { encodeEventCursor } from '../../domain/event/event-cursor.ts';
import type { Event } from '../../domain/event/event.ts';
import { eventFacts } from '../../domain/webhook/event-facts.ts';
import { PAYLOAD_VERSIONS } from '../../domain/webhook/payload-version.ts';
import type { WebhookPayloads } from '../../usecases/ports/webhook-payloads.ts';
import { endpointObject } from './webhook-objects/endpoint-object.ts';
import type { ObjectSource } from './webhook-objects/object-source.ts';
import { paymentObject } from './webhook-objects/payment-object.ts';
import { payoutObject } from './webhook-objects/payout-object.ts';
import { reboundObject } from './webhook-objects/rebound-object.ts';
import { staticWalletObject } from './webhook-objects/static-wallet-object.ts';
import { depositObject, transferObject } from './webhook-objects/transfer-object.ts';

const SOURCES: readonly ObjectSource[] = [
  paymentObject,
  transferObject,
  depositObject,
  staticWalletObject,
  payoutObject,
  reboundObject,
  endpointObject,
];

export interface WebhookPayloadsOptions {
  /** Where payers reach the gateway, without a slash at the end. */
  readonly publicUrl: string;
}

/**
 * The event object that endpoints are sent (FEATURES W1), in the form of the seed:
 *
 * - `id`, `type`, `created` (Unix seconds), `live_mode`, and `cursor`, the event's place in the order of all: the `after`
 *   of the API's `events`.
 * - `data.object` is the thing as it is now, and the body is made for the first attempt: it may have gone on since the
 *   event. What began the name of the type says which one: `payment`, `transfer`, `deposit`, `static_wallet`,
 *   `payout`, `rebound`, `endpoint`. A refund's event is of its `payment`, with the `refund` inside.
 * - `data.event` is what the event itself tells, and never changes.
 *
 * Amounts are exact decimals as text, ids are those of the API, times are Unix seconds, and words such as states are
 * written as the API writes them (docs/decisions/0033).
 */
export function createWebhookPayloads(pool: Pool, { publicUrl }: WebhookPayloadsOptions): WebhookPayloads {
  return {
    async body(event, version) {
      if (!PAYLOAD_VERSIONS.some((known) => known === version))
        throw new Error(`there is no payload version ${version}`);
      const type = webhookTypeOf(event.type);
      const source = SOURCES.find(({ objectType }) => type?.startsWith(`${objectType}.`));
      if (type === null || !source) throw new Error(`webhooks do not tell ${event.type}`);
      const object = await source.read(pool, event, publicUrl);
      if (object === null) throw new Error(`there is no ${source.objectType} of the event ${event.id}`);
      const facts = eventFacts(event.data, source.objectType);
      return JSON.stringify(envelope(event, type, { object, event: facts }));
    },
  };
}

const envelope = (event: Event, type: string, data: unknown) => ({
  id: event.id,
  object_type: 'event',
  type,
  created: Math.floor(event.occurredAt.getTime() / 1_000),
  live_mode: event.mode === 'LIVE',
  cursor: encodeEventCursor(event.position),
  data,
});
