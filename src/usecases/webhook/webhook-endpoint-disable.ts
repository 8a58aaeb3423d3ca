import type { Actor } from '../../domain/access/actor.ts';
import { done, type Result } from '../result.ts';
import { endpointEvent, managedEndpoint, type WebhookEndpointDeps } from './webhook-endpoint-writing.ts';

/**
 * Stops what is sent to an endpoint; what waits ends as FAILED. Asks for nothing but the right: whoever sees it misused
 * must be quick. Safe to repeat.
 */
export type WebhookEndpointDisable = (
  actor: Actor,
  input: { readonly webhookEndpointId: string },
) => Promise<Result<{ webhookEndpointId: string }>>;

export const webhookEndpointDisable =
  (deps: WebhookEndpointDeps): WebhookEndpointDisable =>
  async (actor, { webhookEndpointId }) => {
    const managed = await managedEndpoint(deps, actor, webhookEndpointId);
    if (!managed.ok) return managed;
    const at = deps.clock.now();
    const more = { changed: 'status', status: 'DISABLED' };
    const event = endpointEvent(deps, 'webhook_endpoint.updated', managed.value, { actor, at, more });
    if (await deps.endpoints.disable(webhookEndpointId, event)) deps.feed.poke();
    return done({ webhookEndpointId });
  };
