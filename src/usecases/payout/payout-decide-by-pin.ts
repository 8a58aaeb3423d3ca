import { eventActor, type UserActor } from '../../domain/access/actor.ts';
import { may } from '../../domain/access/rights.ts';
import { isPin } from '../../domain/account/pin.ts';
import { userEvent } from '../../domain/event/event.ts';
import { canApprove, isMadeBy, type PayoutOrigin } from '../../domain/payout/payout.ts';
import { takeAttempt } from '../attempt.ts';
import type { AttemptLimits } from '../ports/attempt-limits.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { PayoutProofs } from '../ports/payout-proofs.ts';
import type { OpenPayout, PayoutReads } from '../ports/payout-reads.ts';
import type { PasswordHasher } from '../ports/secrets.ts';
import type { WithdrawalStore } from '../ports/withdrawal-store.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import type { PayoutApprove } from './payout-approve.ts';
import type { PayoutReject } from './payout-cancel.ts';
import { heldUntil } from './payout-held.ts';
import { placeOfPayout } from './payouts-open.ts';

export type PayoutVerdict = 'APPROVE' | 'REFUSE';

export interface PayoutToDecide {
  readonly payoutId: string;
  /** The revision that the member saw: what is decided holds for that one alone. */
  readonly revision: number;
  readonly verdict: PayoutVerdict;
}

/** A security change of the member or the merchant holds back what the member agrees to (RULES 12). */
export interface HeldBack {
  readonly kind: 'HELD';
  readonly until: Date;
}

/**
 * What a member is shown before the PIN is asked for. Refusals: NOT_FOUND, FORBIDDEN (who asked for it does not agree to
 * it), SECOND_FACTOR_REQUIRED (no authenticator is set up), STEP_UP_REQUIRED (no PIN is set), WRONG_STATE.
 */
export type PayoutDecisionShow = (
  actor: UserActor,
  input: PayoutToDecide,
) => Promise<Result<{ readonly kind: 'ASK'; readonly open: OpenPayout } | HeldBack>>;

export interface PayoutDecideByPinInput extends PayoutToDecide {
  readonly pin: string;
}

/**
 * A member agrees to a payout in a chat, or refuses it, by the PIN (FEATURES N10; docs/decisions/0043). Refusals: those of
 * `PayoutDecisionShow`, INVALID_INPUT for no PIN, CODE_REFUSED for a wrong one, RATE_LIMITED after five wrong ones in a day.
 */
export type PayoutDecideByPin = (
  actor: UserActor,
  input: PayoutDecideByPinInput,
) => Promise<
  Result<
    | {
        readonly kind: 'DECIDED';
        readonly approvals: number;
        readonly required: number;
        readonly origin: PayoutOrigin;
      }
    | HeldBack
  >
>;

export interface PayoutDecideDeps {
  readonly payoutReads: Pick<PayoutReads, 'byId'>;
  readonly payoutProofs: PayoutProofs;
  readonly withdrawals: Pick<WithdrawalStore, 'factsFor'>;
  readonly passwords: Pick<PasswordHasher, 'verify'>;
  readonly limits: AttemptLimits;
  readonly payoutApprove: PayoutApprove;
  readonly payoutReject: PayoutReject;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly feed: Pick<EventFeed, 'poke'>;
}

export const payoutDecisionShow =
  (
    deps: Pick<PayoutDecideDeps, 'payoutReads' | 'payoutProofs' | 'withdrawals' | 'clock'>,
  ): PayoutDecisionShow =>
  async (actor, input) => {
    const found = await decidable(deps, actor, input);
    if (!found.ok) return found;
    return done(found.value.kind === 'HELD' ? found.value : { kind: 'ASK', open: found.value.open });
  };

export const payoutDecideByPin =
  (deps: PayoutDecideDeps): PayoutDecideByPin =>
  async (actor, input) => {
    const found = await decidable(deps, actor, input);
    if (!found.ok) return found;
    if (found.value.kind === 'HELD') return done(found.value);
    const { open, pinHash } = found.value;
    const wrong = await pinFault(deps, actor, input.pin, pinHash);
    if (wrong) return wrong;
    const at = deps.clock.now();
    // The chat is the person's own, the authenticator is set up, and the PIN was given at this moment.
    const proved: UserActor = { ...actor, secondFactorAt: at, steppedUpAt: at };
    const { payoutId, revision } = input;
    const { approvalsRequired: required, origin } = open.payout;
    if (input.verdict === 'REFUSE') {
      const refused = await deps.payoutReject(proved, { payoutId, revision });
      return refused.ok ? done({ kind: 'DECIDED', approvals: open.approvals, required, origin }) : refused;
    }
    const approved = await deps.payoutApprove(proved, { payoutId, revision });
    return approved.ok
      ? done({ kind: 'DECIDED', approvals: approved.value.approvals, required, origin })
      : approved;
  };

/** Everything that is asked before the PIN: nobody can try one where it would open nothing. */
async function decidable(
  deps: Pick<PayoutDecideDeps, 'payoutReads' | 'payoutProofs' | 'withdrawals' | 'clock'>,
  actor: UserActor,
  { payoutId, revision, verdict }: PayoutToDecide,
): Promise<
  Result<{ readonly kind: 'OPEN'; readonly open: OpenPayout; readonly pinHash: string } | HeldBack>
> {
  const open = await deps.payoutReads.byId(payoutId);
  if (!open || !may(actor, 'payout:write', placeOfPayout(open.payout)))
    return refuse('NOT_FOUND', 'There is no such payout.', 'payoutId');
  const { payout } = open;
  if (verdict === 'APPROVE' && isMadeBy(payout, actor.userId))
    return refuse('FORBIDDEN', 'Somebody else must agree to what you asked for.', 'payoutId');
  const proofs = await deps.payoutProofs.of(actor.userId);
  if (!proofs?.hasSecondFactor) return refuse('SECOND_FACTOR_REQUIRED', 'Payouts need an authenticator.');
  if (proofs.pinHash === null) return refuse('STEP_UP_REQUIRED', 'Set a PIN first.');
  if (!canApprove(payout) || payout.revision !== revision)
    return refuse('WRONG_STATE', 'The payout has gone on since it was looked at.', 'revision');
  const until = verdict === 'APPROVE' ? await heldUntil(deps, actor, payout) : null;
  return done(until ? { kind: 'HELD', until } : { kind: 'OPEN', open, pinHash: proofs.pinHash });
}

/** An attempt is counted before the PIN is compared, so that parallel ones cannot share one. */
async function pinFault(
  { limits, passwords, payoutProofs, ids, clock, feed }: PayoutDecideDeps,
  actor: UserActor,
  pin: string,
  pinHash: string,
): Promise<Result<never> | null> {
  if (!isPin(pin)) return refuse('INVALID_INPUT', 'A PIN has 4 to 8 digits.', 'pin');
  const { userId } = actor;
  const at = clock.now();
  const limited = await takeAttempt(limits, 'chat_pin', { account: userId }, at);
  if (limited) return limited;
  if (await passwords.verify(pinHash, pin)) {
    await limits.forgive('chat_pin', { account: userId });
    return null;
  }
  const event = userEvent('user.payout_pin_refused', userId, {});
  await payoutProofs.refused(stampEvent(event, { id: ids.next(), actor: eventActor(actor), at }));
  feed.poke();
  return refuse('CODE_REFUSED', 'This PIN is wrong.', 'pin');
}
