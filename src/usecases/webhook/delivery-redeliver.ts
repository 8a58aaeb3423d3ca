import type { Actor } from '../../domain/access/actor.ts';
import { mayAt } from '../../domain/access/rights.ts';
import { webhookTypeOf, type EventType } from '../../domain/event/catalogue.ts';
import { tellsPayouts } from '../../domain/webhook/webhook-filter.ts';
import { takeAttempt } from '../attempt.ts';
import type { AttemptLimits } from '../ports/attempt-limits.ts';
import type { WebhookRepeats } from '../ports/webhook-repeats.ts';
import { done, refuse, type Result } from '../result.ts';
import {
  endpointEvent,
  managedEndpoint,
  notEnabled,
  type WebhookEndpointDeps,
} from './webhook-endpoint-writing.ts';

/**
 * Sends one message to an endpoint once more, whatever became of it: the same bytes under the same `webhook-id`, with all
 * attempts of the schedule before it (FEATURES W5).
 */
export type DeliveryRedeliver = (
  actor: Actor,
  input: { readonly deliveryId: string },
) => Promise<Result<{ deliveryId: string }>>;

export interface DeliveryRedeliverDeps extends WebhookEndpointDeps {
  readonly repeats: Pick<WebhookRepeats, 'delivery' | 'redeliver'>;
  readonly limits: AttemptLimits;
}

export const deliveryRedeliver =
  (deps: DeliveryRedeliverDeps): DeliveryRedeliver =>
  async (actor, { deliveryId }) => {
    const delivery = await deps.repeats.delivery(deliveryId);
    const managed = delivery && (await managedEndpoint(deps, actor, delivery.endpointId));
    if (!delivery || !managed?.ok || !sees(actor, managed.value, delivery.eventType))
      return refuse('NOT_FOUND', 'There is no such delivery.', 'deliveryId');
    const { endpointId, eventId } = delivery;
    const at = deps.clock.now();
    const limited = await takeAttempt(deps.limits, 'webhook_redeliver', { account: endpointId }, at);
    if (limited) return limited;
    const about = { actor, at, more: { eventId } };
    const event = endpointEvent(deps, 'webhook_endpoint.replayed', managed.value, about);
    if (!(await deps.repeats.redeliver(deliveryId, event))) return notEnabled('deliveryId');
    deps.feed.poke();
    return done({ deliveryId });
  };

/** Whoever sends it again is answered with it; and what tells of payouts may have been meant for another URL. */
function sees(actor: Actor, place: Parameters<typeof mayAt>[2], eventType: EventType): boolean {
  const name = webhookTypeOf(eventType);
  const tells = name !== null && tellsPayouts([name]);
  return mayAt(actor, 'webhook:read', place) && (!tells || mayAt(actor, 'payout:read', place));
}
