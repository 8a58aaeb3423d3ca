export interface WebhookRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What became of one request to an endpoint. */
export type WebhookAnswer =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      /** Its beginning. */
      readonly body: string;
      readonly durationMs: number;
      /** What it asks for in Retry-After (RFC 9110, 10.2.3); null when it asks for nothing. */
      readonly retryAfterSeconds: number | null;
    }
  /** Nothing was sent: the address is none that the gateway may speak to (FEATURES W6). */
  | { readonly kind: 'refused'; readonly error: string }
  /** No answer: not reached, cut, or silent for too long. It may have got the request. */
  | { readonly kind: 'failed'; readonly error: string; readonly durationMs: number };

/** Speaks to the servers of shops: strangers' addresses, so every one of them is checked and pinned (FEATURES W6). */
export interface WebhookSender {
  /** One attempt. Never throws for what the other side does. */
  send(request: WebhookRequest): Promise<WebhookAnswer>;
}

export interface WebhookSigned {
  /** Id of the event: the same over attempts (Standard Webhooks `webhook-id`). */
  readonly id: string;
  /** Of the attempt. */
  readonly at: Date;
  readonly body: string;
  /** `whsec_…`, the present one first; each signs (FEATURES W2). */
  readonly secrets: readonly string[];
}

export interface WebhookSigner {
  /** A new secret: `whsec_` and 32 random bytes in base64. */
  newSecret(): string;
  /** The headers of both schemes: `Pay-Signature`, and `webhook-id`, `webhook-timestamp`, `webhook-signature`. */
  headers(signed: WebhookSigned): Readonly<Record<string, string>>;
}
