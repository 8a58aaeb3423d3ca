import { createClient } from 'graphql-ws';
import { print } from 'graphql';
import * as operations from '../generated/documents.ts';
import { accepted } from './api-client.ts';
import type { DemoMerchant } from './merchant.ts';
import { MERCHANT_BOT_TOKEN, type Platform } from './platform.ts';
import { say } from './say.ts';

const ORDER = 'order-1001';

/** Creates an invoice, pays it on the local chain, and waits until every channel has told of it. */
export async function payInvoice(platform: Platform, merchant: DemoMerchant): Promise<void> {
  const { chain, mail, bots } = platform;
  if (!chain) throw new Error('the demo needs a chain');
  const created = await merchant.live.send(operations.InvoiceCreateDocument, {
    input: { amount: '25.00', currency: 'USD', orderId: ORDER, idempotencyKey: ORDER },
  });
  const invoice = accepted(created.invoiceCreate, 'Invoice');
  say('invoice', `${ORDER}: ${invoice.amount.amount} ${invoice.amount.currency.code}, ${invoice.status}`);
  const quoted = await merchant.live.send(operations.QuoteCreateDocument, {
    input: { invoiceId: invoice.id, asset: 'USDT', network: 'ETHEREUM' },
  });
  const { address, amount } = accepted(quoted.quoteCreate, 'Quote');
  say('payer', `sends ${amount.amount} ${amount.currency.code} to ${address}`);

  const paid = waitForPaid(platform, merchant, invoice.id);
  const txId = await chain.sendToken(address, BigInt(amount.minorUnits));
  say('chain', `transaction ${txId}`);
  await Promise.all([
    paid,
    mail.waitForMail((m) => (m.parsed.text ?? '').includes(ORDER), PATIENCE_MS),
    bots.waitForMessage((m) => m.token === MERCHANT_BOT_TOKEN && m.text.includes(ORDER), PATIENCE_MS),
  ]);
  const { balances } = await merchant.live.send(operations.BalancesDocument, {});
  for (const { asset, available } of balances) say('ledger', `available: ${available.amount} ${asset.code}`);
}

const PATIENCE_MS = 60_000;

/** Waits on the invoice's own subscription. */
async function waitForPaid({ url }: Platform, { liveKey }: DemoMerchant, id: string): Promise<void> {
  const client = createClient({
    url: `${url.replace(/^http/, 'ws')}/graphql`,
    connectionParams: { authorization: `Bearer ${liveKey}` },
  });
  const query = print(operations.InvoiceUpdatedDocument);
  const updates = client.iterate<operations.InvoiceUpdatedSubscription>({ query, variables: { id } });
  for await (const { data } of updates) {
    if (data?.invoiceUpdated.invoice.status === 'PAID') break;
  }
  await client.dispose();
}
