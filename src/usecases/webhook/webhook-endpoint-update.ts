import type { Actor } from '../../domain/access/actor.ts';
import type { WebhookUrls } from '../ports/webhook-urls.ts';
import { done, refuse, type Result } from '../result.ts';
import { readEndpoint, type WebhookEndpointFields } from './webhook-endpoint-input.ts';
import {
  absentFor,
  changedMeanwhile,
  endpointEvent,
  managedEndpoint,
  payoutsUnseen,
  type WebhookEndpointDeps,
} from './webhook-endpoint-writing.ts';

export interface WebhookEndpointUpdateInput extends WebhookEndpointFields {
  readonly webhookEndpointId: string;
  /** The revision that the change was decided on. */
  readonly revision: number;
}

/**
 * Changes an endpoint (FEATURES W1): what is sent from now on goes by the new settings, what waits already too, with the
 * payload that it has. A LIVE one asks a person for presence. WRONG_STATE when somebody else was first.
 */
export type WebhookEndpointUpdate = (
  actor: Actor,
  input: WebhookEndpointUpdateInput,
) => Promise<Result<{ webhookEndpointId: string }>>;

export interface WebhookEndpointUpdateDeps extends WebhookEndpointDeps {
  readonly urls: WebhookUrls;
}

export const webhookEndpointUpdate =
  (deps: WebhookEndpointUpdateDeps): WebhookEndpointUpdate =>
  async (actor, { webhookEndpointId, revision, ...fields }) => {
    const { endpoints, urls, clock, feed } = deps;
    const managed = await managedEndpoint(deps, actor, webhookEndpointId);
    if (!managed.ok) return managed;
    const endpoint = managed.value;
    const read = readEndpoint(urls, fields);
    if (!read.ok) return read;
    const patch = read.value;
    const changed = Object.keys(patch);
    if (changed.length === 0) return refuse('INVALID_INPUT', 'Say what to change.', 'url');
    const told = { ...endpoint, ...patch };
    // What is told, and to whom: nothing else says more than before. What waits already goes by the types of before.
    const field = patch.types ? 'types' : patch.url === undefined ? null : 'url';
    const types = [...endpoint.types, ...told.types];
    const unseen = field && payoutsUnseen(actor, { ...endpoint, types }, field);
    if (unseen) return unseen;
    const at = clock.now();
    const absent = absentFor(actor, endpoint, at);
    if (absent) return absent;
    if (endpoint.revision !== revision) return changedMeanwhile();
    const more = { changed: changed.join(', ') };
    const event = endpointEvent(deps, 'webhook_endpoint.updated', told, { actor, at, more });
    if (!(await endpoints.update(endpoint, patch, event))) return changedMeanwhile();
    feed.poke();
    return done({ webhookEndpointId });
  };
