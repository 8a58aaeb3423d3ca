import { eventActor, SYSTEM, type Actor } from '../../domain/access/actor.ts';
import type { ChangeContext, InvoiceAction, InvoiceChange } from '../../domain/invoice/invoice-change.ts';
import { changeInvoiceInTurn } from '../../domain/invoice/invoice-changes.ts';
import type { Invoice } from '../../domain/invoice/invoice.ts';
import type { PaymentRules } from '../../domain/project/payment-rules.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { InvoiceSnapshot, InvoiceStore } from '../ports/invoice-store.ts';
import type { Pause } from '../ports/pause.ts';
import type { Rates } from '../ports/rates.ts';
import { stampEvent } from '../stamp-event.ts';

export interface InvoiceWritingDeps {
  readonly invoices: InvoiceStore;
  readonly rates: Rates;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly feed: Pick<EventFeed, 'poke'>;
  readonly pause: Pause;
}

/** Names the invoice itself or a payment of it. */
export type InvoiceKey = { readonly invoiceId: string } | { readonly paymentId: string };

/** Picks the action, or several in their order, by what the invoice is now; null leaves it as it is. */
export type ChooseAction = (
  invoice: Invoice,
  rules: PaymentRules,
) => InvoiceAction | readonly InvoiceAction[] | null;

export interface InvoiceWriting {
  readonly ids: IdSource;
  /** What a change of this snapshot is computed by at this moment. */
  contextOf(snapshot: Pick<InvoiceSnapshot, 'rules' | 'fees' | 'balances'>): Promise<ChangeContext>;
  /**
   * Reads, decides by the domain's rules and writes by compare-and-set on the revision; begins again, a moment
   * later, when another writer was first. Several actions are written together or not at all. Returns what changed,
   * or null when nothing did.
   */
  writeInvoice(key: InvoiceKey, choose: ChooseAction, actor?: Actor): Promise<InvoiceChange | null>;
}

/** A row that this many writers overtook in a row points to a fault, not to traffic. */
const MAX_ATTEMPTS = 100;

export function createInvoiceWriting({
  invoices,
  rates,
  clock,
  ids,
  feed,
  pause,
}: InvoiceWritingDeps): InvoiceWriting {
  const read = (key: InvoiceKey) =>
    'invoiceId' in key ? invoices.snapshot(key.invoiceId) : invoices.snapshotOfPayment(key.paymentId);

  const contextOf: InvoiceWriting['contextOf'] = async ({ rules, fees, balances }) => ({
    rates: await rates.table(),
    now: clock.now(),
    rules,
    fees,
    balances,
  });

  return {
    ids,
    contextOf,
    async writeInvoice(key, choose, actor = SYSTEM) {
      for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
        const snapshot = await read(key);
        if (!snapshot) return null;
        const context = await contextOf(snapshot);
        const at = context.now;
        const actions = [choose(snapshot.invoice, snapshot.rules) ?? []].flat();
        const change = changeInvoiceInTurn(snapshot.invoice, actions, context);
        if (!change) return null;
        const outcome = await invoices.write({
          invoice: change.invoice,
          revision: snapshot.revision,
          payments: change.payments,
          entries: change.entries.map((entry) => ({ ...entry, id: ids.next() })),
          events: change.events.map((draft) =>
            stampEvent(draft, { id: ids.next(), actor: eventActor(actor), at }),
          ),
          at,
        });
        if (outcome === 'written') {
          feed.poke();
          return change;
        }
        await pause(attempt);
      }
      throw new Error(`invoice ${JSON.stringify(key)} was overtaken by other writers ${MAX_ATTEMPTS} times`);
    },
  };
}
