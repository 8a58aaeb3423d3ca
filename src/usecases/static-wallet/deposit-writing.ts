import { eventActor, SYSTEM, type Actor } from '../../domain/access/actor.ts';
import type { PaymentRules } from '../../domain/project/payment-rules.ts';
import {
  changeDeposit,
  type Deposit,
  type DepositAction,
  type DepositChange,
} from '../../domain/static-wallet/deposit-change.ts';
import type { InvoiceWriting } from '../invoice/invoice-writing.ts';
import type { DepositKey, DepositStore } from '../ports/deposit-store.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { Pause } from '../ports/pause.ts';
import { stampEvent } from '../stamp-event.ts';

export interface DepositWritingDeps extends Pick<InvoiceWriting, 'ids' | 'contextOf'> {
  readonly deposits: DepositStore;
  readonly feed: Pick<EventFeed, 'poke'>;
  readonly pause: Pause;
}

/** Picks the actions, in their order, by what the deposit is now. */
export type ChooseDepositActions = (deposit: Deposit, rules: PaymentRules) => readonly DepositAction[];

export interface DepositWriting {
  readonly ids: InvoiceWriting['ids'];
  /**
   * Reads, decides by the domain's rules and writes by compare-and-set on the payment's revision and the wallet's status;
   * begins again, a moment later, when another writer was first. Several actions are written together or not at all.
   * Returns what changed, or null when nothing did.
   */
  writeDeposit(key: DepositKey, choose: ChooseDepositActions, actor?: Actor): Promise<DepositChange | null>;
}

/** A deposit that this many writers overtook in a row points to a fault, not to traffic. */
const MAX_ATTEMPTS = 100;

export const createDepositWriting = ({
  deposits,
  contextOf,
  ids,
  feed,
  pause,
}: DepositWritingDeps): DepositWriting => ({
  ids,
  async writeDeposit(key, choose, actor = SYSTEM) {
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      const snapshot = await deposits.snapshot(key);
      if (!snapshot) return null;
      const context = await contextOf(snapshot);
      const at = context.now;
      const change = changeDeposit(snapshot, choose(snapshot, snapshot.rules), context);
      if (!change) return null;
      const outcome = await deposits.write({
        wallet: snapshot.wallet,
        revision: snapshot.revision,
        payment: change.payment,
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
    throw new Error(`deposit ${JSON.stringify(key)} was overtaken by other writers ${MAX_ATTEMPTS} times`);
  },
});
