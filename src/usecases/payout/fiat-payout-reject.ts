import type { OperatorActor } from '../../domain/access/actor.ts';
import { mayOperate } from '../../domain/access/rights.ts';
import { returned } from '../../domain/payout/payout-money.ts';
import { isPlainText } from '../../domain/text/plain-text.ts';
import { refuse, type Result } from '../result.ts';
import { stepUpMissing } from '../step-up.ts';
import type { FiatPayoutDeps } from './fiat-payout-deps.ts';
import { endFiatPayout, openFiatPayout } from './fiat-payout-end.ts';

export interface FiatPayoutRejectInput {
  readonly payoutId: string;
  /** Told to the merchant. */
  readonly reason: string;
}

/**
 * An operator rejects a payout to a bank account, once; its money is available again (FEATURES F2).
 * Refusals: FORBIDDEN, INVALID_INPUT, STEP_UP_REQUIRED, NOT_FOUND, WRONG_STATE.
 */
export type FiatPayoutReject = (
  actor: OperatorActor,
  input: FiatPayoutRejectInput,
) => Promise<Result<{ payoutId: string }>>;

const MAX_REASON = 1000;

export const fiatPayoutReject =
  (deps: FiatPayoutDeps): FiatPayoutReject =>
  async (actor, { payoutId, reason: typed }) => {
    if (!mayOperate(actor, 'payout:settle')) return refuse('FORBIDDEN', 'This is for operators.');
    const reason = typed.trim();
    if (reason.length < 1 || reason.length > MAX_REASON || !isPlainText(reason))
      return refuse('INVALID_INPUT', `Tell the merchant why, in 1 to ${MAX_REASON} characters.`, 'reason');
    const missing = stepUpMissing(actor, deps.clock.now());
    if (missing) return missing;
    const open = await openFiatPayout(deps, payoutId);
    if (!open.ok) return open;
    return endFiatPayout(deps, actor, open.value, {
      status: 'REJECTED',
      event: 'payout.rejected',
      entry: returned(open.value),
      words: { reason },
    });
  };
