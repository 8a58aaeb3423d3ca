import type { ChatPlace } from '../ports/telegram-store.ts';
import { linkEvent } from './link-event.ts';
import type { LinkEndingDeps } from './telegram-link-disconnect.ts';

export interface BlockedChat extends ChatPlace {
  /** What was connected later is not meant: the person may have come back. Default: now. */
  readonly seenAt?: Date;
}

/**
 * The person blocked the bot or deleted the account there: the chat's links end, and the person is told elsewhere
 * (FEATURES N4). Safe to repeat: an ended link is told once.
 */
export type TelegramChatBlocked = (chat: BlockedChat) => Promise<void>;

export const telegramChatBlocked =
  ({ telegram, clock, ids, feed }: LinkEndingDeps): TelegramChatBlocked =>
  async ({ bot, chatId, seenAt }) => {
    const at = clock.now();
    const ended = await telegram.endLinks(
      { chat: { bot, chatId }, connectedBefore: seenAt ?? at },
      { reason: 'BLOCKED', at },
      (link) => linkEvent('telegram_link.blocked', link, { id: ids.next(), at }),
    );
    if (ended.length > 0) feed.poke();
  };
