import { isPlainLine } from '../../domain/text/plain-text.ts';
import { PAYLOAD_VERSIONS } from '../../domain/webhook/payload-version.ts';
import { isWebhookFilter } from '../../domain/webhook/webhook-filter.ts';
import type { WebhookSchedule } from '../../domain/webhook/webhook-schedule.ts';
import type { WebhookSettings } from '../ports/webhook-endpoint-store.ts';
import type { WebhookUrls } from '../ports/webhook-urls.ts';
import { done, refuse, type Result } from '../result.ts';

/** What somebody says of an endpoint. Left out: as it is. */
export interface WebhookEndpointFields {
  readonly url?: string | undefined;
  /** Null: none. */
  readonly description?: string | null | undefined;
  /** Names of events and families such as `payment.*`; empty for all. */
  readonly types?: readonly string[] | undefined;
  readonly schedule?: WebhookSchedule | undefined;
  readonly payloadVersion?: string | undefined;
}

const MAX_DESCRIPTION = 200;
const MAX_TYPES = 100;

/** The fields that are given, as they are kept; INVALID_INPUT with the path of the first fault. */
export function readEndpoint(
  urls: WebhookUrls,
  { url, description, types, schedule, payloadVersion }: WebhookEndpointFields,
): Result<Partial<WebhookSettings>> {
  const fault = url === undefined ? null : urls.fault(url);
  if (fault !== null) return refuse('INVALID_INPUT', `The URL ${fault}.`, 'url');
  const text = description?.trim();
  if (text !== undefined && (text.length < 1 || text.length > MAX_DESCRIPTION || !isPlainLine(text))) {
    const message = `A description is one line of 1 to ${MAX_DESCRIPTION} characters.`;
    return refuse('INVALID_INPUT', message, 'description');
  }
  const filters = types && readTypes(types);
  if (filters && !filters.ok) return filters;
  if (payloadVersion !== undefined && !PAYLOAD_VERSIONS.some((version) => version === payloadVersion)) {
    const message = `The versions of the payload are ${PAYLOAD_VERSIONS.join(', ')}.`;
    return refuse('INVALID_INPUT', message, 'payloadVersion');
  }
  return done({
    ...(url === undefined ? {} : { url }),
    ...(description === undefined ? {} : { description: text ?? null }),
    ...(filters ? { types: filters.value } : {}),
    ...(schedule === undefined ? {} : { schedule }),
    ...(payloadVersion === undefined ? {} : { payloadVersion }),
  });
}

function readTypes(types: readonly string[]): Result<readonly string[]> {
  const filters = [...new Set(types)];
  if (filters.length > MAX_TYPES) return refuse('INVALID_INPUT', `At most ${MAX_TYPES} types.`, 'types');
  const unknown = filters.findIndex((filter) => !isWebhookFilter(filter));
  if (unknown === -1) return done(filters);
  const message = 'Each is the name of an event that webhooks tell, or a family of them such as payment.*.';
  return refuse('INVALID_INPUT', message, 'types', String(types.indexOf(filters[unknown] ?? '')));
}
