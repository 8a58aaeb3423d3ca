import type { Actor } from '../../domain/access/actor.ts';
import type { Sealer } from '../ports/secrets.ts';
import type { WebhookSigner } from '../ports/webhook-sender.ts';
import { done, refuse, type Result } from '../result.ts';
import {
  absentFor,
  changedMeanwhile,
  endpointEvent,
  issueWebhookSecret,
  managedEndpoint,
  type WebhookEndpointDeps,
  payoutsUnseen,
} from './webhook-endpoint-writing.ts';

export interface WebhookEndpointSecretRotateInput {
  readonly webhookEndpointId: string;
  /** The revision that the rotation was decided on: two at once make one new secret. */
  readonly revision: number;
  /** Whole hours for which the old secret signs along, 0 to 72; 24 unless said. */
  readonly overlapHours?: number | undefined;
}

/**
 * Gives an endpoint a new signing secret, which is in this answer and nowhere else; the old one signs along until the
 * overlap is over (FEATURES W2). A LIVE endpoint asks a person for presence.
 */
export type WebhookEndpointSecretRotate = (
  actor: Actor,
  input: WebhookEndpointSecretRotateInput,
) => Promise<Result<{ webhookEndpointId: string; secret: string; oldSecretEndsAt: Date }>>;

export interface WebhookEndpointSecretRotateDeps extends WebhookEndpointDeps {
  readonly signer: Pick<WebhookSigner, 'newSecret'>;
  readonly sealer: Pick<Sealer, 'seal'>;
}

const DEFAULT_OVERLAP_HOURS = 24;
const MAX_OVERLAP_HOURS = 72;
const HOUR_MS = 3_600_000;
/** Signatures in a header at once: the new one's, and those of secrets on their way out. */
const MOST_SECRETS = 4;

export const webhookEndpointSecretRotate =
  (deps: WebhookEndpointSecretRotateDeps): WebhookEndpointSecretRotate =>
  async (actor, { webhookEndpointId, revision, overlapHours = DEFAULT_OVERLAP_HOURS }) => {
    const { endpoints, clock, feed } = deps;
    const managed = await managedEndpoint(deps, actor, webhookEndpointId);
    if (!managed.ok) return managed;
    const endpoint = managed.value;
    if (!Number.isInteger(overlapHours) || overlapHours < 0 || overlapHours > MAX_OVERLAP_HOURS)
      return refuse('INVALID_INPUT', `The overlap is 0 to ${MAX_OVERLAP_HOURS} hours.`, 'overlapHours');
    const unseen = payoutsUnseen(actor, endpoint, 'webhookEndpointId');
    if (unseen) return unseen;
    const at = clock.now();
    const absent = absentFor(actor, endpoint, at);
    if (absent) return absent;
    if (endpoint.revision !== revision) return changedMeanwhile();
    const { secret, kept } = issueWebhookSecret(deps);
    const oldEndsAt = new Date(at.getTime() + overlapHours * HOUR_MS);
    const more = { oldEndsAt: oldEndsAt.toISOString() };
    const event = endpointEvent(deps, 'webhook_endpoint.secret_rotated', endpoint, { actor, at, more });
    const rotation = { endpointId: webhookEndpointId, revision, secret: kept, oldEndsAt, at };
    const made = await endpoints.rotateSecret(rotation, MOST_SECRETS, event);
    if (made === 'stale') return changedMeanwhile();
    if (made === 'full')
      return refuse('WRONG_STATE', `At most ${MOST_SECRETS} secrets sign at once: wait until one has ended.`);
    feed.poke();
    return done({ webhookEndpointId, secret, oldSecretEndsAt: oldEndsAt });
  };
