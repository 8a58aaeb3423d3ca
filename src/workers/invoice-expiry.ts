import { setTimeout as delay } from 'node:timers/promises';
import type { InvoicesExpire } from '../usecases/invoice/invoices-expire.ts';
import type { ExpiredInvoice } from '../usecases/ports/invoice-store.ts';
import type { LeaderLock } from '../usecases/ports/leader-lock.ts';
import type { Logger } from '../usecases/ports/logger.ts';

export interface InvoiceExpiryDeps {
  readonly invoicesExpire: InvoicesExpire;
  readonly leader: LeaderLock;
  readonly logger: Logger;
}

const LOOK_MILLISECONDS = 1000;

/** Ends invoices whose time is over, about a second after; in one process at a time. */
export const createInvoiceExpiry = ({ invoicesExpire, leader, logger }: InvoiceExpiryDeps) => ({
  run: (signal: AbortSignal): Promise<void> =>
    leader.lead('invoice-expiry', signal, async (leading) => {
      let last: ExpiredInvoice | null = null;
      while (!leading.aborted) {
        last = await invoicesExpire(last, (invoiceId, error) =>
          logger.error({ invoiceId, err: error }, 'an invoice could not be expired; trying again'),
        ).catch((error: unknown) => {
          logger.error({ err: error }, 'invoices could not be expired; trying again');
          return null;
        });
        if (last === null)
          await delay(LOOK_MILLISECONDS, undefined, { signal: leading }).catch(() => undefined);
      }
    }),
});
