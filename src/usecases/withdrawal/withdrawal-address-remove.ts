import { eventActor, type UserActor } from '../../domain/access/actor.ts';
import { may } from '../../domain/access/rights.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import { stepUpMissing } from '../step-up.ts';
import type { WithdrawalDeps } from './withdrawal-deps.ts';

/**
 * Takes an address off the list at once (FEATURES B6). Asks for presence, as every change of the list: a thief could
 * keep the shop from its money. Safe to repeat; listed again, it cools off again.
 */
export type WithdrawalAddressRemove = (
  actor: UserActor,
  input: { readonly withdrawalAddressId: string },
) => Promise<Result<{ withdrawalAddressId: string }>>;

export const withdrawalAddressRemove =
  ({ withdrawals, ids, clock, feed }: WithdrawalDeps): WithdrawalAddressRemove =>
  async (actor, { withdrawalAddressId: id }) => {
    const listed = await withdrawals.addressById(id);
    if (!listed || !may(actor, 'withdrawal:write', { merchantId: listed.merchantId }))
      return refuse('NOT_FOUND', 'There is no such address.', 'withdrawalAddressId');
    const { merchantId, network, address, label } = listed;
    const at = clock.now();
    const absent = stepUpMissing(actor, at);
    if (absent) return absent;
    const event = stampEvent(
      {
        type: 'withdrawal_address.removed',
        merchantId,
        projectId: null,
        mode: null,
        subject: { type: 'WITHDRAWAL_ADDRESS', id },
        data: { network, address, label },
      },
      { id: ids.next(), actor: eventActor(actor), at },
    );
    if (await withdrawals.removeAddress(id, at, event)) feed.poke();
    return done({ withdrawalAddressId: id });
  };
