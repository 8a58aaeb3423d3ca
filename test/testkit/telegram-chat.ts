import { accepted, type ApiClient } from '../../src/demo/api-client.ts';
import type { BotApiDouble, SentMessage } from '../../src/demo/doubles/bot-api.ts';
import { INFO_BOT_TOKEN, MERCHANT_BOT_TOKEN } from '../../src/demo/platform.ts';
import * as operations from '../../src/generated/documents.ts';

/** A person's private chat with a bot at the double. */
export interface TelegramChat {
  readonly token: string;
  readonly chatId: number;
  /** Writes, and gives what the bot answers next. */
  ask(text: string): Promise<SentMessage>;
  /** Presses a button by a part of what stands on it; gives the note that the bot shows for a moment. */
  press(message: SentMessage, label: string): Promise<string | null>;
  /** Presses, and gives what the bot writes next. */
  choose(message: SentMessage, label: string): Promise<SentMessage>;
  /** Answers a message, and gives what the bot writes next. */
  reply(message: SentMessage, text: string): Promise<SentMessage>;
  /** What the bot writes next of its own; what tells an event is not among it. */
  next(): Promise<SentMessage>;
  /** What told events so far. */
  told(): readonly SentMessage[];
}

let chats = 6_000_000_000;

export const TOKENS = { INFO: INFO_BOT_TOKEN, MERCHANT: MERCHANT_BOT_TOKEN };

export function newChat(bots: BotApiDouble, bot: 'INFO' | 'MERCHANT', chatId = ++chats): TelegramChat {
  const token = TOKENS[bot];
  const own = ({ token: of, chatId: at }: SentMessage) => of === token && at === String(chatId);
  const inbox: SentMessage[] = [];
  let taken = 0;
  // Answers are plain text, events are told as HTML.
  bots.onMessage((message) => {
    if (own(message) && message.parseMode === null) inbox.push(message);
  });
  const next = async (): Promise<SentMessage> => {
    const place = taken++;
    return inbox[place] ?? bots.waitForMessage(() => inbox.length > place).then(() => at(place));
  };
  const at = (place: number): SentMessage => {
    const message = inbox[place];
    if (!message) throw new Error('the bot wrote nothing');
    return message;
  };
  const press = (message: SentMessage, label: string): Promise<string | null> => {
    const button = message.buttons.find(({ text }) => text.includes(label));
    if (!button)
      throw new Error(`no button ${label} among ${message.buttons.map(({ text }) => text).join()}`);
    return bots.userPresses(message, button.data).note;
  };
  return {
    token,
    chatId,
    ask(text) {
      bots.userSends(token, chatId, text);
      return next();
    },
    press,
    async choose(message, label) {
      const [written] = await Promise.all([next(), press(message, label)]);
      return written;
    },
    reply(message, text) {
      bots.userReplies(message, text);
      return next();
    },
    next,
    told: () => bots.messages(token).filter((message) => own(message) && message.parseMode === 'HTML'),
  };
}

export async function telegramLink(person: ApiClient, bot: 'INFO' | 'MERCHANT', merchantId?: string) {
  const input = { bot, ...(merchantId === undefined ? {} : { merchantId }) };
  const { telegramLinkCreate } = await person.send(operations.TelegramLinkCreateDocument, { input });
  return accepted(telegramLinkCreate, 'TelegramLinkCreatePayload');
}

/** Connects the chat over the API and /start; gives what the bot answered. */
export async function connect(
  chat: TelegramChat,
  person: ApiClient,
  merchantId?: string,
): Promise<SentMessage> {
  const bot = chat.token === INFO_BOT_TOKEN ? 'INFO' : 'MERCHANT';
  const { token } = await telegramLink(person, bot, merchantId);
  return chat.ask(`/start ${token}`);
}
