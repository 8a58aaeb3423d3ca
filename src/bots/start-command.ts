import { Composer, type Context } from 'grammy';
import type { ConnectedLink, BotKind } from '../usecases/ports/telegram-store.ts';
import type { TelegramLinkConnect } from '../usecases/telegram/telegram-link-connect.ts';

export interface StartTexts {
  /** Without a token: what the bot does and how to connect. */
  readonly welcome: string;
  readonly connected: (link: ConnectedLink) => string;
  readonly invalidToken: string;
}

export interface StartCommandOptions {
  readonly bot: BotKind;
  readonly connect: TelegramLinkConnect;
  readonly texts: StartTexts;
}

/** `/start <token>` connects the private chat; `/start` explains. Texts are sent as plain text. */
export function startCommand({ bot, connect, texts }: StartCommandOptions): Composer<Context> {
  const feature = new Composer();
  // Private chats only: in a group everybody would read what is meant for one person.
  feature.chatType('private').command('start', async (ctx) => {
    const token = ctx.match.trim();
    if (token === '') {
      await ctx.reply(texts.welcome);
      return;
    }
    const result = await connect({ bot, token, chatId: String(ctx.chat.id) });
    await ctx.reply(result.ok ? texts.connected(result.value) : texts.invalidToken);
  });
  return feature;
}
