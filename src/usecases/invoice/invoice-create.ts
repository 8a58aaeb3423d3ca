import { eventActor, type Actor, type Mode } from '../../domain/access/actor.ts';
import { invoiceEvent } from '../../domain/invoice/invoice-events.ts';
import { UNPAID } from '../../domain/invoice/invoice.ts';
import { newBarrier } from '../../domain/project/moderation.ts';
import { projectPlace, type ProjectPlace } from '../actor-place.ts';
import { positiveAmount } from '../amount-input.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { Idempotency, InvoiceStore, NewInvoice } from '../ports/invoice-store.ts';
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
  ({ projects, invoices, secrets, ids, clock, feed }: InvoiceCreateDeps): InvoiceCreate =>
  async (actor, input) => {
    const place = await projectPlace(projects, actor, 'invoice:write', input);
    if (!place.ok) return place;
    const problem = checkInvoiceInput(input);
    if (problem) return problem;
    const barrier = newBarrier(place.value.project, place.value.mode);
    if (barrier !== null) return refuse('PROJECT_NOT_ACTIVE', barrier, 'mode');
    const amount = positiveAmount(input.amount, input.currency);
    if (amount === null) {
      return refuse(
        'INVALID_INPUT',
        `The amount is no positive decimal of ${input.currency}, or too large.`,
        'amount',
      );
    }

    const at = clock.now();
    const invoice = newInvoice(ids.next(), input, place.value, amount, at);
    const event = stampEvent(invoiceEvent('invoice.created', { ...invoice, ...UNPAID }), {
      id: ids.next(),
      actor: eventActor(actor),
      at,
    });
    const outcome = await invoices.create(invoice, event, idempotencyOf(actor, input, secrets));
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
  };

function newInvoice(
  id: string,
  input: InvoiceCreateInput,
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
    metadata: input.metadata ?? {},
    returnUrl: input.returnUrl ?? null,
    cancelUrl: input.cancelUrl ?? null,
    createdAt: at,
    expiresAt: new Date(at.getTime() + lifetimeSeconds * 1000),
  };
}

function idempotencyOf(
  actor: Actor,
  { idempotencyKey, ...rest }: InvoiceCreateInput,
  secrets: Pick<Secrets, 'hash'>,
): Idempotency | null {
  const ownerId = eventActor(actor).id;
  if (!idempotencyKey || ownerId === null) return null;
  // Sorted, and without what is absent: neither order nor an explicit null makes another request.
  const given = Object.entries(rest)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]): [string, unknown] => [
      name,
      typeof value === 'object' ? Object.entries(value ?? {}).toSorted(byName) : value,
    ])
    .toSorted(byName);
  return {
    ownerId,
    operation: 'invoiceCreate',
    key: idempotencyKey,
    inputHash: secrets.hash(JSON.stringify(given)),
  };
}

const byName = ([a]: [string, unknown], [b]: [string, unknown]): number => (a < b ? -1 : 1);
