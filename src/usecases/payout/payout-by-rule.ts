import { SYSTEM } from '../../domain/access/actor.ts';
import { memberMay } from '../../domain/access/rights.ts';
import type { WithdrawalVerdict } from '../../domain/access/withdrawal-rule.ts';
import type { AutoWithdrawal } from '../../domain/payout/auto-withdrawal.ts';
import type { AutoWithdrawalStore } from '../ports/auto-withdrawal-store.ts';
import type { PayoutCreated } from '../ports/payout-store.ts';
import { writePayout } from './payout-create.ts';
import type { PayoutDeps } from './payout-deps.ts';
import { composePayout, isTooSmall, type PayoutDraft } from './payout-draft.ts';

export interface RulePayoutAsked {
  /**
   * The whole available balance, in the asset's smallest unit: what of it may leave today is sent, and fees come off that.
   */
  readonly available: bigint;
  /** The event that led to it: of one event comes one payout (`payout.source_id`). Null when only time has passed. */
  readonly causeId: string | null;
}

export type RulePayout =
  | { readonly kind: 'made'; readonly payoutId: string }
  /**
   * Not now, and nobody's fault: until somebody or the next event moves something (the balance has gone, a payout is open),
   * or only until some time has passed (payouts are held, the day's limit is used up).
   */
  | { readonly kind: 'waits'; readonly reason: string; readonly passesWithTime: boolean }
  /** The rule cannot be carried out as it stands; five in a row end it. */
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * Makes the payout that a rule asks for, by the same checks as by hand (RULES 12), in the name of the member who made
 * the rule: one who is no member any more, or has no second factor any more, is refused. Safe to repeat with one cause.
 */
export type PayoutByRule = (rule: AutoWithdrawal, asked: RulePayoutAsked) => Promise<RulePayout>;

export type PayoutByRuleDeps = PayoutDeps & { readonly rules: Pick<AutoWithdrawalStore, 'makerOf'> };

const waits = (reason: string): RulePayout => ({ kind: 'waits', reason, passesWithTime: false });
const waitsItsTime = (reason: string): RulePayout => ({ kind: 'waits', reason, passesWithTime: true });
const refused = (reason: string): RulePayout => ({ kind: 'refused', reason });

export const payoutByRule =
  (deps: PayoutByRuleDeps): PayoutByRule =>
  async (rule, { available, causeId }) => {
    const { merchantId, asset, network, address, createdBy } = rule;
    const { member, hasAuthenticator } = await deps.rules.makerOf(rule);
    if (!member || !memberMay(member, 'payout:write', undefined)) return refused('MAKER_HAS_NO_RIGHT');
    if (!hasAuthenticator) return refused('MAKER_HAS_NO_AUTHENTICATOR');
    if (!deps.canSend(network, asset)) return refused('NETWORK_NOT_CONFIGURED');
    const room = await roomToday(deps, rule);
    const amount = room !== null && room < available ? room : available;
    const draft = await composePayout(
      deps,
      { merchantId, projectId: null, mode: 'LIVE' },
      {
        currency: asset,
        amount,
        feesFrom: 'AMOUNT',
        target: { kind: 'CRYPTO', network, address },
        reference: null,
      },
      { origin: 'AUTO_WITHDRAWAL', createdBy: { type: 'USER', id: createdBy }, sourceId: causeId },
    );
    if (isTooSmall(draft.payout, draft.minimum)) return whyTooSmall(draft, available);
    const verdict = await deps.payoutCheck(draft.payout);
    if (!verdict.allowed)
      return PASSES_BY_ITSELF[verdict.reason] ? waitsItsTime(verdict.reason) : refused(verdict.reason);
    const outcome = await writePayout(deps, SYSTEM, draft, { idempotency: null, batch: null });
    return outcome.kind === 'created' ? { kind: 'made', payoutId: draft.payout.id } : answerTo(outcome);
  };

/** What the day's limit leaves; null where there is none. What leaves besides meanwhile, the write sees. */
async function roomToday(
  { payouts, clock }: Pick<PayoutDeps, 'payouts' | 'clock'>,
  { merchantId, asset }: AutoWithdrawal,
): Promise<bigint | null> {
  const { dailyLimit } = await payouts.policy(merchantId);
  const limit = dailyLimit[asset];
  if (limit === undefined) return null;
  return limit - (await payouts.leftWithinDay(merchantId, 'LIVE', asset, clock.now()));
}

/** More is credited some day, and what is too much for today may leave tomorrow, unless a whole day's limit is too little. */
function whyTooSmall({ payout, dailyLimit, minimum }: PayoutDraft, available: bigint): RulePayout {
  const fees = payout.debited - payout.arrives;
  const isTooLittle = (debited: bigint) => isTooSmall({ debited, arrives: debited - fees }, minimum);
  if (isTooLittle(available) || dailyLimit === null) return waits('TOO_SMALL');
  return isTooLittle(dailyLimit) ? refused('LIMIT_BELOW_MINIMUM') : waitsItsTime('LIMIT_REACHED');
}

/** A hold and a cool-off end; what is not listed, or no address, needs somebody's hand. */
const PASSES_BY_ITSELF: Readonly<Record<Exclude<WithdrawalVerdict, { allowed: true }>['reason'], boolean>> = {
  HELD: true,
  ADDRESS_COOLING_OFF: true,
  ADDRESS_NOT_LISTED: false,
  ADDRESS_INVALID: false,
  KEY_REVOKED: false,
  MEMBER_GONE: false,
};

function answerTo(outcome: Exclude<PayoutCreated, { readonly kind: 'created' }>): RulePayout {
  switch (outcome.kind) {
    case 'balance_short':
      return waits('BALANCE_SHORT');
    case 'limit_reached':
      return waitsItsTime('LIMIT_REACHED');
    case 'busy':
      return waits('OPEN_PAYOUT');
    case 'merchant_closed':
      return refused('MERCHANT_CLOSED');
    case 'replayed':
    case 'key_reused':
      throw new Error('a rule has no idempotency key');
  }
}
