import { accepted, type ApiClient } from '../../src/demo/api-client.ts';
import * as operations from '../../src/generated/documents.ts';

type InvoiceInput = operations.InvoiceCreateMutationVariables['input'];
type QuoteInput = operations.QuoteCreateMutationVariables['input'];

/** What a shop does over the API, in steps that tests share. */
export async function createInvoice(api: ApiClient, input: Partial<InvoiceInput> = {}) {
  const created = await api.send(operations.InvoiceCreateDocument, {
    input: { amount: '12.50', currency: 'USD', ...input },
  });
  return accepted(created.invoiceCreate, 'Invoice');
}

/** The answer to invoiceCreate, a refusal too. */
export const tryInvoice = async (api: ApiClient, input: Partial<InvoiceInput>) =>
  (
    await api.send(operations.InvoiceCreateDocument, {
      input: { amount: '12.50', currency: 'USD', ...input },
    })
  ).invoiceCreate;

export const tryQuote = async (api: ApiClient, invoiceId: string, choice: Partial<QuoteInput> = {}) =>
  (
    await api.send(operations.QuoteCreateDocument, {
      input: { invoiceId, asset: 'USDT', network: 'ETHEREUM', ...choice },
    })
  ).quoteCreate;

export const createQuote = async (api: ApiClient, invoiceId: string, choice: Partial<QuoteInput> = {}) =>
  accepted(await tryQuote(api, invoiceId, choice), 'Quote');

/** Pays a TEST invoice: the quoted amount, or the one given. */
export async function simulatePayment(api: ApiClient, invoiceId: string, quoteId: string, amount?: string) {
  const paid = await api.send(operations.TestPaymentSimulateDocument, {
    input: { invoiceId, quoteId, ...(amount === undefined ? {} : { amount }) },
  });
  return accepted(paid.testPaymentSimulate, 'Invoice');
}

export const cancel = async (api: ApiClient, invoiceId: string) =>
  (await api.send(operations.InvoiceCancelDocument, { input: { invoiceId } })).invoiceCancel;

export const invoiceOf = async (api: ApiClient, id: string) =>
  (await api.send(operations.InvoiceDocument, { id })).invoice;

/** Pending, available and held per asset, as one line each. */
export async function balancesOf(api: ApiClient): Promise<Record<string, readonly [string, string, string]>> {
  const { balances } = await api.send(operations.BalancesDocument, {});
  return Object.fromEntries(
    balances.map((b) => [b.asset.code, [b.pending.amount, b.available.amount, b.held.amount] as const]),
  );
}
