import type { Actor, Mode } from '../../domain/access/actor.ts';
import { newBarrier } from '../../domain/project/moderation.ts';
import { NEWEST_PAYLOAD_VERSION } from '../../domain/webhook/payload-version.ts';
import { projectPlace } from '../actor-place.ts';
import type { ProjectStore } from '../ports/project-store.ts';
import type { Sealer } from '../ports/secrets.ts';
import type { WebhookSigner } from '../ports/webhook-sender.ts';
import type { WebhookUrls } from '../ports/webhook-urls.ts';
import { done, refuse, type Result } from '../result.ts';
import { readEndpoint, type WebhookEndpointFields } from './webhook-endpoint-input.ts';
import {
  absentFor,
  endpointEvent,
  issueWebhookSecret,
  payoutsUnseen,
  type WebhookEndpointDeps,
} from './webhook-endpoint-writing.ts';

export interface WebhookEndpointCreateInput extends WebhookEndpointFields {
  /** Needed from a signed-in person; an API key knows its project. */
  readonly projectId?: string | null | undefined;
  readonly mode?: Mode | null | undefined;
  readonly url: string;
}

/**
 * Adds an endpoint that is told of events from now on (FEATURES W1). Its signing secret is in this answer and nowhere
 * else. A LIVE one asks a person for presence; the project need not have passed moderation yet.
 */
export type WebhookEndpointCreate = (
  actor: Actor,
  input: WebhookEndpointCreateInput,
) => Promise<Result<{ webhookEndpointId: string; secret: string }>>;

export interface WebhookEndpointCreateDeps extends WebhookEndpointDeps {
  readonly projects: Pick<ProjectStore, 'projectById'>;
  readonly urls: WebhookUrls;
  readonly signer: Pick<WebhookSigner, 'newSecret'>;
  readonly sealer: Pick<Sealer, 'seal'>;
}

/** Of one project in one mode. */
export const MOST_ENDPOINTS = 20;

const DEFAULTS = {
  description: null,
  types: [],
  schedule: 'LONG',
  payloadVersion: NEWEST_PAYLOAD_VERSION,
} as const;

export const webhookEndpointCreate =
  (deps: WebhookEndpointCreateDeps): WebhookEndpointCreate =>
  async (actor, input) => {
    const { endpoints, projects, urls, ids, clock, feed } = deps;
    const place = await projectPlace(projects, actor, 'webhook:write', input);
    if (!place.ok) return place;
    const { project, mode } = place.value;
    const read = readEndpoint(urls, input);
    if (!read.ok) return read;
    const { merchantId, id: projectId, name: projectName } = project;
    const settings = { ...DEFAULTS, ...read.value, url: input.url };
    const unseen = payoutsUnseen(actor, { ...settings, merchantId, projectId, mode }, 'types');
    if (unseen) return unseen;
    const at = clock.now();
    const absent = absentFor(actor, { mode }, at);
    if (absent) return absent;
    // Whether the operator let it take live payments is asked where payments are made.
    const barrier = newBarrier(project, 'TEST');
    if (barrier !== null) return refuse('PROJECT_NOT_ACTIVE', barrier);
    const { secret, kept } = issueWebhookSecret(deps);
    const endpoint = { ...settings, id: ids.next(), merchantId, projectId, mode, secret: kept, at };
    const event = endpointEvent(
      deps,
      'webhook_endpoint.created',
      { ...endpoint, projectName },
      { actor, at },
    );
    const made = await endpoints.create(endpoint, MOST_ENDPOINTS, event);
    if (made === 'archived')
      return refuse('PROJECT_NOT_ACTIVE', 'The project is archived: restore it first.');
    if (made === 'full')
      return refuse('WRONG_STATE', `A project has at most ${MOST_ENDPOINTS} webhook endpoints in a mode.`);
    feed.poke();
    return done({ webhookEndpointId: endpoint.id, secret });
  };
