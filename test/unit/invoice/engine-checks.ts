import { expect } from 'vitest';
import type { InvoiceChange } from '../../../src/domain/invoice/invoice-change.ts';
import type { Invoice } from '../../../src/domain/invoice/invoice.ts';
import { assertTransition } from '../../../src/domain/invoice/invoice-status.ts';
import type { Payment } from '../../../src/domain/payment/payment.ts';
import type { ModelInvoice, ModelPayment } from './engine-book.ts';
import { paidValue, seenValue } from './engine-model.ts';

/** What the engine made of an invoice, in words that it and the model share. */
export const shownByEngine = (invoice: Invoice) => ({
  state: [invoice.status, invoice.exception],
  accepted: invoice.accepted,
  seen: invoice.amountSeen,
  paid: invoice.amountPaid,
  paidAt: invoice.paidAt,
  payments: invoice.payments.map((p) => ({
    id: p.id,
    status: p.status,
    exception: p.exception,
    block: p.blockHash,
    quote: p.quoteId,
    price: p.price && { rate: p.price.rate, settlement: p.price.settlement },
    sighting: p.sighting,
    orphanedAt: p.orphanedAt,
    credited: p.credited,
    held: [p.held, p.heldReason, p.decision],
    fees: [p.fee, p.networkFee],
    settled: [p.settled, p.settledCurrency],
  })),
});

const statusOf = ({ stage, released }: ModelPayment): Payment['status'] => {
  if (stage === 'SURE') return released > 0n ? 'CREDITED' : 'CONFIRMED';
  return ({ POOL: 'DETECTED', BLOCK: 'CONFIRMING', GONE: 'ORPHANED' } as const)[stage];
};

export const shownByModel = (i: ModelInvoice): ReturnType<typeof shownByEngine> => ({
  state: [i.status, i.exception],
  accepted: i.accepted,
  seen: seenValue(i),
  paid: paidValue(i),
  paidAt: i.paidAt,
  payments: i.payments.map((p) => ({
    id: p.id,
    status: statusOf(p),
    exception: p.exception,
    block: p.block,
    quote: p.quoteId,
    price: p.price,
    sighting: p.showings,
    orphanedAt: p.goneAt,
    credited: p.released,
    held: [p.held, p.heldFor, p.goesBack ? 'REBOUND' : 'NONE'],
    fees: [p.fee, p.networkFee],
    settled: [p.received, p.receivedIn],
  })),
});

/** What a change tells: the types, with the payment where it is about one. */
export const toldBy = ({ events }: InvoiceChange): string[] =>
  events.map(({ type, data }) =>
    type.startsWith('payment.') ? `${type} ${String(data['paymentId'])}` : type,
  );

const written = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? `${value}n` : value);

/** Compares in words first: thousands of steps are compared, and hardly one differs. */
export function expectSame<T>(actual: T, expected: T): void {
  if (JSON.stringify(actual, written) !== JSON.stringify(expected, written)) expect(actual).toEqual(expected);
}

const add = (sums: Map<string, bigint>, name: string, amount: bigint): void => {
  sums.set(name, (sums.get(name) ?? 0n) + amount);
};

const withoutZeros = (sums: ReadonlyMap<string, bigint>): Record<string, bigint> => {
  const some = [...sums].filter(([, sum]) => sum !== 0n);
  return Object.fromEntries(some.toSorted(([a], [b]) => (a < b ? -1 : 1)));
};

/** What is wrong with a change, whatever led to it; its entries join the sources. */
export function faultsOfChange(before: Invoice, change: InvoiceChange, sources: Set<string>): string[] {
  const { invoice, payments, entries, events } = change;
  assertTransition(before.status, invoice.status);
  expectSame(
    payments,
    invoice.payments.filter((p) => !before.payments.includes(p)),
  );
  const last = events.at(-1)?.data;
  const faults = [
    ...(last?.['status'] === invoice.status && last['exception'] === invoice.exception
      ? []
      : ['other state told']),
    ...invoice.payments.filter((p) => p.credited + p.held > p.amount).map((p) => `${p.id} placed twice`),
  ];
  for (const { sourceId, kind, postings } of entries) {
    const source = `${sourceId} ${kind}`;
    if (sources.has(source)) faults.push(`${source} posted twice`);
    sources.add(source);
    const sums = new Map<string, bigint>();
    for (const { account, amount } of postings) add(sums, account.asset, amount);
    if (postings.some(({ amount }) => amount === 0n)) faults.push(`${source} posts nothing`);
    if ([...sums.values()].some((sum) => sum !== 0n)) faults.push(`${source} does not sum to zero`);
  }
  return faults;
}

/** What is wrong with the books of an invoice's merchant. */
export function faultsOfBooks(books: ReadonlyMap<string, bigint>): string[] {
  const faults: string[] = [];
  const totals = new Map<string, bigint>();
  for (const [account, balance] of books) {
    const [kind = '', asset = ''] = account.split(' ');
    add(totals, asset, balance);
    if (['PENDING', 'AVAILABLE', 'HELD'].includes(kind) && balance < 0n)
      faults.push(`${account} is negative`);
    if (kind === 'OWED' && balance > 0n) faults.push(`${account} is no debt`);
    if (kind === 'OWED' && balance < 0n && (books.get(`AVAILABLE ${asset}`) ?? 0n) !== 0n) {
      faults.push(`${asset} is owed and available`);
    }
  }
  return [...faults, ...Object.keys(withoutZeros(totals)).map((asset) => `${asset} came from nowhere`)];
}

/** The balances are what the payments say. */
export function expectBalanced(books: ReadonlyMap<string, bigint>, { payments }: Invoice): void {
  const byPayments = new Map<string, bigint>();
  const say = (account: string, amount: bigint): void => add(byPayments, account, amount);
  for (const p of payments) {
    const pending = p.status === 'ORPHANED' ? 0n : p.amount - p.credited - p.held;
    say(`PENDING ${p.asset}`, pending);
    say(`INCOMING ${p.asset} ${p.network}`, -pending);
    say(`HELD ${p.asset}`, p.held);
    say(`FEES ${p.asset}`, p.fee);
    say(`NETWORK_FEES ${p.asset} ${p.network}`, p.networkFee);
    say(`CUSTODY ${p.asset} ${p.network}`, -p.credited - p.held);
    if (p.settledCurrency) say(`AVAILABLE ${p.settledCurrency}`, p.settled);
    if (p.settledCurrency && p.settledCurrency !== p.asset) {
      say(`CONVERSION ${p.asset}`, p.credited - p.fee - p.networkFee);
      say(`CONVERSION ${p.settledCurrency}`, -p.settled);
    }
  }
  const booked = new Map<string, bigint>();
  // What is owed or was spent had been available.
  for (const [account, balance] of books) add(booked, account.replace(/^(OWED|SPENT)/, 'AVAILABLE'), balance);
  expectSame(withoutZeros(booked), withoutZeros(byPayments));
}
