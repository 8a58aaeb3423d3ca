import type { Clock } from '../ports/clock.ts';
import type { EventFeed } from '../ports/event-log.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { Secrets } from '../ports/secrets.ts';
import type { BotKind, ConnectedLink, TelegramStore } from '../ports/telegram-store.ts';
import type { EventDraft } from '../../domain/event/event.ts';
import { done, refuse, type Result } from '../result.ts';
import { stampEvent } from '../stamp-event.ts';

export interface TelegramLinkConnectDeps {
  readonly telegram: Pick<TelegramStore, 'connect'>;
  readonly secrets: Pick<Secrets, 'hash'>;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly feed: Pick<EventFeed, 'poke'>;
}

export interface TelegramLinkConnectInput {
  readonly bot: BotKind;
  readonly token: string;
  /** Telegram's number of the chat, as text. */
  readonly chatId: string;
}

/** The token is what gives the right: whoever holds it acts as the person it was made for. */
export type TelegramLinkConnect = (input: TelegramLinkConnectInput) => Promise<Result<ConnectedLink>>;

/** Connects the chat that presents a link's token (FEATURES N3). Refusal: INVALID_TOKEN (unknown, used or expired). */
export const telegramLinkConnect =
  ({ telegram, secrets, clock, ids, feed }: TelegramLinkConnectDeps): TelegramLinkConnect =>
  async ({ bot, token, chatId }) => {
    const at = clock.now();
    const link = await telegram.connect(bot, secrets.hash(token), chatId, at, (connected) =>
      stampEvent(connectedEvent(bot, connected), {
        id: ids.next(),
        actor: { type: 'USER', id: connected.userId },
        at,
      }),
    );
    if (!link) return refuse('INVALID_TOKEN', 'The link is unknown, used or expired.', 'token');
    feed.poke();
    return done(link);
  };

const connectedEvent = (bot: BotKind, link: ConnectedLink): EventDraft => ({
  type: 'telegram_link.connected',
  merchantId: link.merchantId,
  projectId: null,
  mode: null,
  subject: { type: 'TELEGRAM_LINK', id: link.linkId },
  data: { userId: link.userId, bot, merchantName: link.merchantName },
});
