import {
  changeInvoice,
  type ChangeContext,
  type InvoiceAction,
  type InvoiceChange,
  type Resolution,
  type SeenTransfer,
} from '../../../src/domain/invoice/invoice-change.ts';
import { UNPAID, type Invoice, type QuoteTerms } from '../../../src/domain/invoice/invoice.ts';
import { NO_FEES } from '../../../src/domain/fee/fee-schedule.ts';
import { scaleRate } from '../../../src/domain/money/rate.ts';
import type { Payment } from '../../../src/domain/payment/payment.ts';
import type {
  PaymentPolicy,
  PaymentRules,
  PolicyOccasion,
} from '../../../src/domain/project/payment-rules.ts';
import { PLAIN_RULES } from './engine-steps.ts';
import { postEntries } from './engine-world.ts';

export const NOW = new Date('2026-01-01T00:00:00Z');
export const EXPIRY = new Date('2026-01-01T00:10:00Z');
export const later = (seconds: number, from = EXPIRY): Date => new Date(from.getTime() + seconds * 1000);

/** 100 USDT and its half. */
export const FULL = 100_000_000n;
export const HALF = 50_000_000n;
/** One minor unit of the price, a cent, in USDT. */
export const CENT = 10_000n;

const NO_TERMS = { feeBasisPoints: 0, fixedFee: 0n, networkFee: 0n, settlement: null };
const USDT = { asset: 'USDT', network: 'ETHEREUM' };
const ETH = { asset: 'ETH', network: 'ETHEREUM' };

export const QUOTE: QuoteTerms = {
  ...USDT,
  ...NO_TERMS,
  id: 'usdt',
  price: 10_000n,
  amount: FULL,
  createdAt: NOW,
  expiresAt: EXPIRY,
};
export const ETHER_QUOTE: QuoteTerms = { ...QUOTE, ...ETH, id: 'eth', amount: 50_000_000_000_000_000n };

/** Price 100.00 USD; 100 USDT or 0.05 ETH. */
export const openInvoice = (more: Partial<Invoice> = {}): Invoice => ({
  ...UNPAID,
  id: 'invoice',
  merchantId: 'merchant',
  projectId: 'project',
  mode: 'LIVE',
  currency: 'USD',
  amount: 10_000n,
  orderId: null,
  expiresAt: EXPIRY,
  quotes: [QUOTE, ETHER_QUOTE],
  ...more,
});

export const policies = (of: Partial<Record<PolicyOccasion, PaymentPolicy>>): Partial<PaymentRules> => ({
  policies: { ...PLAIN_RULES.policies, ...of },
});

const RATES: Readonly<Record<string, string>> = {
  'USDT USD': '1',
  'ETH USD': '2000',
  'BTC USD': '60000',
  'USDT USDC': '0.5',
};

type More = Partial<Omit<ChangeContext, 'rules' | 'balances'>> & { readonly rules?: Partial<PaymentRules> };

export const contextOf = ({ rules, ...more }: More = {}): ChangeContext => ({
  now: NOW,
  fees: NO_FEES,
  rates: {
    rateOf(asset, currency) {
      const rate = RATES[`${asset} ${currency}`];
      return rate ? { scaled: scaleRate(rate), source: 'table', at: NOW } : null;
    },
  },
  balances: { available: () => 0n, owed: () => 0n },
  ...more,
  rules: { ...PLAIN_RULES, ...rules },
});

/** What happened to an invoice, step by step, and what became of it. */
export interface Story {
  /** The next action; nothing where it changes nothing. */
  next(action: InvoiceAction, more?: More): Story;
  invoice(): Invoice;
  state(): string;
  payment(id: string): Payment;
  /** What the last action told. */
  told(): string[];
  /** The steps that were posted, in their order. */
  posted(): string[];
  /** The accounts that are not empty. */
  books(): Record<string, bigint>;
}

export function storyOf(start = openInvoice(), standing: More = {}): Story {
  const books = new Map<string, bigint>();
  const changes: (InvoiceChange | null)[] = [];
  let invoice = start;
  const balance = (kind: string, currency: string): bigint => books.get(`${kind} ${currency}`) ?? 0n;
  const balances = {
    available: (currency: string) => balance('AVAILABLE', currency),
    owed: (currency: string) => -balance('OWED', currency),
  };
  const story: Story = {
    next(action, more = {}) {
      const rules = { ...standing.rules, ...more.rules };
      const context = { ...contextOf({ ...standing, ...more, rules }), balances };
      const change = changeInvoice(invoice, action, context);
      changes.push(change);
      invoice = change?.invoice ?? invoice;
      postEntries(books, change?.entries ?? []);
      return story;
    },
    invoice: () => invoice,
    state: () => `${invoice.status} ${invoice.exception}`,
    payment(id) {
      const payment = invoice.payments.find((p) => p.id === id);
      if (!payment) throw new Error(`no payment ${id}`);
      return payment;
    },
    told: () => (changes.at(-1)?.events ?? []).map(({ type }) => type),
    posted: () => changes.flatMap((c) => (c?.entries ?? []).map((e) => `${e.sourceId} ${e.kind}`)),
    books: () => Object.fromEntries([...books].filter(([, amount]) => amount !== 0n)),
  };
  return story;
}

export const seen = (id: string, amount: bigint, more: Partial<SeenTransfer> = {}): InvoiceAction => ({
  type: 'TRANSFER_SEEN',
  transfer: {
    ...USDT,
    id,
    txId: `0x${id}`,
    outputIndex: 0,
    amount,
    blockHeight: 1n,
    blockHash: '0x1',
    at: NOW,
    confirmationsRequired: 3,
    ...more,
  },
});

export const inEther = (id: string, amount: bigint): InvoiceAction => seen(id, amount, ETH);

/** In the memory pool. */
export const pooled = (id: string, amount: bigint): InvoiceAction =>
  seen(id, amount, { blockHeight: null, blockHash: null });

export const confirmed = (paymentId: string, blockHash: string | null = '0x1'): InvoiceAction => ({
  type: 'PAYMENT_CONFIRMED',
  paymentId,
  blockHash,
});

export const orphaned = (paymentId: string, blockHash: string | null = '0x1'): InvoiceAction => ({
  type: 'PAYMENT_ORPHANED',
  paymentId,
  blockHash,
});

export const resolved = (paymentId: string, resolution: Resolution): InvoiceAction => ({
  type: 'RESOLVE',
  paymentId,
  resolution,
});

export const CANCEL: InvoiceAction = { type: 'CANCEL' };
export const EXPIRE: InvoiceAction = { type: 'EXPIRE' };
export const ACCEPT: InvoiceAction = { type: 'ACCEPT' };
