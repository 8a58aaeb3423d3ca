import { eventActor, type UserActor } from '../../domain/access/actor.ts';
import { may } from '../../domain/access/rights.ts';
import { ADDRESS_COOL_OFF_MS } from '../../domain/access/withdrawal-rule.ts';
import { isPlainLine } from '../../domain/text/plain-text.ts';
import type { AddressFormats } from '../ports/address-formats.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import { stepUpMissing } from '../step-up.ts';
import type { WithdrawalDeps } from './withdrawal-deps.ts';

export interface WithdrawalAddressAddInput {
  readonly merchantId: string;
  readonly network: string;
  readonly address: string;
  readonly label: string;
}

/** Lists an address that payouts may go to, from the end of its cool-off on (FEATURES B6). */
export type WithdrawalAddressAdd = (
  actor: UserActor,
  input: WithdrawalAddressAddInput,
) => Promise<Result<{ withdrawalAddressId: string }>>;

export interface WithdrawalAddressAddDeps extends WithdrawalDeps {
  readonly formats: AddressFormats;
}

export const withdrawalAddressAdd =
  ({ withdrawals, formats, ids, clock, feed }: WithdrawalAddressAddDeps): WithdrawalAddressAdd =>
  async (actor, input) => {
    const { merchantId, network } = input;
    if (!may(actor, 'withdrawal:write', { merchantId }))
      return refuse('NOT_FOUND', 'There is no such merchant.', 'merchantId');
    const label = input.label.trim();
    if (label.length < 1 || label.length > 100 || !isPlainLine(label))
      return refuse('INVALID_INPUT', 'A label has 1 to 100 characters in one line.', 'label');
    const address = formats.canonical(network, input.address.trim());
    if (address === null)
      return refuse('INVALID_INPUT', 'This is no address that can be paid on that network.', 'address');
    const at = clock.now();
    const absent = stepUpMissing(actor, at);
    if (absent) return absent;
    const id = ids.next();
    const usableAt = new Date(at.getTime() + ADDRESS_COOL_OFF_MS);
    const event = stampEvent(
      {
        type: 'withdrawal_address.added',
        merchantId,
        projectId: null,
        mode: null,
        subject: { type: 'WITHDRAWAL_ADDRESS', id },
        data: { network, address, label },
      },
      { id: ids.next(), actor: eventActor(actor), at },
    );
    const listed = { id, merchantId, network, address, label, usableAt, at };
    if (!(await withdrawals.addAddress(listed, event)))
      return refuse('WRONG_STATE', 'This address is listed already.', 'address');
    feed.poke();
    return done({ withdrawalAddressId: id });
  };
