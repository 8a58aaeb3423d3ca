import { NETWORKS } from '../../domain/chain/networks.ts';
import type { Mode } from '../../domain/access/actor.ts';
import type { Money } from '../../domain/money/money.ts';
import { liveBarrier } from '../../domain/project/moderation.ts';
import { isAccepted } from '../../domain/project/payment-rules.ts';
import type { Clock } from '../ports/clock.ts';
import type { AddressDeriver } from '../ports/deposit-addresses.ts';
import type { InvoiceMailStore } from '../ports/invoice-mail-store.ts';
import type { InvoiceReads, InvoiceView, QuoteView } from '../ports/invoice-reads.ts';
import type { PaymentView } from '../ports/payment-reads.ts';
import type { ProjectStore } from '../ports/project-store.ts';

/** Where an invoice stands for its payer. */
export type PayState = 'OPEN' | 'PART_PAID' | 'CONFIRMING' | 'PAID' | 'EXPIRED' | 'CANCELLED' | 'BARRED';

/** An asset on a network. */
export interface PayWay {
  readonly asset: string;
  readonly network: string;
}

export interface SeenPayment extends PayWay {
  readonly amount: Money;
  readonly txId: string;
  readonly confirmations: number;
  readonly confirmationsRequired: number;
  readonly standing: 'CONFIRMING' | 'CONFIRMED' | 'TAKEN_BACK' | 'NOT_COUNTED';
}

export interface PayQuote extends PayWay {
  readonly amount: Money;
  readonly address: string;
  readonly expiresAt: Date;
}

/** All that a payer may know of an invoice: no threshold, fee, e-mail address, metadata or reference of the shop's. */
export interface PayPage {
  readonly invoiceId: string;
  readonly mode: Mode;
  readonly state: PayState;
  readonly shopName: string;
  readonly merchantName: string | null;
  readonly supportEmail: string | null;
  readonly description: string | null;
  readonly orderId: string | null;
  readonly amount: Money;
  /** Value of what was seen, and what is still missing; null unless a part was paid. */
  readonly part: { readonly seen: Money; readonly missing: Money } | null;
  readonly expiresAt: Date;
  readonly now: Date;
  readonly payments: readonly SeenPayment[];
  /** The way that the payer chose, while its amount and rate hold. */
  readonly quote: PayQuote | null;
  /** Whether a way was chosen whose rate or amount holds no more. */
  readonly quoteIsOver: boolean;
  /** What the payer can choose among; none when nothing is to be paid. */
  readonly ways: readonly PayWay[];
  readonly returnUrl: string | null;
  readonly cancelUrl: string | null;
}

/** An invoice as its hosted page shows it; null when there is none. Whoever has the link may look. */
export type PayPageShow = (invoiceId: string, chosen: PayWay | null) => Promise<PayPage | null>;

export interface PayPageShowDeps {
  readonly invoiceReads: Pick<InvoiceReads, 'byId'>;
  readonly invoiceMails: Pick<InvoiceMailStore, 'letterOf'>;
  readonly projects: Pick<ProjectStore, 'projectById'>;
  readonly deriver: Pick<AddressDeriver, 'networks'>;
  readonly clock: Clock;
}

