import type { Event } from '../../domain/event/event.ts';

/** Writes what an endpoint is sent. */
export interface WebhookPayloads {
  /**
   * The event object as JSON, with the resource as it is now. Throws when the event has no name in webhooks, or the
   * version is not known.
   */
  body(event: Event, version: string): Promise<string>;
}
