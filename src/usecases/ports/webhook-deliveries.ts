import type { Event, NewEvent } from '../../domain/event/event.ts';
import type { ToldEndpoint } from '../../domain/webhook/webhook-event.ts';
import type { WebhookHealth } from '../../domain/webhook/webhook-health.ts';
import type { WebhookSchedule } from '../../domain/webhook/webhook-schedule.ts';

export interface SealedWebhookSecret {
  readonly id: string;
  readonly sealedSecret: Uint8Array;
}

/** A message to an endpoint, with all that its attempt needs. */
export interface DueWebhook {
  readonly id: string;
  /** Attempts made before this one. */
  readonly attempts: number;
  /** What the attempts before sent; null before the first. */
  readonly payload: string | null;
  readonly event: Event;
  readonly endpoint: ToldEndpoint & {
    readonly payloadVersion: string;
    readonly schedule: WebhookSchedule;
  };
  readonly health: WebhookHealth;
  /** Those that sign at the moment, the present one first. */
  readonly secrets: readonly SealedWebhookSecret[];
}

/** An attempt as the log shows it. */
export interface NewAttempt {
  readonly id: string;
  readonly at: Date;
  readonly durationMs: number;
  readonly error: string | null;
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly responseStatus: number | null;
  readonly responseHeaders: Readonly<Record<string, string>> | null;
  readonly responseBody: string | null;
}

/** What an attempt made of the delivery. */
export type WebhookOutcome =
  | { readonly status: 'SENT' }
  | { readonly status: 'FAILED'; readonly error: string }
  | { readonly status: 'PENDING'; readonly error: string; readonly nextAttemptAt: Date };

export interface AttemptRecord {
  readonly deliveryId: string;
  readonly endpointId: string;
  /** Where it was sent; null when the endpoint has another URL by now, of which it says nothing. */
  readonly url: string | null;
  /** Attempts made before this one, as it was begun: what was sent again since is not settled by its failure. */
  readonly attempts: number;
  readonly attempt: NewAttempt;
  readonly outcome: WebhookOutcome;
  /** How the endpoint was when this was decided, and how it is now. */
  readonly health: { readonly before: WebhookHealth; readonly after: WebhookHealth };
  /** Why the endpoint is disabled by this; null when it is not. */
  readonly disables: 'GONE' | 'FAILING' | null;
  readonly events: readonly NewEvent[];
}

/** What is to be sent to endpoints. Each method is one atomic write or one read; jobs are moved with their rows. */
export interface WebhookDeliveries {
  /** Null when it was settled. */
  due(deliveryId: string, at: Date): Promise<DueWebhook | null>;
  /** Keeps what every attempt sends; gives what was kept first. Null when the delivery was settled meanwhile. */
  keepPayload(deliveryId: string, body: string): Promise<string | null>;
  /** How the endpoint is by now; null when it has another URL. */
  health(endpointId: string, url: string): Promise<WebhookHealth | null>;
  /** Takes the one attempt that a silent endpoint gets, and keeps the others back until then. False when it is taken. */
  takeProbe(endpointId: string, seen: WebhookHealth, until: Date): Promise<boolean>;
  /** Puts the delivery, and those behind it that are due before, off until then; no attempt is counted. */
  holdBack(deliveryId: string, endpointId: string, until: Date): Promise<void>;
  /** Sends those at once that were put off until that moment. */
  release(endpointId: string, until: Date, at: Date): Promise<void>;
  /** Looks at the delivery again after so many milliseconds; it stays due, and no attempt is counted. */
  putOff(deliveryId: string, milliseconds: number): Promise<void>;
  /** Gives up, without an attempt; not when the endpoint is enabled by now. */
  giveUp(deliveryId: string, error: string): Promise<void>;
  /**
   * The attempt with all that follows from it: the delivery, its job, the health of the endpoint and its events. False,
   * and nothing written, when the endpoint's health or URL is another by now and the health was to change: decide again.
   */
  record(record: AttemptRecord): Promise<boolean>;
}