export const payPageShow =
  ({ invoiceReads, invoiceMails, projects, deriver, clock }: PayPageShowDeps): PayPageShow =>
  async (invoiceId, chosen) => {
    const invoice = await invoiceReads.byId(invoiceId, true);
    if (!invoice) return null;
    const letter = await invoiceMails.letterOf(invoiceId);
    const project = await projects.projectById(invoice.projectId);
    if (!letter || !project) throw new Error(`invoice ${invoiceId} has no project`);
    const now = clock.now();
    const { mode, currency, expiresAt } = invoice;
    const state = stateOf(invoice, mode === 'LIVE' && liveBarrier(project) !== null, now);
    const quote = isOpen(state) ? chosenQuote(invoice.quotes, chosen) : undefined;
    const holds = quote !== undefined && now < quote.expiresAt && quote.price === outstanding(invoice);
    const { page } = letter;
    return {
      invoiceId,
      mode,
      state,
      shopName: page.title ?? letter.projectName,
      merchantName: page.showMerchantName ? letter.merchantName : null,
      supportEmail: page.supportEmail,
      description: invoice.description,
      orderId: invoice.orderId,
      amount: { minorUnits: invoice.amount, currency },
      part:
        state === 'PART_PAID'
          ? {
              seen: { minorUnits: invoice.amountSeen, currency },
              missing: { minorUnits: outstanding(invoice), currency },
            }
          : null,
      expiresAt,
      now,
      payments: invoice.payments.map(seenPayment),
      quote: quote && holds ? shownQuote(quote) : null,
      quoteIsOver: quote !== undefined && !holds,
      ways: isOpen(state) ? waysOf(project.acceptedAssets, mode === 'TEST' ? null : deriver.networks) : [],
      returnUrl: state === 'PAID' ? httpsOnly(invoice.returnUrl) : null,
      cancelUrl: isOver(state) ? httpsOnly(invoice.cancelUrl) : null,
    };
  };

const isOpen = (state: PayState): boolean => state === 'OPEN' || state === 'PART_PAID';
const isOver = (state: PayState): boolean => state === 'EXPIRED' || state === 'CANCELLED';

/** A worker ends an invoice some time after its end; its payer is told at once. */
function stateOf({ status, exception, expiresAt }: InvoiceView, isBarred: boolean, now: Date): PayState {
  switch (status) {
    case 'PAID':
    case 'OVERPAID':
      return 'PAID';
    case 'CONFIRMING':
      return 'CONFIRMING';
    case 'CANCELED':
      return exception === 'CANCELLED' ? 'CANCELLED' : 'EXPIRED';
    case 'CREATED':
    case 'PARTIAL':
      if (now >= expiresAt) return 'EXPIRED';
      if (isBarred) return 'BARRED';
      return status === 'PARTIAL' ? 'PART_PAID' : 'OPEN';
  }
}

const outstanding = ({ amount, amountSeen }: InvoiceView): bigint => amount - amountSeen;

/** The newest quote of the way that was chosen, or of all. */
const chosenQuote = (quotes: readonly QuoteView[], chosen: PayWay | null): QuoteView | undefined =>
  quotes.findLast((q) => !chosen || (q.asset === chosen.asset && q.network === chosen.network));

const shownQuote = ({ asset, network, amount, address, expiresAt }: QuoteView): PayQuote => ({
  asset,
  network,
  amount: { minorUnits: amount, currency: asset },
  address,
  expiresAt,
});

const seenPayment = (payment: PaymentView): SeenPayment => {
  const { asset, network, amount, txId, confirmations, confirmationsRequired } = payment;
  return {
    asset,
    network,
    amount: { minorUnits: amount, currency: asset },
    txId,
    confirmations,
    confirmationsRequired,
    standing: standingOf(payment),
  };
};

function standingOf({ status, exception }: PaymentView): SeenPayment['standing'] {
  if (status === 'ORPHANED') return 'TAKEN_BACK';
  if (exception !== 'NONE') return 'NOT_COUNTED';
  return status === 'CONFIRMED' || status === 'CREDITED' ? 'CONFIRMED' : 'CONFIRMING';
}

/** What the project accepts, of the networks that this gateway has addresses on; null for all of them. */
const waysOf = (accepted: readonly string[], networks: readonly string[] | null): PayWay[] =>
  NETWORKS.flatMap(({ code: network, assets }) => assets.map(({ asset }) => ({ asset, network }))).filter(
    (way) => isAccepted(accepted, way) && (networks === null || networks.includes(way.network)),
  );

/** A payer is led to no page that others on the way could read or change. */
const httpsOnly = (url: string | null): string | null => (url?.startsWith('https://') ? url : null);
