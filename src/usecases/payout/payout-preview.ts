import type { Actor } from '../../domain/access/actor.ts';
import type { PayoutAmounts } from '../../domain/payout/payout.ts';
import { done, type Result } from '../result.ts';
import { creatorOf, type PayoutCreateInput } from './payout-create.ts';
import type { PayoutDeps } from './payout-deps.ts';
import { draftPayout } from './payout-draft.ts';
import { payoutPlace, payoutProofMissing } from './payout-place.ts';
import { readPayoutRequest } from './payout-request.ts';

export interface PayoutPreviewed extends PayoutAmounts {
  readonly currency: string;
  readonly approvalsRequired: number;
  /** Whether the balance has as much at the moment. */
  readonly isCovered: boolean;
  /** Whether the day's limit leaves as much at the moment. */
  readonly isWithinDayLimit: boolean;
}

/**
 * What a payout would come to now (FEATURES F1, dry run): refused for the same reasons, and nothing is written. It asks
 * a person for no proof of presence, since nothing leaves, and a key for its list of addresses; what the balance and the
 * day's limit leave at the moment is told and refuses nothing: it is looked at again when the payout is made.
 */
export type PayoutPreview = (
  actor: Actor,
  input: Omit<PayoutCreateInput, 'idempotencyKey'>,
) => Promise<Result<PayoutPreviewed>>;

export const payoutPreview =
  (deps: PayoutDeps): PayoutPreview =>
  async (actor, input) => {
    const place = payoutPlace(actor, input);
    if (!place.ok) return place;
    // A key that may not ask for the payout learns nothing by it; a person with the right sees balances anyway.
    const unproved =
      actor.type === 'API_KEY' ? payoutProofMissing(actor, place.value.mode, deps.clock.now()) : null;
    if (unproved) return unproved;
    const asked = readPayoutRequest(deps.formats, input);
    if (!asked.ok) return asked;
    const occasion = { origin: 'REQUEST', createdBy: creatorOf(actor), sourceId: null } as const;
    const draft = await draftPayout(deps, place.value, asked.value, occasion);
    if (!draft.ok) return draft;
    const { payout, dailyLimit } = draft.value;
    const { merchantId, mode, currency, debited, fee, networkFee, arrives, approvalsRequired } = payout;
    const available = await deps.payouts.available(merchantId, mode, currency);
    return done({
      currency,
      debited,
      fee,
      networkFee,
      arrives,
      approvalsRequired,
      isCovered: available >= debited,
      isWithinDayLimit:
        dailyLimit === null ||
        (await deps.payouts.leftWithinDay(merchantId, mode, currency, payout.createdAt)) + debited <=
          dailyLimit,
    });
  };
