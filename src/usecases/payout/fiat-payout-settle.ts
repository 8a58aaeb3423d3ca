import type { OperatorActor } from '../../domain/access/actor.ts';
import { mayOperate } from '../../domain/access/rights.ts';
import { sent } from '../../domain/payout/payout-money.ts';
import { isPlainLine } from '../../domain/text/plain-text.ts';
import { refuse, type Result } from '../result.ts';
import { stepUpMissing } from '../step-up.ts';
import type { FiatPayoutDeps } from './fiat-payout-deps.ts';
import { endFiatPayout, openFiatPayout } from './fiat-payout-end.ts';

export interface FiatPayoutSettleInput {
  readonly payoutId: string;
  /** The bank's, by which the transfer is found again. */
  readonly bankReference: string;
}

/**
 * An operator says that the bank has sent a payout that was taken (`fiatPayoutTake`), once (FEATURES F2). The money has
 * left: neither a hold of after that nor the account's removal refuses it.
 * Refusals: FORBIDDEN, INVALID_INPUT, STEP_UP_REQUIRED, NOT_FOUND, WRONG_STATE.
 */
export type FiatPayoutSettle = (
  actor: OperatorActor,
  input: FiatPayoutSettleInput,
) => Promise<Result<{ payoutId: string }>>;

const MAX_REFERENCE = 140;

export const fiatPayoutSettle =
  (deps: FiatPayoutDeps): FiatPayoutSettle =>
  async (actor, { payoutId, bankReference: typed }) => {
    if (!mayOperate(actor, 'payout:settle')) return refuse('FORBIDDEN', 'This is for operators.');
    const bankReference = typed.trim();
    if (bankReference.length < 1 || bankReference.length > MAX_REFERENCE || !isPlainLine(bankReference))
      return refuse('INVALID_INPUT', 'A reference has 1 to 140 characters in one line.', 'bankReference');
    const missing = stepUpMissing(actor, deps.clock.now());
    if (missing) return missing;
    const open = await openFiatPayout(deps, payoutId);
    if (!open.ok) return open;
    const payout = open.value;
    if (!payout.isTaken)
      return refuse('WRONG_STATE', 'Take the payout first, before the bank is told of it.', 'payoutId');
    return endFiatPayout(deps, actor, payout, {
      status: 'CONFIRMED',
      event: 'payout.confirmed',
      entry: sent(payout),
      words: { bankReference },
    });
  };
