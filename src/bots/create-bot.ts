import { Bot, type Composer, type Context } from 'grammy';
import type { Logger } from '../usecases/ports/logger.ts';
import type { BotKind } from '../usecases/ports/telegram-store.ts';
import { errorText } from './error-text.ts';

export interface BotOptions {
  readonly kind: BotKind;
  readonly token: string;
  /** Where the Bot API answers, without a slash at the end. Default: Telegram's own. */
  readonly apiRoot?: string;
  readonly logger: Logger;
  readonly features: readonly Composer<Context>[];
}

const APOLOGY = 'Something went wrong on our side. Please try again in a moment.';

/** A bot made of its features. What a feature throws is logged, and the person is told. */
export function createBot({ kind, token, apiRoot, logger, features }: BotOptions): Bot {
  const bot = new Bot(token, apiRoot === undefined ? {} : { client: { apiRoot } });
  bot.use(...features);
  bot.catch(async (failure) => {
    const { ctx } = failure;
    logger.error(
      { bot: kind, updateId: ctx.update.update_id, error: errorText(failure) },
      'bot failed on an update',
    );
    try {
      if (ctx.chat) await ctx.reply(APOLOGY);
    } catch (error) {
      logger.warn({ bot: kind, error: errorText(error) }, 'bot could not apologise');
    }
  });
  return bot;
}
