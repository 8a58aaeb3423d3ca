import { eventActor, type Actor } from '../../domain/access/actor.ts';
import { carries } from '../../domain/chain/networks.ts';
import { invoiceEvent } from '../../domain/invoice/invoice-events.ts';
import { canQuote } from '../../domain/invoice/invoice-status.ts';
import type { Invoice } from '../../domain/invoice/invoice.ts';
import { formatAmount } from '../../domain/money/money.ts';
import { quoteAmount, scaleRate, type Rate } from '../../domain/money/rate.ts';
import { liveBarrier } from '../../domain/project/moderation.ts';
import { isAccepted } from '../../domain/project/payment-rules.ts';
import type { Clock } from '../ports/clock.ts';
import type { DepositAddresses } from '../ports/deposit-addresses.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { InvoiceStore, NewQuote } from '../ports/invoice-store.ts';
import type { ProjectStore } from '../ports/project-store.ts';
import type { Rates } from '../ports/rates.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import { invoiceFor } from './invoice-place.ts';

export interface QuoteCreateInput {
  readonly invoiceId: string;
  readonly asset: string;
  readonly network: string;
}

/**
 * The payer chooses asset and network: amount and rate are locked until the invoice expires, and the invoice gets
 * its own address there (FEATURES D3). Asked again, it gives the same quote. A LIVE invoice of a project that is not
 * ACTIVE any more gets none, not even the one it had; what was sent to its address is credited all the same.
 */
export type QuoteCreate = (actor: Actor, input: QuoteCreateInput) => Promise<Result<{ quoteId: string }>>;

export interface QuoteCreateDeps {
  readonly invoices: Pick<InvoiceStore, 'snapshot' | 'addQuote'>;
  readonly projects: Pick<ProjectStore, 'projectById'>;
  readonly addresses: DepositAddresses;
  readonly rates: Rates;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly feed: Pick<EventFeed, 'poke'>;
}

export const quoteCreate =
  (deps: QuoteCreateDeps): QuoteCreate =>
  async (actor, input) => {
    for (;;) {
      const found = await invoiceFor(deps.invoices, actor, 'invoice:pay', input.invoiceId);
      if (!found.ok) return found;
      const { invoice, revision } = found.value;
      const project = await deps.projects.projectById(invoice.projectId);
      if (!project) throw new Error(`invoice ${invoice.id} has no project`);
      const barrier = invoice.mode === 'LIVE' ? liveBarrier(project) : null;
      if (barrier !== null) return refuse('PROJECT_NOT_ACTIVE', barrier);
      const existing = invoice.quotes.find((q) => q.asset === input.asset && q.network === input.network);
      if (existing) return done({ quoteId: existing.id });
      const quote = await draftQuote(deps, invoice, project.acceptedAssets, input);
      if (!quote.ok) return quote;
      const event = stampEvent(quotedEvent(invoice, quote.value), {
        id: deps.ids.next(),
        actor: eventActor(actor),
        at: quote.value.createdAt,
      });
      if ((await deps.invoices.addQuote(quote.value, revision, event)) === 'written') {
        deps.feed.poke();
        return done({ quoteId: quote.value.id });
      }
      // Another writer was first: look again at what the invoice is now.
    }
  };

async function draftQuote(
  deps: QuoteCreateDeps,
  invoice: Invoice,
  accepted: readonly string[],
  input: QuoteCreateInput,
): Promise<Result<NewQuote>> {
  const at = deps.clock.now();
  if (!canQuote(invoice) || at >= invoice.expiresAt) {
    return refuse('INVOICE_NOT_OPEN', 'The invoice does not wait for a payment any more.');
  }
  if (!carries(input.network, input.asset)) {
    return refuse('ASSET_NOT_AVAILABLE', `${input.asset} is not sent over ${input.network}.`, 'asset');
  }
  if (!isAccepted(accepted, input)) {
    return refuse('ASSET_NOT_AVAILABLE', `This shop takes no ${input.asset} over ${input.network}.`, 'asset');
  }
  const rate = await rateFor(deps, invoice, input.asset, at);
  if (!rate)
    return refuse('RATE_UNAVAILABLE', `There is no fresh rate of ${input.asset} in ${invoice.currency}.`);
  const address =
    invoice.mode === 'TEST'
      ? testAddress(input.network, invoice.id)
      : await deps.addresses.assign(input.network, invoice.id, at);
  if (address === null)
    return refuse('ASSET_NOT_AVAILABLE', `${input.network} is not available here.`, 'network');
  return done({
    id: deps.ids.next(),
    invoiceId: invoice.id,
    asset: input.asset,
    network: input.network,
    amount: quoteAmount(invoice.amount, invoice.currency, input.asset, rate.scaled),
    rate: rate.scaled,
    rateSource: rate.source,
    rateAt: rate.at,
    address,
    createdAt: at,
    expiresAt: invoice.expiresAt,
  });
}

async function rateFor(
  deps: QuoteCreateDeps,
  invoice: Invoice,
  asset: string,
  at: Date,
): Promise<Rate | null> {
  if (invoice.currency === asset) return { scaled: scaleRate('1'), source: 'priced in the asset', at };
  return deps.rates.rateOf(asset, invoice.currency);
}

/** No wallet accepts this as an address, so nobody can send real coins to a test invoice (FEATURES D16). */
const testAddress = (network: string, invoiceId: string): string => `TEST-${network}-${invoiceId}`;

const quotedEvent = (invoice: Invoice, quote: NewQuote) =>
  invoiceEvent('invoice.quoted', invoice, {
    quoteId: quote.id,
    network: quote.network,
    asset: quote.asset,
    due: formatAmount({ minorUnits: quote.amount, currency: quote.asset }),
    address: quote.address,
  });
