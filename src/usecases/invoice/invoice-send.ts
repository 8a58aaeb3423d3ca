import { eventActor, type Actor } from '../../domain/access/actor.ts';
import { emailKeyOf, isEmail } from '../../domain/account/email-address.ts';
import { invoiceEvent } from '../../domain/invoice/invoice-events.ts';
import { canQuote } from '../../domain/invoice/invoice-status.ts';
import type { Invoice } from '../../domain/invoice/invoice.ts';
import { liveBarrier } from '../../domain/project/moderation.ts';
import { isPlainText } from '../../domain/text/plain-text.ts';
import { takeAttempt } from '../attempt.ts';
import { idempotencyOf } from '../idempotency-of.ts';
import type { AttemptLimits } from '../ports/attempt-limits.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { InvoiceLetter, InvoiceMailStore } from '../ports/invoice-mail-store.ts';
import type { InvoiceStore } from '../ports/invoice-store.ts';
import type { ProjectStore } from '../ports/project-store.ts';
import type { Secrets } from '../ports/secrets.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import { invoiceFor } from './invoice-place.ts';

export interface InvoiceSendInput {
  readonly invoiceId: string;
  /** The invoice's own customer when left out. */
  readonly email?: string | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
}

/**
 * Sends an invoice that can be paid to the customer by e-mail, with the link to its page (FEATURES D2). With an
 * idempotency key a repeated request sends nothing.
 */
export type InvoiceSend = (actor: Actor, input: InvoiceSendInput) => Promise<Result<{ invoiceId: string }>>;

export interface InvoiceSendDeps {
  readonly invoices: Pick<InvoiceStore, 'snapshot'>;
  readonly invoiceMails: InvoiceMailStore;
  readonly projects: Pick<ProjectStore, 'projectById'>;
  readonly limits: AttemptLimits;
  readonly secrets: Pick<Secrets, 'hash'>;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly feed: Pick<EventFeed, 'poke'>;
}

const MAX_KEY = 255;

export const invoiceSend =
  (deps: InvoiceSendDeps): InvoiceSend =>
  async (actor, input) => {
    const { invoiceMails, clock, ids, feed, secrets } = deps;
    const found = await invoiceFor(deps.invoices, actor, 'invoice:write', input.invoiceId);
    if (!found.ok) return found;
    const { invoice } = found.value;
    const letter = await invoiceMails.letterOf(invoice.id);
    if (!letter) throw new Error(`invoice ${invoice.id} has no project`);
    const address = readAddress(input, letter);
    if (!address.ok) return address;

    const { idempotencyKey, ...request } = input;
    const key = idempotencyOf(actor, { idempotencyKey, operation: 'invoiceSend', request }, secrets);
    const before = key && (await invoiceMails.usedBefore(key));
    if (before) return before === 'replayed' ? done({ invoiceId: invoice.id }) : keyReused();
    const at = clock.now();
    const barred =
      (await takeLimits(deps, invoice, address.value, at)) ?? (await barrierOf(deps, invoice, at));
    if (barred) return barred;

    const event = stampEvent(sentEvent(invoice, letter, address.value), {
      id: ids.next(),
      actor: eventActor(actor),
      at,
    });
    switch (await invoiceMails.send(invoice.id, at, event, key)) {
      case 'sent':
        feed.poke();
        return done({ invoiceId: invoice.id });
      case 'replayed':
        return done({ invoiceId: invoice.id });
      case 'key_reused':
        return keyReused();
      case 'not_open':
        return notOpen();
    }
  };

const keyReused = () =>
  refuse('IDEMPOTENCY_KEY_REUSED', 'This key was used with another input.', 'idempotencyKey');
const notOpen = () => refuse('INVOICE_NOT_OPEN', 'The invoice does not wait for a payment any more.');

function readAddress({ email, idempotencyKey }: InvoiceSendInput, letter: InvoiceLetter): Result<string> {
  const address = (email ?? letter.customerEmail)?.trim();
  if (address === undefined)
    return refuse('INVALID_INPUT', 'The invoice knows no address of its customer: name one.', 'email');
  if (!isEmail(address)) return refuse('INVALID_INPUT', 'This is no e-mail address.', 'email');
  if (typeof idempotencyKey === 'string' && !isKey(idempotencyKey))
    return refuse('INVALID_INPUT', `This has 1 to ${MAX_KEY} characters.`, 'idempotencyKey');
  return done(address);
}

const isKey = (key: string): boolean => key.length >= 1 && key.length <= MAX_KEY && isPlainText(key);

/** The gateway is nobody's bulk mailer: neither an invoice, nor a person's inbox, nor a merchant is without bounds. */
async function takeLimits(
  { limits }: InvoiceSendDeps,
  { id, merchantId, mode }: Invoice,
  email: string,
  at: Date,
): Promise<Result<never> | null> {
  const ofMerchant = mode === 'TEST' ? 'invoice_mail_test' : 'invoice_mail_merchant';
  return (
    (await takeAttempt(limits, 'invoice_mail', { account: id }, at)) ??
    (await takeAttempt(limits, 'invoice_mail_inbox', { account: emailKeyOf(email) }, at)) ??
    (await takeAttempt(limits, ofMerchant, { account: merchantId }, at))
  );
}

async function barrierOf(
  { projects }: InvoiceSendDeps,
  invoice: Invoice,
  at: Date,
): Promise<Result<never> | null> {
  if (!canQuote(invoice) || at >= invoice.expiresAt) return notOpen();
  if (invoice.mode === 'TEST') return null;
  const project = await projects.projectById(invoice.projectId);
  const barrier = project && liveBarrier(project);
  return barrier ? refuse('PROJECT_NOT_ACTIVE', barrier) : null;
}

const sentEvent = (invoice: Invoice, letter: InvoiceLetter, customerEmail: string) =>
  invoiceEvent('invoice.sent', invoice, {
    customerEmail,
    shopName: letter.page.title ?? letter.projectName,
    merchantName: letter.page.showMerchantName ? letter.merchantName : null,
    description: letter.description,
    expiresAt: invoice.expiresAt.toISOString(),
    locale: letter.page.language ?? 'en',
  });
