import { Api } from 'grammy';
import type { ChatButton, ChatSender } from '../../usecases/ports/senders.ts';
import type { BotKind } from '../../usecases/ports/telegram-store.ts';
import { watchedAgent } from './connection-watch.ts';
import { chatOutcome } from './chat-outcome.ts';

export interface BotApiSenderOptions {
  /** Bots without a token are not set up; messages for them are rejected. */
  readonly tokens: Readonly<Partial<Record<BotKind, string>>>;
  /** Where the Bot API answers, without a slash at the end. Default: Telegram's own. */
  readonly apiRoot?: string;
  /** Default 20 s. */
  readonly timeoutSeconds?: number;
}

export interface BotApiSender extends ChatSender {
  /** Closes the idle connections. */
  close(): void;
}

/**
 * Sends chat messages through the Telegram Bot API (FEATURES N3). Each call is one attempt: grammY's auto-retry is
 * left out because waiting belongs to the durable row (RULES 15).
 */
export function createBotApiSender(options: BotApiSenderOptions): BotApiSender {
  const { tokens, apiRoot = 'https://api.telegram.org', timeoutSeconds = 20 } = options;
  const agent = watchedAgent(apiRoot, timeoutSeconds * 500);
  const apiOf = (token: string | undefined) =>
    token === undefined
      ? undefined
      : new Api(token, { apiRoot, timeoutSeconds, baseFetchConfig: { agent, compress: true } });
  const apis = { INFO: apiOf(tokens.INFO), MERCHANT: apiOf(tokens.MERCHANT) };

  return {
    async send({ bot, chatId, html, buttons = [] }) {
      const api = apis[bot];
      if (!api) return { kind: 'rejected', error: `the ${bot} bot is not set up` };
      try {
        await api.sendMessage(chatId, html, {
          parse_mode: 'HTML',
          link_preview_options: { is_disabled: true },
          ...(buttons.length === 0 ? {} : { reply_markup: keyboard(buttons) }),
        });
        return { kind: 'sent' };
      } catch (error) {
        return chatOutcome(error);
      }
    },
    close: () => agent.destroy(),
  };
}

const keyboard = (buttons: readonly ChatButton[]) => ({
  inline_keyboard: buttons.map(({ text, data }) => [{ text, callback_data: data }]),
});
