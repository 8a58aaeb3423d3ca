import { Composer } from 'grammy';
import type { TelegramChatBlocked } from '../../usecases/telegram/telegram-chat-blocked.ts';
import type { BotContext } from '../bot-context.ts';

/** Notices at once that a person blocked the bot, and not only when the next message is refused (FEATURES N4). */
export function blockedChats(blocked: TelegramChatBlocked): Composer<BotContext> {
  const feature = new Composer<BotContext>();
  feature.on('my_chat_member', async (ctx) => {
    if (ctx.myChatMember.new_chat_member.status === 'kicked') await blocked(ctx.talk.place);
  });
  return feature;
}
