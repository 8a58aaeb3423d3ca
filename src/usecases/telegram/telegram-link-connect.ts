import type { Clock } from '../ports/clock.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { Secrets } from '../ports/secrets.ts';
import type { ChatPlace, ConnectedLink, TelegramStore } from '../ports/telegram-store.ts';
import { done, refuse, type Result } from '../result.ts';
import { linkEvent } from './link-event.ts';

export interface TelegramLinkConnectDeps {
  readonly telegram: Pick<TelegramStore, 'connect'>;
  readonly secrets: Pick<Secrets, 'hash'>;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly feed: Pick<EventFeed, 'poke'>;
}

export interface TelegramLinkConnectInput extends ChatPlace {
  readonly token: string;
}

/** The token is what gives the right: whoever holds it acts as the person it was made for. */
export type TelegramLinkConnect = (input: TelegramLinkConnectInput) => Promise<Result<ConnectedLink>>;

/**
 * Connects the chat that presents a link's token (FEATURES N4). Other links of the chat stay: one person may hear of
 * several merchants there. Refusal: INVALID_TOKEN (unknown, used or expired).
 */
export const telegramLinkConnect =
  ({ telegram, secrets, clock, ids, feed }: TelegramLinkConnectDeps): TelegramLinkConnect =>
  async ({ bot, token, chatId }) => {
    const at = clock.now();
    const link = await telegram.connect(bot, secrets.hash(token), chatId, at, (connected) =>
      linkEvent('telegram_link.connected', connected, { id: ids.next(), at }),
    );
    if (!link) return refuse('INVALID_TOKEN', 'The link is unknown, used or expired.', 'token');
    feed.poke();
    return done(link);
  };
