import { setTimeout as delay } from 'node:timers/promises';
import { v7 } from 'uuid';
import { openNotifyChannel } from '../../../src/adapters/bus/notify-channel.ts';
import type { NewEvent } from '../../../src/domain/event/event.ts';
import { recordingLogger, writeEvents } from '../../bus/bus-fixture.ts';
import type { TestDatabase } from '../../testkit/database.ts';
import type { HubShop } from './shops.ts';

/** A payment that was written. */
export interface PaidEvent {
  readonly id: string;
  readonly shop: HubShop;
  /** The number of its order, which messages show; later ones of a shop have greater ones. */
  readonly order: number;
  /** Just before its commit, in milliseconds since the epoch. */
  readonly at: number;
}

const TICK_MS = 50;

/** Writes `count` payments of the shops in turn, so many a second, as a watcher does, and announces each commit. */
export async function writePaidEvents(
  db: TestDatabase,
  shops: readonly HubShop[],
  { count, perSecond }: { readonly count: number; readonly perSecond: number },
): Promise<PaidEvent[]> {
  const channel = openNotifyChannel({
    connectionString: db.url,
    logger: recordingLogger(),
    onNotice: () => undefined,
  });
  const written: PaidEvent[] = [];
  const begun = performance.now();
  while (written.length < count) {
    const owed = Math.min(count, Math.ceil(((performance.now() - begun) / 1000) * perSecond));
    const batch: NewEvent[] = [];
    for (let order = written.length; order < owed; order += 1) {
      const shop = shops[order % shops.length];
      if (!shop) throw new Error('no shops');
      const event = paid(shop, order);
      batch.push(event);
      written.push({ id: event.id, shop, order, at: event.occurredAt.getTime() });
    }
    if (batch.length > 0) {
      await writeEvents(db.pool, ...batch);
      channel.announce();
    }
    await delay(TICK_MS);
  }
  await channel.close();
  return written;
}

const paid = ({ merchantId, projectId, invoiceId }: HubShop, order: number): NewEvent => ({
  id: v7(),
  type: 'invoice.paid',
  merchantId,
  projectId,
  mode: 'LIVE',
  subject: { type: 'INVOICE', id: invoiceId },
  actor: { type: 'SYSTEM', id: null },
  data: {
    invoiceId,
    orderId: orderText(order),
    status: 'PAID',
    exception: 'NONE',
    currency: 'USD',
    amount: '12.50',
    amountPaid: '12.50',
  },
  occurredAt: new Date(),
});

const orderText = (order: number): string => `order-${order}.`;

/** The order that a message tells of; null for a message of several. */
export function orderIn(text: string): number | null {
  const order = /order-(\d+)\./.exec(text)?.[1];
  return order === undefined ? null : Number(order);
}
