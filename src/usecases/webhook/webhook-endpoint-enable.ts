import type { Actor } from '../../domain/access/actor.ts';
import { done, type Result } from '../result.ts';
import {
  absentFor,
  endpointEvent,
  managedEndpoint,
  type WebhookEndpointDeps,
} from './webhook-endpoint-writing.ts';

/**
 * Lets an endpoint be told of events again, with a clean record. What happened meanwhile is not sent by itself:
 * webhookReplay does that. Safe to repeat. A LIVE one asks a person for presence.
 */
export type WebhookEndpointEnable = (
  actor: Actor,
  input: { readonly webhookEndpointId: string },
) => Promise<Result<{ webhookEndpointId: string }>>;

export const webhookEndpointEnable =
  (deps: WebhookEndpointDeps): WebhookEndpointEnable =>
  async (actor, { webhookEndpointId }) => {
    const managed = await managedEndpoint(deps, actor, webhookEndpointId);
    if (!managed.ok) return managed;
    const at = deps.clock.now();
    const absent = absentFor(actor, managed.value, at);
    if (absent) return absent;
    const more = { changed: 'status', status: 'ENABLED' };
    const event = endpointEvent(deps, 'webhook_endpoint.updated', managed.value, { actor, at, more });
    if (await deps.endpoints.enable(webhookEndpointId, event)) deps.feed.poke();
    return done({ webhookEndpointId });
  };
