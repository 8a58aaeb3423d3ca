import { beforeAll, expect, test } from 'vitest';
import { openMerchant, type DemoMerchant } from '../../src/demo/merchant.ts';
import * as operations from '../../src/generated/documents.ts';
import { createMovableClock } from '../testkit/movable-clock.ts';
import { usePlatform } from '../testkit/platform.ts';
import { createInvoice, createQuote, invoiceOf, simulatePayment } from '../testkit/shop.ts';

const clock = createMovableClock();
const kit = usePlatform({ overrides: { clock } });
let merchant: DemoMerchant;
beforeAll(async () => {
  merchant = await openMerchant(kit.platform, 'ada@shop.example');
});

test('an invoice that was quoted more often than it shows is quoted, shown and paid by the newest', async () => {
  const { id } = await createInvoice(merchant.test, { lifetimeSeconds: 7 * 24 * 3600 });
  const ether = await createQuote(merchant.test, id, { asset: 'ETH' });
  let newest = await createQuote(merchant.test, id);
  for (let count = 2; count < 52; count++) {
    // The rate is locked for 15 minutes.
    clock.advance({ seconds: 901 });
    newest = await createQuote(merchant.test, id);
  }
  const { invoice } = await merchant.test.send(operations.InvoiceInFullDocument, { id });
  const shown = invoice?.quotes.map((quote) => quote.id) ?? [];
  expect(shown).toHaveLength(50);
  // The last one of each way, and the newest besides; in the order in which they were made.
  expect([shown[0], shown.at(-1)]).toEqual([ether.id, newest.id]);
  expect(shown.toSorted()).toEqual(shown);
  await simulatePayment(merchant.test, id, newest.id);
  expect(await invoiceOf(merchant.test, id)).toMatchObject({ status: 'PAID' });
  // Of an invoice that waits for nothing it is the one that it had.
  expect((await createQuote(merchant.test, id, { asset: 'ETH' })).id).toBe(ether.id);
});
