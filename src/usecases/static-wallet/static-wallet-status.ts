import { eventActor, type Actor } from '../../domain/access/actor.ts';
import type { EventType } from '../../domain/event/catalogue.ts';
import { staticWalletEvent, type StaticWalletStatus } from '../../domain/static-wallet/static-wallet.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { StaticWalletStore } from '../ports/static-wallet-store.ts';
import { done, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';
import { staticWalletFor } from './static-wallet-place.ts';

export type StaticWalletStep = (
  actor: Actor,
  input: { staticWalletId: string },
) => Promise<Result<{ staticWalletId: string }>>;

export interface StaticWalletStatusDeps {
  readonly staticWallets: Pick<StaticWalletStore, 'byId' | 'setStatus'>;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly feed: Pick<EventFeed, 'poke'>;
}

/** Both steps of a wallet. One that is so already stays so: nothing is written or told. */
export const staticWalletStep =
  (
    { staticWallets, ids, clock, feed }: StaticWalletStatusDeps,
    status: StaticWalletStatus,
    type: EventType,
  ): StaticWalletStep =>
  async (actor, { staticWalletId }) => {
    const found = await staticWalletFor(staticWallets, actor, 'static_wallet:write', staticWalletId);
    if (!found.ok) return found;
    const at = clock.now();
    const event = stampEvent(staticWalletEvent(type, { ...found.value, status }), {
      id: ids.next(),
      actor: eventActor(actor),
      at,
    });
    if (await staticWallets.setStatus(staticWalletId, status, at, event)) feed.poke();
    return done({ staticWalletId });
  };
