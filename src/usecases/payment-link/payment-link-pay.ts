import type { Actor } from '../../domain/access/actor.ts';
import { formatAmount } from '../../domain/money/money.ts';
import { isWithin, type PaymentLink } from '../../domain/payment-link/payment-link.ts';
import { newBarrier } from '../../domain/project/moderation.ts';
import { clientOf, takeAttempt } from '../attempt.ts';
import {
  makeInvoice,
  readInvoice,
  type CreatedInvoice,
  type InvoiceCreateDeps,
} from '../invoice/invoice-create.ts';
import type { AttemptLimits } from '../ports/attempt-limits.ts';
import type { PaymentLinkStore } from '../ports/payment-link-store.ts';
import { refuse, type Result } from '../result.ts';
import { paymentLinkFor } from './payment-link-place.ts';

export interface PaymentLinkPayInput {
  readonly paymentLinkId: string;
  /** A decimal in whole units of the link's currency. */
  readonly amount: string;
  readonly customerEmail?: string | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
}

/**
 * Makes an invoice over the amount that a payer chose (FEATURES D10), of the project's default lifetime. The invoice
 * bears the link's title. With an idempotency key a repeated request gives the invoice of the first one; all payers of a
 * shop's page share its publishable key, so theirs must be random.
 */
export type PaymentLinkPay = (actor: Actor, input: PaymentLinkPayInput) => Promise<Result<CreatedInvoice>>;

export interface PaymentLinkPayDeps extends InvoiceCreateDeps {
  readonly paymentLinks: Pick<PaymentLinkStore, 'byId'>;
  readonly limits: AttemptLimits;
}

export const paymentLinkPay =
  (deps: PaymentLinkPayDeps): PaymentLinkPay =>
  async (actor, input) => {
    const found = await paymentLinkFor(deps.paymentLinks, actor, 'invoice:pay', input.paymentLinkId);
    if (!found.ok) return found;
    const link = found.value;
    const { customerEmail, idempotencyKey } = input;
    const { currency, title, returnUrl } = link;
    const invoice = { amount: input.amount, currency, customerEmail, idempotencyKey, returnUrl };
    const amount = readInvoice(invoice);
    if (!amount.ok) return amount;
    if (!isWithin(link, amount.value)) return outOfBounds(link);
    const limited = await limitStrangers(deps, actor);
    if (limited) return limited;
    if (link.disabledAt !== null) return disabled();
    const project = await deps.projects.projectById(link.projectId);
    if (!project) throw new Error(`payment link ${link.id} has no project`);
    const barrier = newBarrier(project, link.mode);
    if (barrier !== null) return refuse('PROJECT_NOT_ACTIVE', barrier);
    const { idempotencyKey: _key, ...request } = input;
    const made = await makeInvoice(deps, actor, { project, mode: link.mode }, amount.value, {
      input: { ...invoice, description: title },
      operation: 'paymentLinkPay',
      request,
      paymentLinkId: link.id,
    });
    if (made.ok || made.refusal.code !== 'PROJECT_NOT_ACTIVE') return made;
    // The statement takes no invoice by a link that was disabled meanwhile either.
    const now = await deps.paymentLinks.byId(link.id);
    return now?.disabledAt ? disabled() : made;
  };

const disabled = (): Result<never> =>
  refuse('WRONG_STATE', 'The payment link takes no payments at the moment.', 'paymentLinkId');

function outOfBounds({ minimumAmount, maximumAmount, currency }: PaymentLink): Result<never> {
  const written = (minorUnits: bigint) => `${formatAmount({ minorUnits, currency })} ${currency}`;
  const bounds = [
    ...(minimumAmount === null ? [] : [`at least ${written(minimumAmount)}`]),
    ...(maximumAmount === null ? [] : [`at most ${written(maximumAmount)}`]),
  ];
  return refuse('INVALID_INPUT', `This link takes ${bounds.join(' and ')}.`, 'amount');
}

/** A publishable key stands in a page for all to see: whoever reads it could make invoices without end. */
const limitStrangers = async (
  { limits, clock }: Pick<PaymentLinkPayDeps, 'limits' | 'clock'>,
  actor: Actor,
): Promise<Result<never> | null> =>
  actor.type === 'API_KEY' && actor.kind === 'PUBLISHABLE'
    ? takeAttempt(limits, 'link_payment', { client: clientOf(actor) }, clock.now())
    : null;
