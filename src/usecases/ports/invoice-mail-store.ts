import type { NewEvent } from '../../domain/event/event.ts';
import type { PageSettings } from '../../domain/project/page-settings.ts';
import type { Idempotency } from './invoice-store.ts';

/** What a mail to the customer says beside the invoice's money. */
export interface InvoiceLetter {
  readonly description: string | null;
  readonly customerEmail: string | null;
  readonly projectName: string;
  readonly merchantName: string;
  readonly page: PageSettings;
}

export type MailOutcome =
  | 'sent'
  /** It was paid, ended or barred since it was looked at. */
  | 'not_open'
  /** The same key and input sent it before. */
  | 'replayed'
  | 'key_reused';

/** Invoices on their way to customers (FEATURES D2). */
export interface InvoiceMailStore {
  letterOf(invoiceId: string): Promise<InvoiceLetter | null>;
  /** Null for a key that was not used. */
  usedBefore(idempotency: Idempotency): Promise<'replayed' | 'key_reused' | null>;
  /** Event and key in one statement, if the invoice can be paid at that moment and its project takes payments. */
  send(invoiceId: string, at: Date, event: NewEvent, idempotency: Idempotency | null): Promise<MailOutcome>;
}
