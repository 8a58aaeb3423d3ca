import { describe, expect, test } from 'vitest';
import { accepted } from '../../src/demo/api-client.ts';
import { openMerchant } from '../../src/demo/merchant.ts';
import * as operations from '../../src/generated/documents.ts';
import { usePlatform } from '../testkit/platform.ts';

const kit = usePlatform();

describe("a first merchant's path", () => {
  test('leads from sign-up to a paid test invoice', async () => {
    const merchant = await openMerchant(kit.platform, 'ada@shop.example');
    const created = await merchant.test.send(operations.InvoiceCreateDocument, {
      input: { amount: '12.50', currency: 'USD', orderId: 'order-1' },
    });
    const invoice = accepted(created.invoiceCreate, 'Invoice');
    expect(invoice).toMatchObject({
      status: 'CREATED',
      exception: 'NONE',
      amount: { amount: '12.50', currency: { code: 'USD' } },
      orderId: 'order-1',
    });
    const quoted = await merchant.test.send(operations.QuoteCreateDocument, {
      input: { invoiceId: invoice.id, asset: 'USDT', network: 'ETHEREUM' },
    });
    const quote = accepted(quoted.quoteCreate, 'Quote');
    expect(quote).toMatchObject({
      amount: { amount: '12.500000', minorUnits: '12500000' },
      rate: '1',
      rateSource: 'fixed table for development',
    });
    expect(quote.address).toMatch(/^TEST-/);
    const paid = await merchant.test.send(operations.TestPaymentSimulateDocument, {
      input: { invoiceId: invoice.id, quoteId: quote.id },
    });
    expect(accepted(paid.testPaymentSimulate, 'Invoice')).toMatchObject({
      status: 'PAID',
      amountPaid: { amount: '12.50' },
      payments: [{ status: 'CREDITED', amount: { amount: '12.500000' } }],
    });
    const { balances } = await merchant.test.send(operations.BalancesDocument, {});
    expect(balances).toEqual([
      {
        asset: { code: 'USDT' },
        pending: { amount: '0.000000' },
        available: { amount: '12.500000' },
        held: { amount: '0.000000' },
      },
    ]);
    const mail = await kit.platform.mail.waitForMail((m) => /paid/i.test(m.parsed.subject ?? ''));
    expect(mail.recipients).toEqual(['ada@shop.example']);
  });
});
