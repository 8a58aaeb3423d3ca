import { beforeAll, describe, expect, test } from 'vitest';
import { openMerchant, type DemoMerchant } from '../../src/demo/merchant.ts';
import * as operations from '../../src/generated/documents.ts';
import { usePlatform } from '../testkit/platform.ts';
import { cancel, createInvoice, createQuote, simulatePayment } from '../testkit/shop.ts';
import { statementsDuring } from '../testkit/statements.ts';
import { askExport, linesOf } from './export/export-kit.ts';

const kit = usePlatform();
let merchant: DemoMerchant;
const paid: string[] = [];

beforeAll(async () => {
  merchant = await openMerchant(kit.platform, 'ada@shop.example');
  for (let count = 0; count < 3; count++) {
    const { id } = await createInvoice(merchant.test);
    await simulatePayment(merchant.test, id, (await createQuote(merchant.test, id)).id);
    paid.unshift(id);
  }
});

describe('a value that a filter names several times', () => {
  test('lists its invoices once', async () => {
    const { invoices } = await merchant.test.send(operations.InvoicesDocument, {
      filter: { status: ['PAID', 'PAID'] },
    });
    expect(invoices.edges.map((e) => e.node.id)).toEqual(paid);
    const { id } = await createInvoice(merchant.test);
    await cancel(merchant.test, id);
    const cancelled = await merchant.test.send(operations.InvoicesDocument, {
      filter: { exception: ['CANCELLED', 'CANCELLED'] },
    });
    expect(cancelled.invoices.edges.map((e) => e.node.id)).toEqual([id]);
  });

  test('lists its payments once, in the export too', async () => {
    const filter: operations.PaymentFilter = { status: ['CREDITED', 'CREDITED'] };
    const { payments } = await merchant.test.send(operations.ListOfPaymentsDocument, { filter });
    expect(payments.edges).toHaveLength(3);
    const asked = { token: merchant.testKey, filter };
    const response = await askExport(kit.platform.url, 'payments.jsonl', asked);
    expect(linesOf(await response.text())).toHaveLength(3);
  });
});

test('payments with their invoices cost as many statements for three as for one', async () => {
  const cost = (first: number) =>
    statementsDuring(/FROM invoice i WHERE i\.id = (\$1|ANY)/, async () => {
      const { payments } = await merchant.test.send(operations.UnresolvedPaymentsDocument, { first });
      expect(payments.edges.map((e) => e.node.invoice?.id)).toEqual(paid.slice(0, first));
    });
  const one = await cost(1);
  expect(one).toHaveLength(1);
  expect(await cost(3)).toHaveLength(1);
});
