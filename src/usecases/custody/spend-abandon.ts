import { eventActor, type OperatorActor } from '../../domain/access/actor.ts';
import { mayOperate } from '../../domain/access/rights.ts';
import { spendGivenUp } from '../../domain/payout/spend-events.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { SpendAbandonStore } from '../ports/spend-abandon-store.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import { stepUpMissing } from '../step-up.ts';

export interface SpendAbandonInput {
  readonly network: string;
  /** Any of the transactions that were signed for it, as `custody.spend_stuck` names it. */
  readonly txId: string;
}

/**
 * An operator gives a spend up whose place another transaction used. The sender ends it as soon as the chain proves that it
 * can never be mined: its payout fails and its money is available again, its other coins are free. Until then nothing moves.
 * Refusals: FORBIDDEN, STEP_UP_REQUIRED, NOT_FOUND, WRONG_STATE.
 */
export type SpendAbandon = (
  actor: OperatorActor,
  input: SpendAbandonInput,
) => Promise<Result<{ spendId: string; payoutId: string | null }>>;

export interface SpendAbandonDeps {
  readonly stuckSpends: SpendAbandonStore;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly feed: Pick<EventFeed, 'poke'>;
}

export const spendAbandon =
  ({ stuckSpends, ids, clock, feed }: SpendAbandonDeps): SpendAbandon =>
  async (actor, { network, txId }) => {
    if (!mayOperate(actor, 'custody:write')) return refuse('FORBIDDEN', 'This is for operators.');
    const at = clock.now();
    const missing = stepUpMissing(actor, at);
    if (missing) return missing;
    const spend = await stuckSpends.byTransaction(network, txId.trim());
    if (!spend) return refuse('NOT_FOUND', 'The gateway signed no such transaction.', 'txId');
    const { id, kind, payoutId } = spend;
    if (!spend.isOpen || spend.stuckFor !== 'FOREIGN' || spend.isGivenUp)
      return refuse('WRONG_STATE', whyNot(spend), 'txId');
    const event = spendGivenUp(id, { network, kind, txId: txId.trim(), payoutId });
    const stamped = stampEvent(event, { id: ids.next(), actor: eventActor(actor), at });
    if (!(await stuckSpends.giveUp(id, stamped, at)))
      return refuse('WRONG_STATE', 'It was changed meanwhile.', 'txId');
    feed.poke();
    return done({ spendId: id, payoutId });
  };

function whyNot({ isOpen, isGivenUp }: { readonly isOpen: boolean; readonly isGivenUp: boolean }): string {
  if (!isOpen) return 'It has ended.';
  return isGivenUp
    ? 'It was given up already; it ends when the chain has proved it.'
    : 'Nobody else is known to have used its place.';
}
