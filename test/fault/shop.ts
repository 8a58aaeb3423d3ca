import { parseUnits } from 'viem';
import { accepted } from '../../src/demo/api-client.ts';
import type { LocalChain } from '../../src/demo/local-chain/local-chain.ts';
import type { DemoMerchant } from '../../src/demo/merchant.ts';
import type { Surroundings } from '../../src/demo/platform.ts';
import * as operations from '../../src/generated/documents.ts';

/** The surroundings' environment with another number of confirmations, and a watcher that looks often. */
export function withConfirmations({ env }: Surroundings, confirmations: number): Record<string, string> {
  const networks = JSON.parse(env['NETWORKS'] ?? '[]') as object[];
  const changed = networks.map((network) => ({ ...network, confirmations, pollIntervalMs: 100 }));
  return { ...env, NETWORKS: JSON.stringify(changed) };
}

export interface OpenInvoice {
  readonly id: string;
  /** Sends what is due, in a block of its own. */
  pay(chain: LocalChain): Promise<void>;
}

/** A LIVE invoice of 40 USD to be paid in the token of the local chain. */
export async function openInvoice(
  { live }: Pick<DemoMerchant, 'live'>,
  orderId: string,
): Promise<OpenInvoice> {
  const created = await live.send(operations.InvoiceCreateDocument, {
    input: { amount: '40', currency: 'USD', orderId },
  });
  const invoice = accepted(created.invoiceCreate, 'Invoice');
  const quoted = await live.send(operations.QuoteCreateDocument, {
    input: { invoiceId: invoice.id, asset: 'USDT', network: 'ETHEREUM' },
  });
  const quote = accepted(quoted.quoteCreate, 'Quote');
  return {
    id: invoice.id,
    pay: async (chain) => void (await chain.sendToken(quote.address, parseUnits(quote.amount.amount, 6))),
  };
}
