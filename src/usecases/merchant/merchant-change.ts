import { eventActor, type UserActor } from '../../domain/access/actor.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { MerchantRecord, MerchantStore, MerchantWrite } from '../ports/merchant-store.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import { merchantEvent } from './merchant-event.ts';

export interface MerchantDeps {
  readonly merchants: MerchantStore;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly feed: Pick<EventFeed, 'poke'>;
}

export const NO_MERCHANT = refuse('NOT_FOUND', 'There is no such merchant.', 'merchantId');

/** Writes what `change` makes of the merchant's data, and tells of it. */
export async function changeMerchant(
  { merchants, ids, clock, feed }: MerchantDeps,
  actor: UserActor,
  merchantId: string,
  change: (merchant: MerchantRecord) => Result<MerchantWrite['merchant']>,
): Promise<Result<{ merchantId: string }>> {
  const at = clock.now();
  const changed = await merchants.changeMerchant(merchantId, (merchant) => {
    const next = change(merchant);
    if (!next.ok) return next;
    const { name, type } = next.value;
    const event = stampEvent(merchantEvent('merchant.updated', merchantId, { merchantName: name, type }), {
      id: ids.next(),
      actor: eventActor(actor),
      at,
    });
    return done({ merchant: next.value, events: [event] });
  });
  if (!changed) return NO_MERCHANT;
  if (!changed.ok) return changed;
  feed.poke();
  return done({ merchantId });
}
