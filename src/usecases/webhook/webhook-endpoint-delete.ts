import type { Actor } from '../../domain/access/actor.ts';
import { done, type Result } from '../result.ts';
import { endpointEvent, managedEndpoint, type WebhookEndpointDeps } from './webhook-endpoint-writing.ts';

/** Removes an endpoint for good, with its secrets; what waits ends as FAILED, and the log of what was sent stays. */
export type WebhookEndpointDelete = (
  actor: Actor,
  input: { readonly webhookEndpointId: string },
) => Promise<Result<{ webhookEndpointId: string }>>;

export const webhookEndpointDelete =
  (deps: WebhookEndpointDeps): WebhookEndpointDelete =>
  async (actor, { webhookEndpointId }) => {
    const managed = await managedEndpoint(deps, actor, webhookEndpointId);
    if (!managed.ok) return managed;
    const at = deps.clock.now();
    const event = endpointEvent(deps, 'webhook_endpoint.deleted', managed.value, { actor, at });
    if (await deps.endpoints.remove(webhookEndpointId, event)) deps.feed.poke();
    return done({ webhookEndpointId });
  };
