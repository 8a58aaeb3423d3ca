import { answer, refuse, type Answer, type Parameters } from './bot-api-answer.ts';
import { createBotMessages, type SentMessage } from './bot-messages.ts';
import { callbackQuery, chatMemberChange, privateMessage, reply } from './bot-updates.ts';
import { createUpdateQueue, type QueuedUpdate, type Webhook } from './update-queue.ts';

/** One bot as the Bot API double knows it. */
export interface BotAccount {
  /** Without what was written over. */
  readonly sent: readonly SentMessage[];
  readonly webhook: Webhook;
  call(method: string, parameters: Parameters, signal: AbortSignal): Answer | Promise<Answer>;
  /** The chat exists from now on; the bot may write to it. */
  openChat(chatId: number): void;
  /** The bot gets 403 from now on; `told`: and an update. */
  blockChat(chatId: number, told: boolean): void;
  receive(chatId: number, text: string): QueuedUpdate;
  /** A person answers a message: one of the bot's, or words of the own in the form of one. */
  answer(
    chatId: number,
    to: { readonly messageId: number } | { readonly words: string },
    text: string,
  ): QueuedUpdate;
  /** What people wrote, by message, that stands there still. */
  readonly written: ReadonlyMap<number, string>;
  /** A person changes what a message of the own says. */
  rewrite(messageId: number, text: string): void;
  press(chatId: number, messageId: number, data: string): PressedButton;
  stop(): void;
}

export interface PressedButton {
  readonly update: QueuedUpdate;
  /** The note that the bot answered with; null for an answer without one. */
  readonly note: Promise<string | null>;
}

export interface BotAccountOptions {
  readonly token: string;
  readonly username: string;
  readonly onSent: (message: SentMessage) => void;
}

/** The buttons that people pressed; each is answered once. */
function createPresses() {
  const open = new Map<string, (note: string | null) => void>();
  return {
    open() {
      const { promise: note, resolve } = Promise.withResolvers<string | null>();
      const id = crypto.randomUUID();
      open.set(id, resolve);
      return { id, note };
    },
    answer({ callback_query_id, text }: Parameters): Answer {
      const id = String(callback_query_id);
      const tell = open.get(id);
      if (!tell) return refuse(400, 'Bad Request: query is too old and response timeout expired');
      open.delete(id);
      tell(typeof text === 'string' ? text : null);
      return answer(true);
    },
  };
}

export function createBotAccount({ token, username, onSent }: BotAccountOptions): BotAccount {
  const me = { id: Number(token.split(':')[0]), is_bot: true, first_name: username, username };
  const messages = createBotMessages(token, me, onSent);
  const updates = createUpdateQueue();
  const written = new Map<number, string>();
  const presses = createPresses();

  const call = (method: string, parameters: Parameters, signal: AbortSignal): Answer | Promise<Answer> => {
    switch (method) {
      case 'getMe':
        return answer({ ...me, can_join_groups: false, can_read_all_group_messages: false });
      case 'sendMessage':
        return messages.send(parameters);
      case 'editMessageText':
        return messages.edit(parameters);
      case 'deleteMessage':
        return removeFrom(written, parameters);
      case 'answerCallbackQuery':
        return presses.answer(parameters);
      case 'getUpdates':
        return updates.get(parameters, signal);
      case 'setWebhook':
        return updates.setWebhook(webhookIn(parameters));
      case 'deleteWebhook':
        return updates.setWebhook({ url: '', secretToken: null });
      case 'setMyCommands':
        return answer(true);
      default:
        return refuse(404, 'Not Found: method not found');
    }
  };

  return {
    sent: messages.sent,
    get webhook() {
      return updates.webhook;
    },
    call,
    openChat: messages.openChat,
    blockChat(chatId, told) {
      messages.blockChat(chatId);
      if (told) updates.add({ my_chat_member: chatMemberChange(chatId, me, 'kicked') });
    },
    receive(chatId, text) {
      if (!messages.isBlocked(chatId)) messages.openChat(chatId);
      const messageId = messages.nextId();
      written.set(messageId, text);
      return updates.add({ message: privateMessage(chatId, messageId, text) });
    },
    answer(chatId, to, text) {
      const question =
        'words' in to
          ? { messageId: messages.nextId(), text: to.words, from: null }
          : { messageId: to.messageId, text: messages.shown(to.messageId)?.text ?? '', from: me };
      const messageId = messages.nextId();
      written.set(messageId, text);
      return updates.add({ message: reply(chatId, messageId, text, question) });
    },
    written,
    rewrite: (messageId, text) => void written.set(messageId, text),
    press(chatId, messageId, data) {
      const { id, note } = presses.open();
      const message = messages.shown(messageId);
      const replyTo = message?.replyTo ?? null;
      const asked = replyTo === null ? null : { id: replyTo, text: written.get(replyTo) };
      const query = callbackQuery({ id, chatId, messageId, text: message?.text ?? '', asked, data, me });
      return { update: updates.add({ callback_query: query }), note };
    },
    stop: () => updates.stop(),
  };
}

const removeFrom = (written: Map<number, string>, { message_id }: Parameters): Answer =>
  written.delete(Number(message_id)) ? answer(true) : refuse(400, 'Bad Request: message to delete not found');

const webhookIn = ({ url, secret_token }: Parameters): Webhook => ({
  url: typeof url === 'string' ? url : '',
  secretToken: typeof secret_token === 'string' ? secret_token : null,
});
