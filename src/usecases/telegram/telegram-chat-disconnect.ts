import type { ChatPlace } from '../ports/telegram-store.ts';
import { linkEvent } from './link-event.ts';
import type { LinkEndingDeps } from './telegram-link-disconnect.ts';

/** Ends all links of a chat: whoever writes in it asks for it (FEATURES N4). Gives how many there were. Safe to repeat. */
export type TelegramChatDisconnect = (chat: ChatPlace) => Promise<number>;

export const telegramChatDisconnect =
  ({ telegram, clock, ids, feed }: LinkEndingDeps): TelegramChatDisconnect =>
  async (chat) => {
    const at = clock.now();
    const ended = await telegram.endLinks(
      { chat, connectedBefore: at },
      { reason: 'DISCONNECTED', at },
      (link) => linkEvent('telegram_link.disconnected', link, { id: ids.next(), at }),
    );
    if (ended.length > 0) feed.poke();
    return ended.length;
  };
