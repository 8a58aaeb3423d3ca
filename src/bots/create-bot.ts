import { Bot, Composer, GrammyError, type Context, type Middleware } from 'grammy';
import type { Logger } from '../usecases/ports/logger.ts';
import type { BotKind } from '../usecases/ports/telegram-store.ts';
import type { TelegramChatBlocked } from '../usecases/telegram/telegram-chat-blocked.ts';
import type { TelegramChatDisconnect } from '../usecases/telegram/telegram-chat-disconnect.ts';
import type { TelegramChatLanguage } from '../usecases/telegram/telegram-chat-language.ts';
import type { TelegramChatShow } from '../usecases/telegram/telegram-chat-show.ts';
import type { TelegramLinkConnect } from '../usecases/telegram/telegram-link-connect.ts';
import { answerPresses, say } from './answers.ts';
import { talkOf, type BotContext, type Talk } from './bot-context.ts';
import { boundedCalls } from './bounded-calls.ts';
import { errorText } from './error-text.ts';
import { blockedChats } from './shared/blocked-chats.ts';
import { helpCommand } from './shared/help-command.ts';
import { languageCommand } from './shared/language-command.ts';
import { startCommand } from './shared/start-command.ts';
import { stopCommand } from './shared/stop-command.ts';
import type { BotCommand, BotTexts } from './texts/bot-texts.ts';
import { textsFor } from './texts/languages.ts';

/** What every bot asks of the gateway. */
export interface SharedUseCases {
  readonly telegramChatShow: TelegramChatShow;
  readonly telegramLinkConnect: TelegramLinkConnect;
  readonly telegramChatDisconnect: TelegramChatDisconnect;
  readonly telegramChatBlocked: TelegramChatBlocked;
  readonly telegramChatLanguage: TelegramChatLanguage;
}

/** What one deployment's bot is. */
export interface BotIdentity {
  readonly token: string;
  /** Its name without @. */
  readonly username: string;
  /** Where the Bot API answers, without a slash at the end. Default: Telegram's own. */
  readonly apiRoot?: string;
  readonly logger: Logger;
}

export interface BotDesign extends BotIdentity {
  readonly kind: BotKind;
  readonly useCases: SharedUseCases;
  readonly welcome: (texts: BotTexts) => string;
  readonly help: (texts: BotTexts) => string;
  /** Those of its features and those of every bot, as the list shows them. */
  readonly commands: readonly BotCommand[];
  readonly features: readonly Middleware<BotContext>[];
}

/** The bots read commands, buttons and whether they were blocked; nothing else is sent to them. */
export const ALLOWED_UPDATES = ['message', 'callback_query', 'my_chat_member'] as const;

/** A bot made of its features. What a feature throws is logged, and the person is told. */
export function createBot(design: BotDesign): Bot<BotContext> {
  const { kind, token, username, apiRoot, logger, useCases, welcome, features } = design;
  const bot = new Bot<BotContext>(token, {
    botInfo: botInfo(token, username),
    ...(apiRoot === undefined ? {} : { client: { apiRoot } }),
  });
  bot.api.config.use(boundedCalls);
  bot.use(
    answerPresses,
    talkOf(kind, useCases.telegramChatShow),
    blockedChats(useCases.telegramChatBlocked),
    startCommand(useCases.telegramLinkConnect, welcome),
    connectedOnly(welcome, [
      helpCommand(design),
      languageCommand(useCases.telegramChatLanguage),
      stopCommand(useCases.telegramChatDisconnect),
      ...features,
    ]),
    unknown,
  );
  bot.catch(async (failure) => {
    const { ctx } = failure;
    logger.error(
      { bot: kind, updateId: ctx.update.update_id, error: errorText(failure) },
      'bot failed on an update',
    );
    if (isDeaf(failure.error)) return;
    try {
      await say(ctx, textsOf(ctx).apology);
    } catch (error) {
      logger.warn({ bot: kind, error: errorText(error) }, 'bot could not apologise');
    }
  });
  return bot;
}

/** In a stranger's chat everything is answered by how to connect. */
function connectedOnly(
  welcome: (texts: BotTexts) => string,
  features: readonly Middleware<BotContext>[],
): Middleware<BotContext> {
  const composer = new Composer<BotContext>();
  composer
    .filter(({ talk }) => talk.links.length === 0)
    .on('message', async (ctx) => say(ctx, welcome(ctx.talk.texts)));
  composer.filter(({ talk }) => talk.links.length > 0).use(...features);
  return composer;
}

/** What no feature took: a command that there is none of, or a button whose question is over. */
const unknown: Middleware<BotContext> = async (ctx) => {
  const { texts } = ctx.talk;
  if (ctx.callbackQuery) ctx.talk.note = texts.outdated;
  else if (ctx.message) await say(ctx, texts.unknownCommand);
};

/** Whether telling the person anything is in vain: the chat is gone, or Telegram takes no more messages for it now. */
const isDeaf = (error: unknown): boolean =>
  error instanceof GrammyError && (error.error_code === 403 || error.error_code === 429);

/** Also where who talks could not be looked up. */
const textsOf = ({ talk, from }: Context & { talk?: Talk }): BotTexts =>
  talk?.texts ?? textsFor(from?.language_code ?? 'en');

/** What `getMe` would say of it, as far as it matters: asking again in every process would only be a way to fail. */
const botInfo = (token: string, username: string): Bot['botInfo'] => ({
  id: Number(token.split(':')[0]),
  is_bot: true,
  first_name: username,
  username,
  can_join_groups: false,
  can_read_all_group_messages: false,
  supports_inline_queries: false,
  can_connect_to_business: false,
  has_main_web_app: false,
  has_topics_enabled: false,
  allows_users_to_create_topics: false,
  can_manage_bots: false,
  supports_join_request_queries: false,
});
