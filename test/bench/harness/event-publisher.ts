import pg from 'pg';
import { v7 } from 'uuid';
import { openNotifyChannel } from '../../../src/adapters/bus/notify-channel.ts';
import { eventRows, insertEvents } from '../../../src/adapters/db/event-insert.ts';
import type { NewEvent } from '../../../src/domain/event/event.ts';
import { sharedNow } from '../children/answer-parent.ts';
import { MERCHANT_ID, SHOPS } from './seed-merchant.ts';

/** Writes events as another process of the gateway does, a watcher for example. */
export interface EventPublisher {
  /** Commits them in one transaction. Gives the moment after the commit, on the shared clock. */
  commit(numbers: readonly number[]): Promise<number>;
  /** Tells the API process that there is something to read. */
  announce(): void;
  stop(): Promise<void>;
}

const silent = () => undefined;

/** @param invoice what the events are about; something else each unless said */
export function openEventPublisher(databaseUrl: string, invoice?: string): EventPublisher {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 });
  const logger = { debug: silent, info: silent, warn: silent, error: silent };
  const channel = openNotifyChannel({ connectionString: databaseUrl, logger, onNotice: silent });
  return {
    async commit(numbers) {
      await pool.query({
        name: 'publish',
        text: insertEvents('$1'),
        values: [eventRows(numbers.map((n) => eventOf(n, invoice)))],
      });
      return sharedNow();
    },
    announce: () => channel.announce(),
    async stop() {
      await channel.close();
      await pool.end();
    },
  };
}

/** The number as the clients look for it: six digits, so that all messages have one length. */
export const numberText = (n: number): string => String(n).padStart(6, '0');

const eventOf = (n: number, invoice?: string): NewEvent => {
  const id = v7();
  return {
    id,
    type: 'invoice.paid',
    mode: 'LIVE',
    merchantId: MERCHANT_ID,
    projectId: SHOPS.plain.projectId,
    actor: { type: 'SYSTEM', id: null },
    subject: { type: 'INVOICE', id: invoice ?? id },
    data: {
      n: numberText(n),
      invoiceId: invoice ?? id,
      orderId: 'order-1',
      status: 'PAID',
      currency: 'EUR',
      amount: '10.00',
    },
    occurredAt: new Date(),
  };
};
