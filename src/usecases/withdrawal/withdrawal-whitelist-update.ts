import { eventActor, type UserActor } from '../../domain/access/actor.ts';
import { may } from '../../domain/access/rights.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import { stepUpMissing } from '../step-up.ts';
import type { WithdrawalDeps } from './withdrawal-deps.ts';

export interface WithdrawalWhitelistUpdateInput {
  readonly merchantId: string;
  readonly enabled: boolean;
}

/**
 * Lets payouts go to listed addresses only, or to any again (FEATURES B6). Asks for presence; switching off holds
 * payouts back besides, so that it is no way around the list. Safe to repeat.
 */
export type WithdrawalWhitelistUpdate = (
  actor: UserActor,
  input: WithdrawalWhitelistUpdateInput,
) => Promise<Result<{ merchantId: string }>>;

export const withdrawalWhitelistUpdate =
  ({ withdrawals, ids, clock, feed }: WithdrawalDeps): WithdrawalWhitelistUpdate =>
  async (actor, { merchantId, enabled }) => {
    if (!may(actor, 'withdrawal:write', { merchantId }))
      return refuse('NOT_FOUND', 'There is no such merchant.', 'merchantId');
    const at = clock.now();
    const absent = stepUpMissing(actor, at);
    if (absent) return absent;
    const event = stampEvent(
      {
        type: 'withdrawal_whitelist.changed',
        merchantId,
        projectId: null,
        mode: null,
        subject: { type: 'MERCHANT', id: merchantId },
        data: { enabled },
      },
      { id: ids.next(), actor: eventActor(actor), at },
    );
    const heldBy = enabled ? null : actor.userId;
    if (await withdrawals.setWhitelist(merchantId, enabled, { event, at, heldBy })) feed.poke();
    return done({ merchantId });
  };
