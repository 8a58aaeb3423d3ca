import { eventTypesTaken } from '../../domain/webhook/webhook-endpoint.ts';
import type { Clock } from '../ports/clock.ts';
import type { WebhookEndpointStore } from '../ports/webhook-endpoint-store.ts';
import type { ReplayJob, WebhookRepeats } from '../ports/webhook-repeats.ts';

/** One page of a replay, by the filter that the endpoint has now; the page itself queues the next one. */
export type WebhookReplayPage = (job: ReplayJob) => Promise<void>;

export interface WebhookReplayPageDeps {
  readonly endpoints: Pick<WebhookEndpointStore, 'byId'>;
  readonly repeats: Pick<WebhookRepeats, 'page'>;
  readonly clock: Clock;
}

export const webhookReplayPage =
  ({ endpoints, repeats, clock }: WebhookReplayPageDeps): WebhookReplayPage =>
  async (job) => {
    const endpoint = await endpoints.byId(job.endpointId);
    if (!endpoint) return;
    const { merchantId, projectId, mode, types } = endpoint;
    const events = { merchantId, projectId, mode, types: eventTypesTaken(types), since: job.since };
    await repeats.page(job, events, clock.now());
  };
