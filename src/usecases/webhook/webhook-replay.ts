import type { Actor } from '../../domain/access/actor.ts';
import { eventTypesTaken } from '../../domain/webhook/webhook-endpoint.ts';
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

export interface WebhookReplayInput {
  readonly webhookEndpointId: string;
  /** At most 30 days ago. */
  readonly since: Date;
}

/**
 * Sends an endpoint again what happened since a time and its filter takes, in order, what it never got included
 * (FEATURES W5). It is a durable job, so it goes on after a crash; gives the number of messages, at most 10,000.
 */
export type WebhookReplay = (
  actor: Actor,
  input: WebhookReplayInput,
) => Promise<Result<{ webhookEndpointId: string; count: number }>>;

export interface WebhookReplayDeps extends WebhookEndpointDeps {
  readonly repeats: Pick<WebhookRepeats, 'survey' | 'begin'>;
  readonly limits: AttemptLimits;
}

const DAY_MS = 24 * 3_600_000;
const MOST_DAYS = 30;
const MOST_EVENTS = 10_000;

export const webhookReplay =
  (deps: WebhookReplayDeps): WebhookReplay =>
  async (actor, { webhookEndpointId, since }) => {
    const { repeats, clock, feed } = deps;
    const managed = await managedEndpoint(deps, actor, webhookEndpointId);
    if (!managed.ok) return managed;
    const endpoint = managed.value;
    const at = clock.now();
    if (since > at || at.getTime() - since.getTime() > MOST_DAYS * DAY_MS)
      return refuse('INVALID_INPUT', `The time is within the last ${MOST_DAYS} days.`, 'since');
    const limited = await takeAttempt(deps.limits, 'webhook_replay', { account: webhookEndpointId }, at);
    if (limited) return limited;
    if (!endpoint.isEnabled) return notEnabled('webhookEndpointId');
    const { merchantId, projectId, mode, types } = endpoint;
    const events = { merchantId, projectId, mode, types: eventTypesTaken(types), since };
    const found = await repeats.survey(events, MOST_EVENTS);
    if (found === 'too_many') {
      const message = `More than ${MOST_EVENTS} messages would be sent: begin later.`;
      return refuse('WRONG_STATE', message, 'since');
    }
    if (found === null) return done({ webhookEndpointId, count: 0 });
    const { count, from, to } = found;
    const about = { actor, at, more: { since: since.toISOString(), count } };
    const event = endpointEvent(deps, 'webhook_endpoint.replayed', endpoint, about);
    const job = { replayId: event.id, endpointId: webhookEndpointId, since, from, to };
    if (!(await repeats.begin(job, event))) return notEnabled('webhookEndpointId');
    feed.poke();
    return done({ webhookEndpointId, count });
  };
