import { eventActor, type Actor } from '../../domain/access/actor.ts';
import { carries } from '../../domain/chain/networks.ts';
import { testAddress } from '../../domain/chain/test-address.ts';
import { termsOf } from '../../domain/fee/fee-schedule.ts';
import type { ChangeContext } from '../../domain/invoice/invoice-change.ts';
import { invoiceEvent } from '../../domain/invoice/invoice-events.ts';
import { canQuote } from '../../domain/invoice/invoice-status.ts';
import { latestQuote, type Invoice } from '../../domain/invoice/invoice.ts';
import { settlementNow } from '../../domain/invoice/payment-arrival.ts';
import { keptOf, seenValue } from '../../domain/invoice/invoice-value.ts';
import { formatAmount } from '../../domain/money/money.ts';
import { priceOf, withSpread } from '../../domain/money/rate-table.ts';
import { quoteAmount } from '../../domain/money/rate.ts';
import { liveBarrier } from '../../domain/project/moderation.ts';
import { isAccepted } from '../../domain/project/payment-rules.ts';
import type { Clock } from '../ports/clock.ts';
import type { DepositAddresses } from '../ports/deposit-addresses.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { InvoiceStore, NewQuote } from '../ports/invoice-store.ts';
import type { ProjectStore } from '../ports/project-store.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import { invoiceFor } from './invoice-place.ts';
import type { InvoiceWriting } from './invoice-writing.ts';

export interface QuoteCreateInput {
  readonly invoiceId: string;
  readonly asset: string;
  readonly network: string;
}

/**
 * The payer chooses asset and network: amount and rate are locked for the project's time, at most until the invoice
 * ends, and the invoice gets its own address there (FEATURES D3). Asked again it gives the same quote, unless that is
 * over or a part was paid meanwhile: then a new one for the rest, at the rate of the moment and the same address. A LIVE
 * invoice of a project that is not ACTIVE any more gets none, not even the one it had; what was sent to its address is
 * credited all the same.
 */
export type QuoteCreate = (actor: Actor, input: QuoteCreateInput) => Promise<Result<{ quoteId: string }>>;

export interface QuoteCreateDeps extends Pick<InvoiceWriting, 'ids' | 'contextOf'> {
  readonly invoices: Pick<InvoiceStore, 'snapshot' | 'addQuote'>;
  readonly projects: Pick<ProjectStore, 'projectById'>;
  readonly addresses: Pick<DepositAddresses, 'assign'>;
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
      const context = await deps.contextOf(found.value);
      const existing = latestQuote(invoice, input);
      if (existing && holds(existing, invoice, context.now)) return done({ quoteId: existing.id });
      const quote = await draftQuote(deps, invoice, project.acceptedAssets, input, context);
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

/** What is still to be paid. */
const outstanding = (invoice: Invoice): bigint => invoice.amount - seenValue(invoice, keptOf);

/** The quote is what the payer would get now; of an invoice that waits for nothing it is the one that was paid. */
const holds = (
  quote: { readonly price: bigint; readonly expiresAt: Date },
  invoice: Invoice,
  now: Date,
): boolean => !canQuote(invoice) || (now < quote.expiresAt && quote.price === outstanding(invoice));

async function draftQuote(
  deps: QuoteCreateDeps,
  invoice: Invoice,
  accepted: readonly string[],
  input: QuoteCreateInput,
  context: ChangeContext,
): Promise<Result<NewQuote>> {
  const { now } = context;
  if (!canQuote(invoice) || now >= invoice.expiresAt) {
    return refuse('INVOICE_NOT_OPEN', 'The invoice does not wait for a payment any more.');
  }
  if (!carries(input.network, input.asset)) {
    return refuse('ASSET_NOT_AVAILABLE', `${input.asset} is not sent over ${input.network}.`, 'asset');
  }
  if (!isAccepted(accepted, input)) {
    return refuse('ASSET_NOT_AVAILABLE', `This shop takes no ${input.asset} over ${input.network}.`, 'asset');
  }
  const offer = offerOf(invoice, input, context);
  if (!offer.ok) return offer;
  const address =
    invoice.mode === 'TEST'
      ? testAddress(input.network, invoice.id)
      : await deps.addresses.assign(input.network, invoice.id, now);
  if (address === null)
    return refuse('ASSET_NOT_AVAILABLE', `${input.network} is not available here.`, 'network');
  return done({ ...offer.value, id: deps.ids.next(), address });
}

/** Price, terms and lifetime of a quote at this moment. */
function offerOf(
  invoice: Invoice,
  { asset, network }: QuoteCreateInput,
  { now, rules, rates, fees }: ChangeContext,
): Result<Omit<NewQuote, 'id' | 'address'>> {
  const rate = priceOf(rates, asset, invoice.currency, now);
  if (!rate) return refuse('RATE_UNAVAILABLE', `There is no fresh rate of ${asset} in ${invoice.currency}.`);
  const settlement = settlementNow(asset, { rates, rules, now });
  if (settlement === 'UNPRICED')
    return refuse('RATE_UNAVAILABLE', `There is no fresh rate of ${asset} for the settlement currency.`);
  const spreadBasisPoints = asset === invoice.currency ? 0 : rules.rateSpreadBasisPoints;
  const { scaled } = withSpread(rate, spreadBasisPoints);
  const terms = termsOf(fees, { asset, network }, settlement);
  const price = outstanding(invoice);
  const surcharge = rules.networkFeePayer === 'PAYER' ? terms.networkFee : 0n;
  const lockEnd = new Date(now.getTime() + rules.rateLockSeconds * 1000);
  return done({
    ...terms,
    invoiceId: invoice.id,
    asset,
    network,
    price,
    amount: quoteAmount(price, invoice.currency, asset, scaled) + surcharge,
    rate: scaled,
    rateSource: rate.source,
    rateAt: rate.at,
    spreadBasisPoints,
    createdAt: now,
    expiresAt: lockEnd < invoice.expiresAt ? lockEnd : invoice.expiresAt,
  });
}

const quotedEvent = (invoice: Invoice, quote: NewQuote) =>
  invoiceEvent('invoice.quoted', invoice, {
    quoteId: quote.id,
    network: quote.network,
    asset: quote.asset,
    due: formatAmount({ minorUnits: quote.amount, currency: quote.asset }),
    address: quote.address,
  });
