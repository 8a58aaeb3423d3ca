import type { UserActor } from '../../domain/access/actor.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { TelegramStore } from '../ports/telegram-store.ts';
import { done, refuse, type Result } from '../result.ts';
import { linkEvent } from './link-event.ts';

export interface LinkEndingDeps {
  readonly telegram: Pick<TelegramStore, 'endLinks'>;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly feed: Pick<EventFeed, 'poke'>;
}

/** Disconnects a chat of the person's own (FEATURES N4). Refusal: NOT_FOUND, also for one that has ended. */
export type TelegramLinkDisconnect = (
  actor: UserActor,
  input: { readonly linkId: string },
) => Promise<Result<{ linkId: string }>>;

export const telegramLinkDisconnect =
  ({ telegram, clock, ids, feed }: LinkEndingDeps): TelegramLinkDisconnect =>
  async ({ userId }, { linkId }) => {
    const at = clock.now();
    const ended = await telegram.endLinks({ linkId, userId }, { reason: 'DISCONNECTED', at }, (link) =>
      linkEvent('telegram_link.disconnected', link, { id: ids.next(), at }),
    );
    if (ended.length === 0)
      return refuse('NOT_FOUND', 'There is no such chat, or it was disconnected.', 'telegramLinkId');
    feed.poke();
    return done({ linkId });
  };
