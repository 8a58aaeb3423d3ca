import type {
  ChangeContext,
  InvoiceAction,
  SeenTransfer,
} from '../../../src/domain/invoice/invoice-change.ts';
import { UNPAID, type Invoice, type QuoteTerms } from '../../../src/domain/invoice/invoice.ts';
import type { FeeSchedule } from '../../../src/domain/fee/fee-schedule.ts';
import type { LedgerEntry } from '../../../src/domain/ledger/entries.ts';
import { quoteAmount } from '../../../src/domain/money/rate.ts';
import type { PaymentRules } from '../../../src/domain/project/payment-rules.ts';
import { WAYS, PLAIN_RULES, type Size, type Start, type Step, type Way } from './engine-steps.ts';

/** Everything around one invoice: the clock, the chain, the rates, the project's rules and the ledger. */
export interface World {
  invoice: Invoice;
  now: Date;
  rules: PaymentRules;
  fees: FeeSchedule;
  prices: Record<string, bigint>;
  stale: ReadonlySet<string>;
  /** The transaction of each slot: the same amount wherever it is mined. */
  readonly transfers: Map<number, SeenTransfer>;
  blocks: number;
  readonly books: Map<string, bigint>;
}

export const BEGIN = new Date('2026-01-01T00:00:00Z');
export const EXPIRY = new Date('2026-01-01T00:10:00Z');

const UNIT = 10n ** 18n;
/** In US dollars, scaled by 10^18. */
const PRICES = {
  USD: UNIT,
  JPY: UNIT / 150n,
  USDT: UNIT,
  USDC: UNIT + UNIT / 1000n,
  BTC: 61_234n * UNIT,
  ETH: 2_517n * UNIT,
  LTC: 83n * UNIT,
};

export function worldOf({ currency, amount, quoted, lockSeconds, rules, feeBasisPoints }: Start): World {
  const world: World = {
    invoice: {
      ...UNPAID,
      id: 'invoice',
      merchantId: 'merchant',
      projectId: 'project',
      mode: 'LIVE',
      currency,
      amount,
      orderId: null,
      expiresAt: EXPIRY,
    },
    now: BEGIN,
    rules: { ...PLAIN_RULES, ...rules },
    fees: { basisPoints: feeBasisPoints, fixed: {}, network: {} },
    prices: { ...PRICES },
    stale: new Set(),
    transfers: new Map(),
    blocks: 0,
    books: new Map(),
  };
  for (const way of quoted) addQuote(world, way, 8n, lockSeconds);
  return world;
}

export const contextOf = (world: World): ChangeContext => ({
  now: world.now,
  rules: world.rules,
  fees: world.fees,
  rates: {
    rateOf(asset, currency) {
      const scaled = rateOf(world, asset, currency);
      return scaled === null ? null : { scaled, source: 'table', at: world.now };
    },
  },
  balances: {
    available: (currency) => world.books.get(`AVAILABLE ${currency}`) ?? 0n,
    owed: (currency) => -(world.books.get(`OWED ${currency}`) ?? 0n),
  },
});

function rateOf({ prices, stale }: World, asset: string, currency: string): bigint | null {
  const [of, by] = [prices[asset], prices[currency]];
  return of && by && !stale.has(asset) ? (of * UNIT) / by : null;
}

/** An offer for a share of the price, on the terms of now; the locked rate is not part of what is tested here. */
export function addQuote(world: World, way: Way, eighths: bigint, seconds: number): QuoteTerms {
  const { invoice, rules, fees, now } = world;
  const settles = rules.settlementCurrency;
  const price = (invoice.amount * eighths) / 8n || 1n;
  const rate = (asset: string, currency: string) =>
    rateOf({ ...world, stale: new Set() }, asset, currency) ?? UNIT;
  const quote: QuoteTerms = {
    ...way,
    id: `quote-${invoice.quotes.length}`,
    price,
    amount: quoteAmount(price, invoice.currency, way.asset, rate(way.asset, invoice.currency)),
    createdAt: now,
    expiresAt: new Date(Math.min(now.getTime() + seconds * 1000, invoice.expiresAt.getTime())),
    feeBasisPoints: fees.basisPoints,
    fixedFee: fees.fixed[way.asset] ?? 0n,
    networkFee: fees.network[`${way.asset}/${way.network}`] ?? 0n,
    settlement:
      settles && settles !== way.asset ? { currency: settles, rate: rate(way.asset, settles) } : null,
  };
  world.invoice = { ...invoice, quotes: [...invoice.quotes, quote] };
  return quote;
}

