import { setTimeout as pause } from 'node:timers/promises';
import * as operations from '../generated/documents.ts';
import { accepted, type ApiClient } from './api-client.ts';
import { watchEvents } from './event-watcher.ts';
import { createKey, KEY_SCOPES, type DemoMerchant } from './merchant.ts';
import type { Platform } from './platform.ts';
import { say } from './say.ts';

type Reachable = Pick<Platform, 'api' | 'mail' | 'url'>;

const ORDER = 'order-1002';
const PAYER = 'grace@payer.example';
/** Where the payout goes, and where the payer has the refund sent. */
const ADDRESS = '0x71C7656EC7ab88b098defB751B7401B5f6d8976F';
const PATIENCE_MS = 30_000;
const PAUSE_MS = 50;

/**
 * What leaves, in TEST mode, where no coin moves: a payout of what an invoice brought, and a refund whose payer says over
 * the link in a mail where it is to go.
 */
export async function payOutAndRefund(platform: Reachable, merchant: DemoMerchant): Promise<void> {
  const { owner, projectId } = merchant;
  const key = await createKey(owner, projectId, 'TEST', [...KEY_SCOPES, 'PAYOUT_READ', 'PAYOUT_WRITE']);
  const shop = platform.api.as(key);
  const stopWatching = await watchEvents(platform, key);
  const invoiceId = await paidTestInvoice(shop);
  await payOut(shop);
  await refund(platform, shop, invoiceId);
  const { balances } = await shop.send(operations.BalancesDocument, {});
  for (const { asset, available } of balances)
    say('ledger', `TEST available: ${available.amount} ${asset.code}`);
  stopWatching();
}

async function paidTestInvoice(shop: ApiClient): Promise<string> {
  const created = await shop.send(operations.InvoiceCreateDocument, {
    input: { amount: '100.00', currency: 'USD', orderId: ORDER, customerEmail: PAYER },
  });
  const { id } = accepted(created.invoiceCreate, 'Invoice');
  const paid = await shop.send(operations.TestPaymentSimulateDocument, {
    input: { invoiceId: id, quoteId: await quoteOf(shop, id) },
  });
  say('invoice', `${ORDER}: a TEST invoice, ${accepted(paid.testPaymentSimulate, 'Invoice').status}`);
  return id;
}

async function quoteOf(shop: ApiClient, invoiceId: string): Promise<string> {
  const quoted = await shop.send(operations.QuoteCreateDocument, {
    input: { invoiceId, asset: 'USDT', network: 'ETHEREUM' },
  });
  return accepted(quoted.quoteCreate, 'Quote').id;
}

async function payOut(shop: ApiClient): Promise<void> {
  const made = await shop.send(operations.PayoutMakeDocument, {
    input: {
      currency: 'USDT',
      network: 'ETHEREUM',
      address: ADDRESS,
      amount: '40',
      idempotencyKey: 'salary-1',
    },
  });
  const { id, status, arrives } = accepted(made.payoutCreate, 'Payout');
  say('payout', `${arrives.amount} USDT to ${ADDRESS}: ${status}`);
  say('payout', `carried out by simulation: ${await carriedOut(shop, id)}`);
}

/** What the network would do; gives the state that the payout ends in. */
async function carriedOut(shop: ApiClient, payoutId: string): Promise<string> {
  const ended = await shop.send(operations.TestPayoutEndDocument, { input: { payoutId } });
  return accepted(ended.testPayoutSimulate, 'Payout').status;
}

async function refund(platform: Reachable, shop: ApiClient, invoiceId: string): Promise<void> {
  const asked = await shop.send(operations.RefundCreateDocument, {
    input: { invoiceId, amount: '25', reason: 'REQUESTED_BY_CUSTOMER', idempotencyKey: 'return-1' },
  });
  const { status, amount } = accepted(asked.refundCreate, 'Refund');
  say(
    'refund',
    `${amount.amount} ${amount.currency.code} of ${ORDER}: ${status}, the payer is asked by e-mail`,
  );
  await claim(platform);
  const ofInvoice = async () => {
    const { invoice } = await shop.send(operations.RefundsOfInvoiceDocument, { id: invoiceId });
    return invoice?.refunds.edges[0]?.node;
  };
  const payout = await until(async () => (await ofInvoice())?.payout);
  await carriedOut(shop, payout.id);
  await until(async () => (await ofInvoice())?.status === 'SUCCEEDED');
  say('refund', `SUCCEEDED: ${payout.arrives.amount} USDT to ${ADDRESS}`);
}

/** Opens the link in the mail to the payer and names an address, as the form on the page behind it does. */
async function claim({ mail, url }: Reachable): Promise<void> {
  const linkIn = (text = ''): string | undefined => /\/refund\/[\w-]+/.exec(text)?.[0];
  const asked = await mail.waitForMail(
    ({ recipients, parsed }) => recipients.includes(PAYER) && linkIn(parsed.text) !== undefined,
    PATIENCE_MS,
  );
  say('payer', `opens the link in "${asked.parsed.subject ?? ''}" and names ${ADDRESS}`);
  const body = new URLSearchParams({ address: ADDRESS, confirmed: 'yes' });
  const { status } = await fetch(`${url}${linkIn(asked.parsed.text) ?? ''}`, { method: 'POST', body });
  if (status !== 200) throw new Error(`the claim page answered ${status}`);
}

/** Asks again until there is something. Throws Error after half a minute. */
async function until<T>(ask: () => Promise<T | null | undefined | false>): Promise<T> {
  const giveUpAt = performance.now() + PATIENCE_MS;
  for (;;) {
    const found = await ask();
    if (found) return found;
    if (performance.now() > giveUpAt) throw new Error('the refund is not carried out');
    await pause(PAUSE_MS);
  }
}
