import { eventActor, type Actor } from '../../domain/access/actor.ts';
import { reboundEvent } from '../../domain/rebound/rebound-events.ts';
import { isUnclaimed, type Rebound } from '../../domain/rebound/rebound.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import { reboundFor, type ReboundDeps } from './rebound-deps.ts';
import { reboundPayerTold } from './rebound-payer-told.ts';

/**
 * Takes a rebound back whose payer has not said where it is to go: the money waits for a decision again, and the link is
 * of no use any more. A repeat gives the same answer.
 */
export type ReboundReject = (
  actor: Actor,
  input: { readonly reboundId: string },
) => Promise<Result<{ reboundId: string }>>;

export type ReboundRejectDeps = Pick<ReboundDeps, 'rebounds' | 'refunds' | 'ids' | 'clock' | 'feed'>;

export const reboundReject =
  ({ rebounds, refunds, ids, clock, feed }: ReboundRejectDeps): ReboundReject =>
  async (actor, { reboundId }) => {
    const found = await reboundFor(rebounds, actor, 'payment:resolve', reboundId);
    if (!found.ok) return found;
    const before = found.value;
    if (before.status === 'REJECTED') return done({ reboundId });
    if (!isUnclaimed(before)) return underWay();
    const after: Rebound = { ...before, status: 'REJECTED' };
    const at = clock.now();
    const failure = 'BY_MERCHANT';
    const drafts = [
      reboundEvent('rebound.rejected', after, { failure }),
      ...(await reboundPayerTold(refunds, after)),
    ];
    const written = await rebounds.change({
      before,
      after,
      decision: { from: 'REBOUND', to: 'NONE' },
      claimTokenHash: null,
      failure,
      entries: [],
      events: drafts.map((draft) => stampEvent(draft, { id: ids.next(), actor: eventActor(actor), at })),
      at,
    });
    if (!written) return underWay();
    feed.poke();
    return done({ reboundId });
  };

const underWay = () => refuse('WRONG_STATE', 'The rebound does not wait for its payer any more.');
