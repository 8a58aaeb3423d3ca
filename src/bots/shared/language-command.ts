import { Composer, InlineKeyboard } from 'grammy';
import type { TelegramChatLanguage } from '../../usecases/telegram/telegram-chat-language.ts';
import { replace, say } from '../answers.ts';
import type { BotContext } from '../bot-context.ts';
import { isLanguage, LANGUAGES, textsFor } from '../texts/languages.ts';

const BUTTON = /^lang:(\w{2})$/;

/** `/language`: the language of the bots and of mails, chosen by button (FEATURES N9). */
export function languageCommand(choose: TelegramChatLanguage): Composer<BotContext> {
  const feature = new Composer<BotContext>();
  feature.command('language', async (ctx) => {
    const keyboard = new InlineKeyboard();
    for (const [code, name] of Object.entries(LANGUAGES)) keyboard.text(name, `lang:${code}`).row();
    await say(ctx, ctx.talk.texts.language.question, keyboard);
  });
  feature.callbackQuery(BUTTON, async (ctx, next) => {
    const language = ctx.match[1] ?? '';
    if (!isLanguage(language)) return next();
    await choose(ctx.talk.place, language);
    await replace(ctx, textsFor(language).language.chosen);
  });
  return feature;
}
