import type { EventType } from '../event/catalogue.ts';
import type { EventData, EventDraft } from '../event/event.ts';

/** An endpoint, as far as events tell of it. */
export interface ToldEndpoint {
  readonly id: string;
  readonly merchantId: string;
  readonly projectId: string;
  readonly projectName: string;
  readonly mode: 'TEST' | 'LIVE';
  readonly url: string;
  readonly description: string | null;
}

export type WebhookEndpointEventType = Extract<EventType, `webhook_endpoint.${string}`>;

/**
 * An event of an endpoint. Of the URL it tells the host alone: path and query may hold what lets somebody in.
 * Besides `host`, `description` and `projectName` the data has: of `updated` what `changed`; of `secret_rotated` when the
 * old secret ends (`oldEndsAt`); of `replayed` `since` and `count`, or `eventId` for a single one; of `failing`
 * `failingSince` and `disablesAt`; of `disabled` the `reason` (GONE or FAILING) and `failingSince`.
 */
export const webhookEndpointEvent = (
  type: WebhookEndpointEventType,
  { id, merchantId, projectId, projectName, mode, url, description }: ToldEndpoint,
  more: EventData = {},
): EventDraft => ({
  type,
  merchantId,
  projectId,
  mode,
  subject: { type: 'WEBHOOK_ENDPOINT', id },
  data: { host: new URL(url).host, description, projectName, ...more },
});
