import type { UserActor } from '../../domain/access/actor.ts';
import { activeHold } from '../../domain/access/withdrawal-hold.ts';
import type { Payout } from '../../domain/payout/payout.ts';
import type { Clock } from '../ports/clock.ts';
import type { WithdrawalStore } from '../ports/withdrawal-store.ts';

/**
 * Until when a security change of the member or the merchant holds back what the member agrees to (RULES 12); null when
 * nothing does. No money leaves in TEST mode.
 */
export async function heldUntil(
  { withdrawals, clock }: { readonly withdrawals: Pick<WithdrawalStore, 'factsFor'>; readonly clock: Clock },
  { userId }: Pick<UserActor, 'userId'>,
  { merchantId, mode }: Pick<Payout, 'merchantId' | 'mode'>,
): Promise<Date | null> {
  if (mode === 'TEST') return null;
  const at = clock.now();
  // Of the facts only the holds: the address is asked for when the payout is sent.
  const facts = await withdrawals.factsFor({ merchantId, userIds: [userId], network: '', address: '', at });
  return facts && (activeHold(facts.holds, at)?.endsAt ?? null);
}
