import { eventActor, type Actor, type Mode } from '../../domain/access/actor.ts';
import { invoiceEvent } from '../../domain/invoice/invoice-events.ts';
import { UNPAID } from '../../domain/invoice/invoice.ts';
import { newBarrier } from '../../domain/project/moderation.ts';
import { projectPlace, type ProjectPlace } from '../actor-place.ts';
import { positiveAmount } from '../amount-input.ts';
import { idempotencyOf } from '../idempotency-of.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { InvoiceStore, NewInvoice } from '../ports/invoice-store.ts';
import type { ProjectStore } from '../ports/project-store.ts';
import type { Secrets } from '../ports/secrets.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import { checkInvoiceInput } from './invoice-input.ts';

export interface InvoiceCreateInput {
  /** Needed from a signed-in person; an API key knows its project. */
  readonly projectId?: string | null | undefined;
  readonly mode?: Mode | null | undefined;
  /** A decimal in the currency's whole units, such as "12.50". */
  readonly amount: string;
  readonly currency: string;
  readonly orderId?: string | null | undefined;
  readonly description?: string | null | undefined;
  readonly customerEmail?: string | null | undefined;
  /** The shop's own reference of its customer. */
  readonly customerRef?: string | null | undefined;
  /** External id of the sub-merchant for whom an acquirer asks (FEATURES C5). */
  readonly subMerchantId?: string | null | undefined;
  readonly metadata?: Readonly<Record<string, string>> | null | undefined;
  readonly returnUrl?: string | null | undefined;
  readonly cancelUrl?: string | null | undefined;
  readonly lifetimeSeconds?: number | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
}

/**
 * Creates an invoice (FEATURES D1). With an idempotency key a repeated request gives the invoice of the first
 * one; the key with another input is refused (FEATURES I4).
 */
export type InvoiceCreate = (actor: Actor, input: InvoiceCreateInput) => Promise<Result<CreatedInvoice>>;

export interface CreatedInvoice {
  readonly invoiceId: string;
  /** What was written; null for the invoice of an earlier request, which may have changed since. */
  readonly created: NewInvoice | null;
}

export interface InvoiceCreateDeps {
  readonly projects: Pick<ProjectStore, 'projectById'>;
  readonly invoices: Pick<InvoiceStore, 'create'>;
  readonly secrets: Pick<Secrets, 'hash'>;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly feed: Pick<EventFeed, 'poke'>;
}

export const invoiceCreate =
  (deps: InvoiceCreateDeps): InvoiceCreate =>
  async (actor, input) => {
    const place = await projectPlace(deps.projects, actor, 'invoice:write', input);
    if (!place.ok) return place;
    const amount = readInvoice(input);
    if (!amount.ok) return amount;
    const barrier = newBarrier(place.value.project, place.value.mode);
    if (barrier !== null) return refuse('PROJECT_NOT_ACTIVE', barrier, 'mode');
    const { idempotencyKey: _key, ...request } = input;
    const origin = { input, operation: 'invoiceCreate', request, paymentLinkId: null };
    return makeInvoice(deps, actor, place.value, amount.value, origin);
  };

/** The amount of an invoice whose input is in order. */
export function readInvoice(input: InvoiceCreateInput): Result<bigint> {
  const problem = checkInvoiceInput(input);
  if (problem) return problem;
  const amount = positiveAmount(input.amount, input.currency);
  if (amount !== null) return done(amount);
  return refuse(
    'INVALID_INPUT',
    `The amount is no positive decimal of ${input.currency}, or too large.`,
    'amount',
  );
}

/** What an invoice is made of. */
export interface InvoiceOrigin {
  readonly input: InvoiceCreateInput;
  /** The mutation and what it was asked: a repeated idempotency key must come with the same. */
  readonly operation: string;
  readonly request: object;
  readonly paymentLinkId: string | null;
}

/** Writes an invoice whose right, input and project were checked. */
export async function makeInvoice(
  { projects, invoices, secrets, ids, clock, feed }: InvoiceCreateDeps,
  actor: Actor,
  place: ProjectPlace,
  amount: bigint,
  origin: InvoiceOrigin,
): Promise<Result<CreatedInvoice>> {
  const at = clock.now();
  const invoice = newInvoice(ids.next(), origin, place, amount, at);
  const event = stampEvent(invoiceEvent('invoice.created', { ...invoice, ...UNPAID }), {
    id: ids.next(),
    actor: eventActor(actor),
    at,
  });
  const outcome = await invoices.create(
    invoice,
    event,
    idempotencyOf(actor, { ...origin, idempotencyKey: origin.input.idempotencyKey }, secrets),
  );
  switch (outcome.kind) {
    case 'created':
      feed.poke();
      return done({ invoiceId: invoice.id, created: invoice });
    case 'replayed':
      return done({ invoiceId: outcome.resultId, created: null });
    case 'key_reused':
      return refuse('IDEMPOTENCY_KEY_REUSED', 'This key was used with another input.', 'idempotencyKey');
    case 'project_barred': {
      const now = await projects.projectById(invoice.projectId);
      const reason = now && newBarrier(now, invoice.mode);
      return refuse('PROJECT_NOT_ACTIVE', reason ?? 'The project took nothing new at that moment.', 'mode');
    }
  }
}

function newInvoice(
  id: string,
  { input, paymentLinkId }: InvoiceOrigin,
  { project, mode }: ProjectPlace,
  amount: bigint,
  at: Date,
): NewInvoice {
  const lifetimeSeconds = input.lifetimeSeconds ?? project.invoiceLifetimeSeconds;
  return {
    id,
    merchantId: project.merchantId,
    projectId: project.id,
    mode,
    currency: input.currency,
    amount,
    orderId: input.orderId ?? null,
    description: input.description ?? null,
    customerEmail: input.customerEmail?.trim() ?? null,
    customerRef: input.customerRef ?? null,
    subMerchantId: input.subMerchantId ?? null,
    paymentLinkId,
    metadata: input.metadata ?? {},
    returnUrl: input.returnUrl ?? null,
    cancelUrl: input.cancelUrl ?? null,
    createdAt: at,
    expiresAt: new Date(at.getTime() + lifetimeSeconds * 1000),
  };
}
