import type { Actor } from '../../domain/access/actor.ts';
import { takeAttempt } from '../attempt.ts';
import type { AttemptLimits } from '../ports/attempt-limits.ts';
import { done, type Result } from '../result.ts';
import {
  endpointEvent,
  managedEndpoint,
  notEnabled,
  type WebhookEndpointDeps,
} from './webhook-endpoint-writing.ts';

/**
 * Sends an endpoint the event `endpoint.test`, whatever it chose to be told of (FEATURES W5). Gives the event's id, which
 * the message carries.
 */
export type WebhookEndpointTest = (
  actor: Actor,
  input: { readonly webhookEndpointId: string },
) => Promise<Result<{ webhookEndpointId: string; eventId: string }>>;

export interface WebhookEndpointTestDeps extends WebhookEndpointDeps {
  readonly limits: AttemptLimits;
}

export const webhookEndpointTest =
  (deps: WebhookEndpointTestDeps): WebhookEndpointTest =>
  async (actor, { webhookEndpointId }) => {
    const managed = await managedEndpoint(deps, actor, webhookEndpointId);
    if (!managed.ok) return managed;
    const at = deps.clock.now();
    const limited = await takeAttempt(deps.limits, 'webhook_test', { account: webhookEndpointId }, at);
    if (limited) return limited;
    const event = endpointEvent(deps, 'webhook_endpoint.tested', managed.value, { actor, at });
    if (!(await deps.endpoints.tell(webhookEndpointId, event))) return notEnabled('webhookEndpointId');
    deps.feed.poke();
    return done({ webhookEndpointId, eventId: event.id });
  };
