import { eventActor, type UserActor } from '../../domain/access/actor.ts';
import { may } from '../../domain/access/rights.ts';
import { carries } from '../../domain/chain/networks.ts';
import { ruleCreated, type AutoWithdrawal } from '../../domain/payout/auto-withdrawal.ts';
import { formatAmount } from '../../domain/money/money.ts';
import { payoutAmounts, payoutMinimums } from '../../domain/payout/payout-terms.ts';
import { positiveAmount } from '../amount-input.ts';
import { payoutProofMissing } from '../payout/payout-place.ts';
import type { AddressFormats } from '../ports/address-formats.ts';
import type { CanSend } from '../ports/can-send.ts';
import type { AutoWithdrawalStore } from '../ports/auto-withdrawal-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { PayoutTerms } from '../ports/payout-terms.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import type { WithdrawalCheck } from '../withdrawal/withdrawal-check.ts';

export interface AutoWithdrawalCreateInput {
  readonly merchantId: string;
  readonly asset: string;
  readonly network: string;
  readonly address: string;
  /** Decimal, in whole units of the asset. */
  readonly threshold: string;
}

/**
 * Sends on what is credited in LIVE mode from now on, as soon as the balance reaches the threshold (FEATURES F3). For
 * people who have proved what a payout asks for; to an address that a payout could go to now.
 * Refusals: NOT_FOUND, INVALID_INPUT, SECOND_FACTOR_REQUIRED, STEP_UP_REQUIRED, WRONG_STATE.
 */
export type AutoWithdrawalCreate = (
  actor: UserActor,
  input: AutoWithdrawalCreateInput,
) => Promise<Result<{ autoWithdrawalId: string }>>;

export interface AutoWithdrawalDeps {
  readonly rules: AutoWithdrawalStore;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly feed: Pick<EventFeed, 'poke'>;
}

export interface AutoWithdrawalCreateDeps extends AutoWithdrawalDeps {
  readonly formats: AddressFormats;
  readonly canSend: CanSend;
  readonly terms: Pick<PayoutTerms, 'feesOf'>;
  readonly withdrawalCheck: WithdrawalCheck;
}

export const autoWithdrawalCreate =
  (deps: AutoWithdrawalCreateDeps): AutoWithdrawalCreate =>
  async (actor, input) => {
    const { rules, ids, clock, feed } = deps;
    const { merchantId } = input;
    if (!may(actor, 'payout:write', { merchantId }))
      return refuse('NOT_FOUND', 'There is no such merchant.', 'merchantId');
    const read = readRule(deps, input);
    if (!read.ok) return read;
    const below = await thresholdFault(deps, merchantId, read.value);
    if (below) return below;
    const at = clock.now();
    const refused =
      payoutProofMissing(actor, 'LIVE', at) ?? (await refusalOf(deps, actor, merchantId, read.value));
    if (refused) return refused;
    const rule = {
      id: ids.next(),
      merchantId,
      ...read.value,
      createdBy: actor.userId,
      failures: 0,
      waits: null,
    };
    const event = stampEvent(ruleCreated(rule), { id: ids.next(), actor: eventActor(actor), at });
    switch (await rules.create(rule, at, event)) {
      case 'active':
        return refuse('WRONG_STATE', 'There is a rule for this asset: disable it first.', 'asset');
      case 'closed':
        return refuse('WRONG_STATE', 'The account is closed.');
      case 'created':
        feed.poke();
        return done({ autoWithdrawalId: rule.id });
    }
  };

type Way = Pick<AutoWithdrawal, 'asset' | 'network' | 'address' | 'threshold'>;

function readRule(
  { formats, canSend }: Pick<AutoWithdrawalCreateDeps, 'formats' | 'canSend'>,
  { asset, network, address: typed, threshold: decimal }: AutoWithdrawalCreateInput,
): Result<Way> {
  if (!carries(network, asset))
    return refuse('INVALID_INPUT', 'That network does not carry this asset.', 'network');
  if (!canSend(network, asset))
    return refuse('INVALID_INPUT', `This gateway does not send ${asset} over that network.`, 'network');
  const address = formats.canonical(network, typed.trim());
  if (address === null)
    return refuse('INVALID_INPUT', 'This is no address that can be paid on that network.', 'address');
  const threshold = positiveAmount(decimal, asset);
  return threshold === null
    ? refuse('INVALID_INPUT', 'This is no amount of that asset.', 'threshold')
    : done({ asset, network, address, threshold });
}

/** A balance at the threshold must be enough for a payout. */
async function thresholdFault(
  { terms }: Pick<AutoWithdrawalCreateDeps, 'terms'>,
  merchantId: string,
  { asset, network, threshold }: Way,
): Promise<Result<never> | null> {
  const fees = await terms.feesOf(merchantId, null);
  const { arrives } = payoutAmounts(threshold, { asset, network }, asset, fees, 'AMOUNT');
  const minimum = payoutMinimums(fees)[asset] ?? 1n;
  if (threshold >= minimum && arrives > 0n) return null;
  const least = formatAmount({ minorUnits: minimum, currency: asset });
  return refuse('INVALID_INPUT', `At least ${least} ${asset}, and more than the fees.`, 'threshold');
}

/** What every payout is asked (RULES 12). */
async function refusalOf(
  { withdrawalCheck }: Pick<AutoWithdrawalCreateDeps, 'withdrawalCheck'>,
  { userId }: UserActor,
  merchantId: string,
  { network, address }: Way,
): Promise<Result<never> | null> {
  const verdict = await withdrawalCheck({ merchantId, userId, network, address });
  if (verdict.allowed) return null;
  return verdict.reason === 'HELD'
    ? refuse('WRONG_STATE', 'Payouts are held after a security change.')
    : refuse('WRONG_STATE', 'Payouts do not go to this address now.', 'address');
}
