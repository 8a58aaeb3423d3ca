import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  changeInvoice,
  type InvoiceAction,
  type InvoiceChange,
} from '../../../src/domain/invoice/invoice-change.ts';
import { changeInvoiceInTurn } from '../../../src/domain/invoice/invoice-changes.ts';
import type { ModelInvoice } from './engine-book.ts';
import {
  expectBalanced,
  expectSame,
  faultsOfBooks,
  faultsOfChange,
  shownByEngine,
  shownByModel,
  toldBy,
} from './engine-checks.ts';
import { openLedger } from './engine-ledger.ts';
import { act } from './engine-model.ts';
import { start, steps, type Start, type Step } from './engine-steps.ts';
import { actionOf, changeWorld, contextOf, postEntries, worldOf, type World } from './engine-world.ts';

/** It compares much after every step; a slow machine takes a while. */
const PATIENT = { timeout: 600_000 };
const RUNS = { numRuns: Number(process.env['RUNS'] ?? 1_000) };

const modelOf = ({ invoice: { currency, amount, expiresAt, quotes } }: World): ModelInvoice => ({
  currency,
  amount,
  expiresAt,
  quotes: [...quotes],
  payments: [],
  ledger: openLedger(),
  status: 'CREATED',
  exception: 'NONE',
  accepted: null,
  paidAt: null,
});

/** The merchant takes a part of what is available out, so that a later reversal finds less. */
function spend(world: World, { currency, quarters }: Step & { readonly do: 'SPEND' }): bigint {
  const there = world.books.get(`AVAILABLE ${currency}`) ?? 0n;
  const amount = (there * quarters) / 4n;
  world.books.set(`AVAILABLE ${currency}`, there - amount);
  world.books.set(`SPENT ${currency}`, (world.books.get(`SPENT ${currency}`) ?? 0n) + amount);
  return amount;
}

const shown = (books: ReadonlyMap<string, bigint>): Record<string, bigint> => {
  const some = [...books].filter(([, amount]) => amount !== 0n);
  return Object.fromEntries(some.toSorted(([a], [b]) => (a < b ? -1 : 1)));
};

/** Lets both live through the steps and compares them after each. Everything that was told or shown is noted. */
function compare(begin: Start, history: readonly Step[], noted: Set<string>): void {
  const world = worldOf(begin);
  const model = modelOf(world);
  const sources = new Set<string>();
  for (const step of history) {
    if (step.do === 'SPEND') {
      model.ledger.spend(step.currency, spend(world, step));
    }
    changeWorld(world, step);
    model.quotes.splice(0, model.quotes.length, ...world.invoice.quotes);
    const action = actionOf(world, step);
    if (action) compareAction(world, model, action, sources, noted);
  }
}

function compareAction(
  world: World,
  model: ModelInvoice,
  action: InvoiceAction,
  sources: Set<string>,
  noted: Set<string>,
): void {
  const before = world.invoice;
  const context = contextOf(world);
  const change = changeInvoice(before, action, context);
  const told = act(model, action, context);
  expectSame(change && toldBy(change), told);
  if (!change) return;
  expectSame(faultsOfChange(before, change, sources), []);
  postEntries(world.books, change.entries);
  world.invoice = change.invoice;
  expectSame(faultsOfBooks(world.books), []);
  expectBalanced(world.books, world.invoice);
  expectSame(shownByEngine(change.invoice), shownByModel(model));
  expectSame(shown(world.books), model.ledger.report());
  expectSame(changeInvoice(change.invoice, action, contextOf(world)), null);
  noted.add(`${change.invoice.status} ${change.invoice.exception}`);
  for (const { type } of change.events) noted.add(type);
  for (const p of change.payments) noted.add(p.exception).add(`held ${p.heldReason}`);
  for (const [account, balance] of world.books) if (balance !== 0n) noted.add(account.split(' ')[0] ?? '');
}

const TOLD_OF_INVOICES = 'reopened partially_paid confirming paid overpaid canceled paid_late';
const TOLD_OF_PAYMENTS = 'detected confirming confirmed credited held rebound_requested orphaned reversed';
const EXCEPTIONS = 'LATE DUPLICATE AFTER_CANCEL WRONG_ASSET UNPRICED';
const ACCOUNTS = 'PENDING INCOMING AVAILABLE HELD OWED FEES NETWORK_FEES CONVERSION CUSTODY SPENT';

const each = (names: string, before = ''): string[] => names.split(' ').map((name) => before + name);

const EVERYTHING = [
  ...each('CREATED PARTIAL CONFIRMING PAID OVERPAID').map((status) => `${status} NONE`),
  ...each('PAID_PARTIAL_ACCEPTED PAID_WITHIN_THRESHOLD', 'PAID '),
  ...each('CANCELLED EXPIRED PAID_LATE', 'CANCELED '),
  ...each(TOLD_OF_INVOICES, 'invoice.'),
  ...each(TOLD_OF_PAYMENTS, 'payment.'),
  ...each(EXCEPTIONS),
  ...each(`UNDERPAID OVERPAID ${EXCEPTIONS}`, 'held '),
  ...each(ACCOUNTS),
];

describe('whatever happens to an invoice', () => {
  test('state, money and events are what the model says, and no invariant breaks', PATIENT, () => {
    const noted = new Set<string>();
    fc.assert(
      fc.property(start, steps, (begin, history) => compare(begin, history, noted)),
      RUNS,
    );
    // A comparison that never saw a state says nothing about it.
    expect(EVERYTHING.filter((thing) => !noted.has(thing))).toEqual([]);
  });

  test('late payment is told once', () => {
    fc.assert(
      fc.property(start, steps, (begin, history) => {
        const world = worldOf(begin);
        let told = 0;
        for (const step of history) {
          changeWorld(world, step);
          const action = actionOf(world, step);
          const change = action && changeInvoice(world.invoice, action, contextOf(world));
          if (!change) continue;
          postEntries(world.books, change.entries);
          world.invoice = change.invoice;
          told += change.events.filter(({ type }) => type === 'invoice.paid_late').length;
        }
        expect(told).toBe(world.invoice.exception === 'PAID_LATE' ? 1 : 0);
      }),
      RUNS,
    );
  });

  test('several actions at once are what they are one after another', () => {
    fc.assert(
      fc.property(start, steps, steps, (begin, history, further) => {
        const world = worldOf(begin);
        const live = (action: InvoiceAction): InvoiceChange[] => {
          const change = changeInvoice(world.invoice, action, contextOf(world));
          if (!change) return [];
          postEntries(world.books, change.entries);
          world.invoice = change.invoice;
          return [change];
        };
        for (const step of history) {
          changeWorld(world, step);
          const action = actionOf(world, step);
          if (action) live(action);
        }
        const [before, books] = [world.invoice, new Map(world.books)];
        const actions: InvoiceAction[] = [];
        const changes = further.flatMap((step) => {
          const action = actionOf(world, step);
          if (!action) return [];
          actions.push(action);
          return live(action);
        });
        const joint = changeInvoiceInTurn(before, actions, contextOf({ ...world, books }));
        expect(joint === null).toBe(changes.length === 0);
        expect(joint?.invoice ?? before).toEqual(world.invoice);
        expect(joint?.entries ?? []).toEqual(changes.flatMap((c) => c.entries));
        expect(joint?.events ?? []).toEqual(changes.flatMap((c) => c.events));
      }),
      { numRuns: 300 },
    );
  });
});
