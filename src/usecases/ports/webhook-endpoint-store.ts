import type { Mode } from '../../domain/access/actor.ts';
import type { NewEvent } from '../../domain/event/event.ts';
import type { ToldEndpoint } from '../../domain/webhook/webhook-event.ts';
import type { WebhookSchedule } from '../../domain/webhook/webhook-schedule.ts';

/** What a person or a shop's server sets of an endpoint. */
export interface WebhookSettings {
  readonly url: string;
  readonly description: string | null;
  /** Names of events and families of them; empty for all. */
  readonly types: readonly string[];
  readonly schedule: WebhookSchedule;
  readonly payloadVersion: string;
}

export interface WebhookEndpointRecord extends ToldEndpoint, WebhookSettings {
  readonly isEnabled: boolean;
  /** Grows with every change that somebody makes. */
  readonly revision: number;
}

export interface NewWebhookSecret {
  readonly id: string;
  readonly sealedSecret: Uint8Array;
}

export interface NewWebhookEndpoint extends WebhookSettings {
  readonly id: string;
  readonly merchantId: string;
  readonly projectId: string;
  readonly mode: Mode;
  readonly secret: NewWebhookSecret;
  readonly at: Date;
}

export interface SecretRotation {
  readonly endpointId: string;
  readonly revision: number;
  readonly secret: NewWebhookSecret;
  /** When the secret that it replaces stops signing. Older ones keep their own end. */
  readonly oldEndsAt: Date;
  readonly at: Date;
}

/** Endpoints that are not deleted, and their secrets. Each method is one atomic write with its event, or one read. */
export interface WebhookEndpointStore {
  byId(endpointId: string): Promise<WebhookEndpointRecord | null>;
  /** 'full' when the project has `most` in that mode, 'archived' when the project is. */
  create(
    endpoint: NewWebhookEndpoint,
    most: number,
    event: NewEvent,
  ): Promise<'created' | 'full' | 'archived'>;
  /** False when it is at another revision by now. A new URL begins with a clean record. */
  update(
    endpoint: Pick<WebhookEndpointRecord, 'id' | 'revision'>,
    patch: Partial<WebhookSettings>,
    event: NewEvent,
  ): Promise<boolean>;
  /** With a clean record. False, and nothing told, when it is enabled already. */
  enable(endpointId: string, event: NewEvent): Promise<boolean>;
  /** What is still to be sent ends as FAILED. False, and nothing told, when it is disabled already. */
  disable(endpointId: string, event: NewEvent): Promise<boolean>;
  /** For good, with its secrets; what is still to be sent ends as FAILED. False when it was deleted before. */
  remove(endpointId: string, event: NewEvent): Promise<boolean>;
  /** 'stale' when it is at another revision by now, 'full' when `most` secrets sign at once already. */
  rotateSecret(
    rotation: SecretRotation,
    most: number,
    event: NewEvent,
  ): Promise<'rotated' | 'stale' | 'full'>;
  /** Writes an event about an endpoint that is enabled; false when it is not. */
  tell(endpointId: string, event: NewEvent): Promise<boolean>;
}
