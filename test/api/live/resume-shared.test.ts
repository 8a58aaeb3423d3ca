import { expect, test } from 'vitest';
import * as operations from '../../../src/generated/documents.ts';
import { connectWebSocket } from '../../testkit/live-clients.ts';
import { openShop } from '../../testkit/open-shop.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { createInvoice } from '../../testkit/shop.ts';
import { BEGINNING, takeUntil } from './live-shop.ts';

const kit = usePlatform({ env: { ROLES: 'api' } });

/** Executions that follow events in this process. */
async function executions(): Promise<number> {
  const text = await (await fetch(`${kit.platform.url}/metrics`)).text();
  return Number(/^paybell_event_subscribers (\d+)$/m.exec(text)?.[1]);
}

test('sockets that resumed from a cursor share one execution once they have what was before', async () => {
  const shop = await openShop(kit, 'ada@shop.example');
  const atRest = await executions();
  await createInvoice(shop.test);
  const streams = Array.from({ length: 5 }, () =>
    connectWebSocket(kit.platform.url, shop.testKey).iterate(operations.EventsDocument, { after: BEGINNING }),
  );
  const invoices = [await createInvoice(shop.test), await createInvoice(shop.test)];
  for (const { id } of invoices) {
    const told = await Promise.all(
      streams.map((stream) => takeUntil(stream, ({ events }) => events.subjectId === id)),
    );
    for (const events of told) expect(events).toEqual(told[0]);
  }
  await expect.poll(executions).toBe(atRest + 1);
  const { id } = await createInvoice(shop.test);
  for (const stream of streams) {
    const [next, ...more] = await takeUntil(stream, ({ events }) => events.subjectId === id);
    expect([next?.events.subjectId, more]).toEqual([id, []]);
  }
});
