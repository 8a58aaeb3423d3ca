import type { NewEvent } from '../../domain/event/event.ts';
import { webhookEndpointEvent } from '../../domain/webhook/webhook-event.ts';
import {
  disablesAt,
  healthAfter,
  type AttemptVerdict,
  type HealthAfter,
  type WebhookHealth,
} from '../../domain/webhook/webhook-health.ts';
import { webhookDelay } from '../../domain/webhook/webhook-schedule.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import type {
  AttemptRecord,
  DueWebhook,
  NewAttempt,
  WebhookDeliveries,
  WebhookOutcome,
} from '../ports/webhook-deliveries.ts';
import type { WebhookAnswer } from '../ports/webhook-sender.ts';
import { stampEvent } from '../stamp-event.ts';

export interface WebhookRecordDeps {
  readonly webhooks: Pick<WebhookDeliveries, 'record' | 'health' | 'release'>;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly feed: Pick<EventFeed, 'poke'>;
}

/** An attempt that was made. */
export interface AttemptMade {
  /** When it was signed. */
  readonly at: Date;
  readonly headers: Readonly<Record<string, string>>;
  /** Null when nothing was sent: the message cannot be written or signed. */
  readonly answer: WebhookAnswer | null;
}

/**
 * Records the attempt; with the health that the endpoint has by then, so it begins again when another was first. What
 * was sent to a URL that the endpoint has no more says nothing of it, and is tried again at the new one.
 */
export async function recordAttempt(
  { webhooks, ids, clock, feed }: WebhookRecordDeps,
  due: DueWebhook,
  made: AttemptMade,
): Promise<void> {
  const { id: deliveryId, endpoint, attempts } = due;
  const at = clock.now();
  const id = ids.next();
  let health: WebhookHealth | null = due.health;
  for (;;) {
    const change = health && changeOf(health, made.answer, at);
    const before = health ?? due.health;
    const { health: after, tells } = change ?? { health: before, tells: null };
    const outcome = outcomeOf(due, made.answer, at, health !== null);
    const events = tells === null ? [] : [told(ids.next(), due, { health: after, tells }, at)];
    const record: AttemptRecord = {
      deliveryId,
      endpointId: endpoint.id,
      url: health && endpoint.url,
      attempts,
      attempt: attemptRow(id, made, outcome),
      outcome,
      health: { before, after },
      disables: tells === 'DISABLED_GONE' ? 'GONE' : tells === 'DISABLED_FAILING' ? 'FAILING' : null,
      events,
    };
    if (!(await webhooks.record(record))) {
      health = await webhooks.health(endpoint.id, endpoint.url);
      continue;
    }
    if (events.length > 0) feed.poke();
    if (before.pausedUntil && !after.pausedUntil) await webhooks.release(endpoint.id, before.pausedUntil, at);
    return;
  }
}

function changeOf(before: WebhookHealth, answer: WebhookAnswer | null, at: Date): HealthAfter {
  const verdict = verdictOf(answer);
  return verdict === null ? { health: before, tells: null } : healthAfter(before, verdict, at);
}

const GONE = 410;
/** RFC 6585, 4, and RFC 9110, 15.6.4: those that may say when to come again. */
const ASKING_FOR_TIME: ReadonlySet<number> = new Set([429, 503]);

const isSuccess = (status: number): boolean => status >= 200 && status < 300;

/** Null when nothing was sent that would say something of the endpoint. */
function verdictOf(answer: WebhookAnswer | null): AttemptVerdict | null {
  if (answer === null) return null;
  if (answer.kind === 'failed') return 'SILENCE';
  if (answer.kind === 'refused') return 'FAILURE';
  if (answer.status === GONE) return 'GONE';
  return isSuccess(answer.status) ? 'SUCCESS' : 'FAILURE';
}

function errorOf(answer: WebhookAnswer | null): string {
  if (answer === null) return 'the message cannot be written or signed';
  if (answer.kind !== 'answered') return answer.error;
  const { status } = answer;
  if (status === GONE) return 'the endpoint is gone (410)';
  return status >= 300 && status < 400
    ? `answered ${status}: redirects are not followed`
    : `answered ${status}`;
}

function outcomeOf(
  { id, attempts, endpoint }: DueWebhook,
  answer: WebhookAnswer | null,
  at: Date,
  isAtUrl: boolean,
): WebhookOutcome {
  if (answer?.kind === 'answered' && isSuccess(answer.status)) return { status: 'SENT' };
  const error = errorOf(answer);
  // An address that must not be spoken to stays one. What cannot be written a newer process may be able to write.
  const isFinal =
    isAtUrl && (answer?.kind === 'refused' || (answer?.kind === 'answered' && answer.status === GONE));
  const asked =
    answer?.kind === 'answered' && ASKING_FOR_TIME.has(answer.status) ? answer.retryAfterSeconds : null;
  const delay = isFinal ? null : webhookDelay(endpoint.schedule, id, attempts + 1, asked ?? 0);
  return delay === null
    ? { status: 'FAILED', error }
    : { status: 'PENDING', error, nextAttemptAt: new Date(at.getTime() + delay) };
}

function attemptRow(id: string, { at, headers, answer }: AttemptMade, outcome: WebhookOutcome): NewAttempt {
  const answered = answer?.kind === 'answered' ? answer : null;
  return {
    id,
    at,
    durationMs: answer === null || answer.kind === 'refused' ? 0 : Math.round(answer.durationMs),
    error: outcome.status === 'SENT' ? null : outcome.error,
    requestHeaders: headers,
    responseStatus: answered?.status ?? null,
    responseHeaders: answered?.headers ?? null,
    responseBody: answered && firstBytes(answered.body),
  };
}

const MAX_BODY_BYTES = 4096;

/** The beginning of a stranger's text, in a form that the database takes, and no half of a character at its end. */
function firstBytes(text: string): string {
  const clean = text.replaceAll('\u0000', '\uFFFD').toWellFormed();
  return clean.slice(0, new TextEncoder().encodeInto(clean, new Uint8Array(MAX_BODY_BYTES)).read);
}

function told(id: string, { endpoint }: DueWebhook, { health, tells }: HealthAfter, at: Date): NewEvent {
  const failingSince = health.failingSince?.toISOString() ?? null;
  const stamp = { id, actor: { type: 'SYSTEM', id: null }, at } as const;
  if (tells === 'FAILING') {
    const disables = disablesAt(health.failingSince ?? at, at).toISOString();
    const more = { failingSince, disablesAt: disables };
    return stampEvent(webhookEndpointEvent('webhook_endpoint.failing', endpoint, more), stamp);
  }
  const reason = tells === 'DISABLED_GONE' ? 'GONE' : 'FAILING';
  const more = { reason, failingSince };
  return stampEvent(webhookEndpointEvent('webhook_endpoint.disabled', endpoint, more), stamp);
}
