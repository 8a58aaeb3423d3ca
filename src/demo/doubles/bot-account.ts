import { answer, refuse, type Answer, type Parameters } from './bot-api-answer.ts';
import { htmlFault } from './telegram-html.ts';
import { createUpdateQueue } from './update-queue.ts';

/** One bot as the Bot API double knows it. */
export interface BotAccount {
  readonly sent: readonly SentMessage[];
  call(method: string, parameters: Parameters, signal: AbortSignal): Answer | Promise<Answer>;
  /** The chat exists from now on; the bot may write to it. */
  openChat(chatId: number): void;
  blockChat(chatId: number): void;
  receive(chatId: number, text: string): void;
}

export interface SentMessage {
  readonly token: string;
  readonly chatId: string;
  readonly text: string;
  readonly parseMode: string | null;
  readonly messageId: number;
}

export interface BotAccountOptions {
  readonly token: string;
  readonly username: string;
  readonly onSent: (message: SentMessage) => void;
}

const now = (): number => Math.floor(Date.now() / 1_000);

export function createBotAccount({ token, username, onSent }: BotAccountOptions): BotAccount {
  const me = { id: Number(token.split(':')[0]), is_bot: true, first_name: username, username };
  const chats = new Map<number, 'open' | 'blocked'>();
  const sent: SentMessage[] = [];
  const updates = createUpdateQueue();
  let lastMessageId = 0;

  const sendMessage = ({ chat_id, text, parse_mode }: Parameters): Answer => {
    const chatId = Number(chat_id);
    const chat = chats.get(chatId);
    if (chat === undefined) return refuse(400, 'Bad Request: chat not found');
    if (chat === 'blocked') return refuse(403, 'Forbidden: bot was blocked by the user');
    if (typeof text !== 'string' || text === '') return refuse(400, 'Bad Request: message text is empty');
    if (text.length > 4_096) return refuse(400, 'Bad Request: message is too long');
    const fault = parse_mode === 'HTML' ? htmlFault(text) : null;
    if (fault !== null) return refuse(400, `Bad Request: can't parse entities: ${fault}`);
    const messageId = ++lastMessageId;
    const parseMode = typeof parse_mode === 'string' ? parse_mode : null;
    const message = { token, chatId: String(chatId), text, parseMode, messageId };
    sent.push(message);
    onSent(message);
    return answer({
      message_id: messageId,
      date: now(),
      chat: { id: chatId, type: 'private' },
      from: me,
      text,
    });
  };

  const call = (method: string, parameters: Parameters, signal: AbortSignal): Answer | Promise<Answer> => {
    switch (method) {
      case 'getMe':
        return answer({ ...me, can_join_groups: false, can_read_all_group_messages: false });
      case 'sendMessage':
        return sendMessage(parameters);
      case 'getUpdates':
        return updates.get(parameters, signal);
      case 'setWebhook':
        return updates.setWebhook(typeof parameters['url'] === 'string' ? parameters['url'] : '');
      case 'deleteWebhook':
        return updates.setWebhook('');
      case 'setMyCommands':
        return answer(true);
      default:
        return refuse(404, 'Not Found: method not found');
    }
  };

  return {
    sent,
    call,
    openChat: (chatId) => void chats.set(chatId, 'open'),
    blockChat: (chatId) => void chats.set(chatId, 'blocked'),
    receive(chatId, text) {
      if (chats.get(chatId) !== 'blocked') chats.set(chatId, 'open');
      updates.add(privateMessage(chatId, ++lastMessageId, text));
    },
  };
}

function privateMessage(chatId: number, messageId: number, text: string): object {
  const person = { id: chatId, first_name: 'Sam' };
  const command = /^\/\w+/.exec(text)?.[0];
  return {
    message_id: messageId,
    date: now(),
    chat: { ...person, type: 'private' },
    from: { ...person, is_bot: false, language_code: 'en' },
    text,
    ...(command === undefined
      ? {}
      : { entities: [{ type: 'bot_command', offset: 0, length: command.length }] }),
  };
}
