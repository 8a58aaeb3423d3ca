import { answer, refuse, type Answer, type Parameters } from './bot-api-answer.ts';
import { htmlFault } from './telegram-html.ts';

export interface SentMessage {
  readonly token: string;
  readonly chatId: string;
  readonly text: string;
  readonly parseMode: string | null;
  readonly messageId: number;
  /** The message of the person that it answers. */
  readonly replyTo: number | null;
  readonly buttons: readonly { readonly text: string; readonly data: string }[];
  /** Whether it was written over a message that was there. */
  readonly isEdit: boolean;
}

/** What a bot writes into its chats. */
export interface BotMessages {
  /** Without what was written over. */
  readonly sent: readonly SentMessage[];
  openChat(chatId: number): void;
  blockChat(chatId: number): void;
  isBlocked(chatId: number): boolean;
  send(parameters: Parameters): Answer;
  edit(parameters: Parameters): Answer;
  /** A message as it stands there now. */
  shown(messageId: number): SentMessage | undefined;
  /** Messages of the chats' people are counted with those of the bot. */
  nextId(): number;
}

/** @param me the bot as Telegram describes it */
export function createBotMessages(
  token: string,
  me: object,
  onSent: (message: SentMessage) => void,
): BotMessages {
  const chats = new Map<number, 'open' | 'blocked'>();
  const sent: SentMessage[] = [];
  const shown = new Map<number, SentMessage>();
  let lastId = 0;

  const show = (message: SentMessage): Answer => {
    shown.set(message.messageId, message);
    onSent(message);
    const chat = { id: Number(message.chatId), type: 'private' };
    return answer({ message_id: message.messageId, date: 1, chat, from: me, text: message.text });
  };

  return {
    sent,
    openChat: (chatId) => void chats.set(chatId, 'open'),
    blockChat: (chatId) => void chats.set(chatId, 'blocked'),
    isBlocked: (chatId) => chats.get(chatId) === 'blocked',
    send(parameters) {
      const chat = chats.get(Number(parameters['chat_id']));
      if (chat === undefined) return refuse(400, 'Bad Request: chat not found');
      if (chat === 'blocked') return refuse(403, 'Forbidden: bot was blocked by the user');
      const made = messageOf(token, parameters);
      if ('ok' in made) return made;
      const message = { ...made, messageId: ++lastId, isEdit: false };
      sent.push(message);
      return show(message);
    },
    edit(parameters) {
      const before = shown.get(Number(parameters['message_id']));
      if (!before) return refuse(400, 'Bad Request: message to edit not found');
      const made = messageOf(token, parameters);
      if ('ok' in made) return made;
      if (before.text === made.text && JSON.stringify(before.buttons) === JSON.stringify(made.buttons))
        return refuse(400, 'Bad Request: message is not modified');
      return show({ ...made, replyTo: before.replyTo, messageId: before.messageId, isEdit: true });
    },
    shown: (messageId) => shown.get(messageId),
    nextId: () => ++lastId,
  };
}

function messageOf(
  token: string,
  { chat_id, text, parse_mode, reply_markup, reply_parameters }: Parameters,
): Omit<SentMessage, 'messageId' | 'isEdit'> | Answer {
  const fault = textFault(text, parse_mode) ?? buttonFault(reply_markup);
  if (fault !== null) return refuse(400, `Bad Request: ${fault}`);
  const about = reply_parameters as { readonly message_id?: number } | undefined;
  return {
    token,
    chatId: String(Number(chat_id)),
    text: String(text),
    parseMode: typeof parse_mode === 'string' ? parse_mode : null,
    replyTo: about?.message_id ?? null,
    buttons: buttonsIn(reply_markup),
  };
}

function textFault(text: unknown, parseMode: unknown): string | null {
  if (typeof text !== 'string' || text === '') return 'message text is empty';
  if (text.length > 4_096) return 'message is too long';
  const fault = parseMode === 'HTML' ? htmlFault(text) : null;
  return fault === null ? null : `can't parse entities: ${fault}`;
}

interface Keyboard {
  readonly inline_keyboard?: readonly (readonly {
    readonly text: string;
    readonly callback_data?: string;
  }[])[];
}

const buttonsIn = (markup: unknown): SentMessage['buttons'] =>
  ((markup as Keyboard | undefined)?.inline_keyboard ?? [])
    .flat()
    .map(({ text, callback_data }) => ({ text, data: callback_data ?? '' }));

function buttonFault(markup: unknown): string | null {
  const buttons = buttonsIn(markup);
  if (buttons.some(({ text }) => text === '')) return 'text buttons are unallowed in the inline keyboard';
  const sizes = buttons.map(({ data }) => Buffer.byteLength(data));
  return sizes.some((size) => size < 1 || size > 64) ? 'BUTTON_DATA_INVALID' : null;
}
