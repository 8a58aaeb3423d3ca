import { Composer } from 'grammy';
import type { ConnectedLink } from '../../usecases/ports/telegram-store.ts';
import type { TelegramLinkConnect } from '../../usecases/telegram/telegram-link-connect.ts';
import { say } from '../answers.ts';
import type { BotContext } from '../bot-context.ts';
import type { BotTexts } from '../texts/bot-texts.ts';

/** `/start <token>` connects the chat, beside what it is connected to already; `/start` explains (FEATURES N4). */
export function startCommand(
  connect: TelegramLinkConnect,
  welcome: (texts: BotTexts) => string,
): Composer<BotContext> {
  const feature = new Composer<BotContext>();
  feature.command('start', async (ctx) => {
    const { place, texts } = ctx.talk;
    const token = ctx.match.trim();
    if (token === '') {
      await say(ctx, welcome(texts));
      return;
    }
    const result = await connect({ ...place, token });
    await say(ctx, result.ok ? connected(texts, result.value) : texts.invalidLink);
  });
  return feature;
}

const connected = (texts: BotTexts, { bot, merchantName }: ConnectedLink): string =>
  bot === 'INFO' ? texts.infoConnected : texts.merchantConnected(merchantName ?? '');
