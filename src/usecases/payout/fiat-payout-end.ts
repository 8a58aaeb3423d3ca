import { eventActor, type OperatorActor } from '../../domain/access/actor.ts';
import type { EventType } from '../../domain/event/catalogue.ts';
import type { LedgerEntry } from '../../domain/ledger/entries.ts';
import { canSettle, type Payout } from '../../domain/payout/payout.ts';
import { payoutEvent } from '../../domain/payout/payout-events.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import type { FiatPayoutDeps } from './fiat-payout-deps.ts';

/** How an operator ends a payout to a bank account. */
export interface FiatPayoutEnding {
  readonly status: 'CONFIRMED' | 'REJECTED';
  readonly event: EventType;
  readonly entry: LedgerEntry;
  /** What was typed. */
  readonly words: { readonly bankReference: string } | { readonly reason: string };
}

/** The payout, when an operator can decide on it. */
export async function openFiatPayout(
  { payouts }: { readonly payouts: Pick<FiatPayoutDeps['payouts'], 'byId'> },
  payoutId: string,
): Promise<Result<Payout>> {
  const payout = await payouts.byId(payoutId);
  // One to an address is none of an operator's: as if it were not there.
  if (payout?.target.kind !== 'FIAT') return refuse('NOT_FOUND', 'There is no such payout.', 'payoutId');
  return canSettle(payout)
    ? done(payout)
    : refuse('WRONG_STATE', `The payout is ${payout.status}.`, 'payoutId');
}

/** Writes the end with its ledger entry and event, once: whoever comes second is refused. */
export async function endFiatPayout(
  { payouts, ids, clock, feed }: FiatPayoutDeps,
  actor: OperatorActor,
  before: Payout,
  { status, event, entry, words }: FiatPayoutEnding,
): Promise<Result<{ payoutId: string }>> {
  const at = clock.now();
  const { holder, account } = await payouts.namesOf(before);
  const after: Payout = { ...before, status, revision: before.revision + 1 };
  const stamp = { id: ids.next(), actor: eventActor(actor), at };
  const ended = await payouts.change({
    before,
    after,
    ...('reason' in words ? { failure: words.reason } : words),
    entries: [{ ...entry, id: ids.next() }],
    events: [stampEvent(payoutEvent(event, after, { holder, account, ...words }), stamp)],
    at,
  });
  if (!ended) return refuse('WRONG_STATE', 'The payout was changed meanwhile.', 'payoutId');
  feed.poke();
  return done({ payoutId: before.id });
}
