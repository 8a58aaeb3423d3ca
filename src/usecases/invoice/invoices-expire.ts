import type { Clock } from '../ports/clock.ts';
import type { ExpiredInvoice, InvoiceStore } from '../ports/invoice-store.ts';
import type { InvoiceWriting } from './invoice-writing.ts';

/**
 * Ends a batch of the open invoices whose time is over, oldest first, after the one named. Gives the last of the batch,
 * or null when it was the last batch. One that fails is told and passed by. Safe in several processes at once.
 */
export type InvoicesExpire = (
  after: ExpiredInvoice | null,
  onFailure: (invoiceId: string, error: unknown) => void,
) => Promise<ExpiredInvoice | null>;

export interface InvoicesExpireDeps extends InvoiceWriting {
  readonly invoices: Pick<InvoiceStore, 'expired'>;
  readonly clock: Clock;
}

const BATCH = 200;

export const invoicesExpire =
  ({ invoices, clock, writeInvoice }: InvoicesExpireDeps): InvoicesExpire =>
  async (after, onFailure) => {
    const due = await invoices.expired(clock.now(), BATCH, after);
    for (const { id } of due) {
      await writeInvoice({ invoiceId: id }, () => ({ type: 'EXPIRE' })).catch((error: unknown) =>
        onFailure(id, error),
      );
    }
    return due.length < BATCH ? null : (due.at(-1) ?? null);
  };
