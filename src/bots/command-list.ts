import type { Bot } from 'grammy';
import type { BotContext } from './bot-context.ts';
import type { BotCommand } from './texts/bot-texts.ts';
import { LANGUAGES, textsFor } from './texts/languages.ts';

/** Tells Telegram the commands that it offers to who writes to the bot, in each language. Safe to repeat. */
export async function registerCommands(
  bot: Bot<BotContext>,
  commands: readonly BotCommand[],
  signal: AbortSignal,
): Promise<void> {
  const list = (language: string) =>
    commands.map((command) => ({ command, description: textsFor(language).commands[command] }));
  const apiSignal = signal as Parameters<typeof bot.api.setMyCommands>[2];
  await bot.api.setMyCommands(list('en'), {}, apiSignal);
  for (const language of Object.keys(LANGUAGES))
    await bot.api.setMyCommands(list(language), { language_code: language as 'en' }, apiSignal);
}
