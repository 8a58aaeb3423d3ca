import { eventActor, type Actor } from '../../domain/access/actor.ts';
import { mayAt } from '../../domain/access/rights.ts';
import type { EventData, NewEvent } from '../../domain/event/event.ts';
import {
  webhookEndpointEvent,
  type ToldEndpoint,
  type WebhookEndpointEventType,
} from '../../domain/webhook/webhook-event.ts';
import { tellsPayouts } from '../../domain/webhook/webhook-filter.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { SealPurpose } from '../ports/sealed-secrets.ts';
import type { Sealer } from '../ports/secrets.ts';
import type {
  NewWebhookSecret,
  WebhookEndpointRecord,
  WebhookEndpointStore,
} from '../ports/webhook-endpoint-store.ts';
import type { WebhookSigner } from '../ports/webhook-sender.ts';
import { done, refuse, type Result } from '../result.ts';
import { stepUpMissing } from '../step-up.ts';
import { stampEvent } from '../stamp-event.ts';

export interface WebhookEndpointDeps {
  readonly endpoints: WebhookEndpointStore;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly feed: Pick<EventFeed, 'poke'>;
}

/** What signing secrets are sealed for; the row is the secret's own. */
export const WEBHOOK_SEAL = 'WEBHOOK_SECRET' satisfies SealPurpose;

/** The endpoint if the actor may manage it; otherwise it looks like one that does not exist (FEATURES B7). */
export async function managedEndpoint(
  { endpoints }: Pick<WebhookEndpointDeps, 'endpoints'>,
  actor: Actor,
  webhookEndpointId: string,
): Promise<Result<WebhookEndpointRecord>> {
  const endpoint = await endpoints.byId(webhookEndpointId);
  return endpoint && mayAt(actor, 'webhook:write', endpoint)
    ? done(endpoint)
    : refuse('NOT_FOUND', 'There is no such webhook endpoint.', 'webhookEndpointId');
}

/**
 * Null, or the refusal STEP_UP_REQUIRED. A thief would have the shop told of payments that are none, or read what it is
 * told: where real money is told of, a person proves to be there.
 */
export const absentFor = (
  actor: Actor,
  { mode }: Pick<ToldEndpoint, 'mode'>,
  at: Date,
): Result<never> | null => (actor.type === 'USER' && mode === 'LIVE' ? stepUpMissing(actor, at) : null);

/**
 * Null, or the refusal of somebody who does not see payouts and would have an endpoint told of them: webhooks are no way
 * around roles.
 */
export const payoutsUnseen = (
  actor: Actor,
  { types, ...place }: Parameters<typeof mayAt>[2] & { readonly types: readonly string[] },
  field: 'types' | 'url' | 'webhookEndpointId',
): Result<never> | null =>
  tellsPayouts(types) && !mayAt(actor, 'payout:read', place)
    ? refuse('INVALID_INPUT', 'Only who sees payouts (payout:read) has an endpoint told of them.', field)
    : null;

/** The event of a change that somebody makes. */
export const endpointEvent = (
  { ids }: Pick<WebhookEndpointDeps, 'ids'>,
  type: WebhookEndpointEventType,
  endpoint: ToldEndpoint,
  { actor, at, more = {} }: { readonly actor: Actor; readonly at: Date; readonly more?: EventData },
): NewEvent =>
  stampEvent(webhookEndpointEvent(type, endpoint, more), { id: ids.next(), actor: eventActor(actor), at });

/** A fresh signing secret with what is kept of it. */
export function issueWebhookSecret({
  ids,
  signer,
  sealer,
}: {
  readonly ids: IdSource;
  readonly signer: Pick<WebhookSigner, 'newSecret'>;
  readonly sealer: Pick<Sealer, 'seal'>;
}): { readonly secret: string; readonly kept: NewWebhookSecret } {
  const id = ids.next();
  const secret = signer.newSecret();
  return {
    secret,
    kept: { id, sealedSecret: sealer.seal(WEBHOOK_SEAL, id, new TextEncoder().encode(secret)) },
  };
}

export const changedMeanwhile = (): Result<never> =>
  refuse('WRONG_STATE', 'The endpoint was changed meanwhile: look at it again.', 'revision');

export const notEnabled = (path: string): Result<never> =>
  refuse('WRONG_STATE', 'The endpoint is disabled: enable it first.', path);