/** The action that a step is in this world; undefined when it is none, or there is nothing to do it to. */
export function actionOf(world: World, step: Step): InvoiceAction | undefined {
  switch (step.do) {
    case 'PAY':
      return { type: 'TRANSFER_SEEN', transfer: sent(world, step) };
    case 'CONFIRM':
    case 'ORPHAN': {
      const transfer = world.transfers.get(step.slot);
      const known = world.invoice.payments.find((p) => p.id === transfer?.id);
      if (!known) return undefined;
      const blockHash = step.stale ? '0xelsewhere' : known.blockHash;
      return {
        type: step.do === 'CONFIRM' ? 'PAYMENT_CONFIRMED' : 'PAYMENT_ORPHANED',
        paymentId: known.id,
        blockHash,
      };
    }
    case 'RESOLVE':
      return { type: 'RESOLVE', paymentId: `payment-${step.slot}`, resolution: step.resolution };
    case 'CANCEL':
    case 'EXPIRE':
    case 'ACCEPT':
      return { type: step.do };
    case 'QUOTE':
    case 'RULES':
    case 'FEES':
    case 'RATES':
    case 'CLOCK':
    case 'SPEND':
      return undefined;
  }
}

/** Changes the world where a step is no action of the invoice. SPEND is for whoever keeps the books. */
export function changeWorld(world: World, step: Step): void {
  switch (step.do) {
    case 'QUOTE':
      if (world.invoice.status !== 'CREATED' && world.invoice.status !== 'PARTIAL') return;
      addQuote(world, step.way, step.eighths, step.seconds);
      return;
    case 'RULES':
      world.rules = { ...world.rules, ...step.rules };
      return;
    case 'FEES':
      world.fees = {
        basisPoints: step.basisPoints,
        fixed: { USDT: step.fixed },
        network: { 'USDT/ETHEREUM': step.network, 'BTC/BITCOIN': step.network },
      };
      return;
    case 'RATES': {
      const moved = Object.entries(world.prices).map(([code, price]) => [
        code,
        (price * step.percent) / 100n,
      ]);
      world.prices = { ...Object.fromEntries(moved), USD: UNIT };
      world.stale = new Set(step.stale);
      return;
    }
    case 'CLOCK':
      world.now = new Date(world.now.getTime() + step.seconds * 1000);
      return;
    case 'PAY':
    case 'CONFIRM':
    case 'ORPHAN':
    case 'RESOLVE':
    case 'CANCEL':
    case 'EXPIRE':
    case 'ACCEPT':
    case 'SPEND':
  }
}

/** A transfer as a reader of the chain tells of it: a new one, or that of the slot in another block. */
function sent(world: World, step: Step & { readonly do: 'PAY' }): SeenTransfer {
  const { slot, pool, lag } = step;
  world.blocks += 1;
  const first = world.transfers.get(slot) ?? {
    ...WAYS[0],
    ...step.way,
    id: `payment-${slot}`,
    txId: `0x${slot}`,
    outputIndex: 0,
    amount: amountOf(world, step.way, step.size),
    confirmationsRequired: 3,
  };
  const transfer: SeenTransfer = {
    ...first,
    blockHeight: pool ? null : BigInt(world.blocks),
    blockHash: pool ? null : `0xblock${world.blocks}`,
    at: new Date(world.now.getTime() - (pool ? 0 : lag * 1000)),
  };
  world.transfers.set(slot, transfer);
  return transfer;
}

/** What is missing by the newest quote of the way, or by the rate where nothing was quoted. */
function amountOf({ invoice }: World, way: Way, size: Size): bigint {
  if ('dust' in size) return size.dust;
  const quote = invoice.quotes.findLast((q) => q.asset === way.asset) ?? invoice.quotes[0];
  const missing = invoice.amount > invoice.amountSeen ? invoice.amount - invoice.amountSeen : invoice.amount;
  const whole = quote ? (missing * quote.amount + quote.price - 1n) / quote.price : 1_000n;
  const amount = (whole * size.eighths) / 8n + size.more;
  return amount > 0n ? amount : 1n;
}

/** The name of a posting's account in the books. */
export function postEntries(books: Map<string, bigint>, entries: readonly LedgerEntry[]): void {
  for (const { account, amount } of entries.flatMap((entry) => entry.postings)) {
    const name = [account.kind, account.asset, ...(account.network === null ? [] : [account.network])].join(
      ' ',
    );
    books.set(name, (books.get(name) ?? 0n) + amount);
  }
}
