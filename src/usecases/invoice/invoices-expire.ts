import type { Clock } from '../ports/clock.ts';
import type { InvoiceStore } from '../ports/invoice-store.ts';
import type { InvoiceWriting } from './invoice-writing.ts';

/** Ends the open invoices whose time is over. Returns how many it looked at; safe in several processes at once. */
export type InvoicesExpire = () => Promise<number>;

export interface InvoicesExpireDeps extends InvoiceWriting {
  readonly invoices: Pick<InvoiceStore, 'expired'>;
  readonly clock: Clock;
}

const BATCH = 200;

export const invoicesExpire =
  ({ invoices, clock, writeInvoice }: InvoicesExpireDeps): InvoicesExpire =>
  async () => {
    const due = await invoices.expired(clock.now(), BATCH);
    for (const invoiceId of due) await writeInvoice({ invoiceId }, () => ({ type: 'EXPIRE' }));
    return due.length;
  };
