import { eventActor, type Actor } from '../../domain/access/actor.ts';
import type { EventType } from '../../domain/event/catalogue.ts';
import type { EventData } from '../../domain/event/event.ts';
import { reboundEvent } from '../../domain/rebound/rebound-events.ts';
import { isUnclaimed, type Rebound } from '../../domain/rebound/rebound.ts';
import {
  claimInbox,
  claimMail,
  namedBy,
  newClaimLink,
  resentBefore,
  takeClaimMail,
} from '../claim/claim-link.ts';
import { isOfRevokedKey, ofRevokedKey } from '../claim/claiming.ts';
import { idempotencyOf } from '../idempotency-of.ts';
import { payoutProofMissing } from '../payout/payout-place.ts';
import { keyFault } from '../payout/payout-request.ts';
import type { PayoutPayees } from '../ports/payout-payees.ts';
import type { PayoutStore } from '../ports/payout-store.ts';
import type { InboxNamed, ReboundChange, ReboundStore } from '../ports/rebound-store.ts';
import type { WithdrawalStore } from '../ports/withdrawal-store.ts';
import { holdOn } from '../refund/refund-place.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import { reboundFor, type ReboundDeps } from './rebound-deps.ts';

export interface ReboundClaimResendInput {
  readonly reboundId: string;
  /** The one that is known when left out. */
  readonly email?: string | null | undefined;
  /** A repetition with the same key sends no other mail, so that the link that was sent stays good. */
  readonly idempotencyKey?: string | null | undefined;
}

/**
 * Sends the payer a link, to the known address or another one (FEATURES G3): a former link is of no use any more. Who
 * names the inbox names who gets the money: it asks for what a payout asks for, holds keep it back (RULES 12), and from
 * then on the rebound keeps to the limit and the approvals of payouts. Refusals: NOT_FOUND, INVALID_INPUT,
 * SECOND_FACTOR_REQUIRED, STEP_UP_REQUIRED, WRONG_STATE, RATE_LIMITED, LIMIT_REACHED.
 */
export type ReboundClaimResend = (
  actor: Actor,
  input: ReboundClaimResendInput,
) => Promise<Result<{ reboundId: string }>>;

export type ReboundClaimResendDeps = Pick<
  ReboundDeps,
  'rebounds' | 'refunds' | 'limits' | 'secrets' | 'ids' | 'clock' | 'feed'
> & {
  readonly payouts: Pick<PayoutStore, 'policy'>;
  readonly withdrawals: Pick<WithdrawalStore, 'factsFor'>;
  readonly payees: Pick<PayoutPayees, 'whoIsGone'>;
};

export const reboundClaimResend =
  (deps: ReboundClaimResendDeps): ReboundClaimResend =>
  async (actor, { idempotencyKey, ...request }) => {
    const { reboundId, email } = request;
    const { rebounds, refunds, ids, clock } = deps;
    const found = await reboundFor(rebounds, actor, 'payout:write', reboundId);
    if (!found.ok) return found;
    const before = found.value;
    const inbox = claimInbox(email, before.customerEmail);
    if (!inbox.ok) return inbox;
    const at = clock.now();
    const barred = keyFault(idempotencyKey) ?? payoutProofMissing(actor, before.mode, at);
    if (barred) return barred;
    const operation = 'reboundClaimResend';
    const idempotency = idempotencyOf(actor, { idempotencyKey, operation, request }, deps.secrets);
    const answered = async (): Promise<Result<{ reboundId: string }> | null> => {
      const first = await resentBefore(refunds, idempotency);
      return first?.ok ? done({ reboundId }) : first;
    };
    const first = await answered();
    if (first) return first;
    if (!isUnclaimed(before)) return notOpen();
    const named = namedBy(actor, inbox.value, before.customerEmail);
    const held = named.inboxNamedBy ? await holdOn(deps.withdrawals, actor, before, at) : null;
    if (held) return held;
    if (await isOfRevokedKey(deps.payees, 'REBOUND', { ...before, createdBy: null })) return ofRevokedKey();
    const limited = await takeClaimMail(deps.limits, before, inbox.value, at);
    if (limited) return limited;

    const link = newClaimLink('REBOUND_CLAIM', deps, at);
    const after: Rebound = { ...before, customerEmail: inbox.value, claimExpiresAt: link.expiresAt };
    const mail = claimMail(link, inbox.value, await refunds.shopName(before.projectId));
    const event = (type: EventType, more: EventData) =>
      stampEvent(reboundEvent(type, after, more), { id: ids.next(), actor: eventActor(actor), at });
    const change: ReboundChange = {
      before,
      after,
      claimTokenHash: link.tokenHash,
      ...named,
      idempotency,
      entries: [],
      events: [
        event('rebound.claim_sent', mail),
        ...(named.inboxNamedBy === undefined ? [] : [event('rebound.inbox_named', { inbox: inbox.value })]),
      ],
      at,
    };
    const outcome = await (named.inboxNamedBy === undefined
      ? resent(rebounds, change)
      : rebounds.nameInbox(change, await dayLimitOf(deps.payouts, before)));
    if (outcome === 'day_limit_reached')
      return refuse('LIMIT_REACHED', 'More than may leave within 24 hours.', 'email');
    // Of two with the same key at once, one was first.
    if (outcome === 'stale') return (await answered()) ?? notOpen();
    deps.feed.poke();
    return done({ reboundId });
  };

const resent = async (rebounds: Pick<ReboundStore, 'change'>, change: ReboundChange): Promise<InboxNamed> =>
  (await rebounds.change(change)) ? 'named' : 'stale';

const dayLimitOf = async (
  payouts: Pick<PayoutStore, 'policy'>,
  { merchantId, asset }: Rebound,
): Promise<bigint | null> => (await payouts.policy(merchantId)).dailyLimit[asset] ?? null;

const notOpen = () => refuse('WRONG_STATE', 'The rebound does not wait for its payer any more.');
