import { Composer, InlineKeyboard } from 'grammy';
import type { TelegramChatDisconnect } from '../../usecases/telegram/telegram-chat-disconnect.ts';
import { replace, say } from '../answers.ts';
import type { BotContext } from '../bot-context.ts';

/** `/stop`: disconnects the chat from everything it is connected to in this bot, when the person says so twice. */
export function stopCommand(disconnect: TelegramChatDisconnect): Composer<BotContext> {
  const feature = new Composer<BotContext>();
  feature.command('stop', async (ctx) => {
    const { stop, cancel } = ctx.talk.texts;
    const keyboard = new InlineKeyboard().text(stop.confirm, 'stop').text(cancel, 'cancel');
    await say(ctx, stop.question, keyboard);
  });
  feature.callbackQuery('stop', async (ctx) => {
    await disconnect(ctx.talk.place);
    await replace(ctx, ctx.talk.texts.stop.done);
  });
  // The one button that every question has.
  feature.callbackQuery('cancel', (ctx) => replace(ctx, ctx.talk.texts.cancelled));
  return feature;
}
