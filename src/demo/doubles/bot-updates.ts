const now = (): number => Math.floor(Date.now() / 1_000);

const person = (chatId: number) => ({ id: chatId, first_name: 'Sam' });
const sender = (chatId: number) => ({ ...person(chatId), is_bot: false, language_code: 'en' });
const privateChat = (chatId: number) => ({ ...person(chatId), type: 'private' });

/** What the Bot API tells of what a person wrote. */
export function privateMessage(chatId: number, messageId: number, text: string): object {
  const command = /^\/\w+/.exec(text)?.[0];
  return {
    message_id: messageId,
    date: now(),
    chat: privateChat(chatId),
    from: sender(chatId),
    text,
    ...(command === undefined
      ? {}
      : { entities: [{ type: 'bot_command', offset: 0, length: command.length }] }),
  };
}

/** What the Bot API tells of an answer that a person gave to one message. */
export const reply = (
  chatId: number,
  messageId: number,
  text: string,
  to: { readonly messageId: number; readonly text: string; readonly from: object | null },
): object => ({
  ...privateMessage(chatId, messageId, text),
  reply_to_message: {
    message_id: to.messageId,
    date: now(),
    chat: privateChat(chatId),
    from: to.from ?? sender(chatId),
    text: to.text,
  },
});

export interface PressedOn {
  readonly id: string;
  readonly chatId: number;
  readonly messageId: number;
  readonly text: string;
  /** The message that the one with the button answers; without a text when it was deleted. */
  readonly asked: { readonly id: number; readonly text: string | undefined } | null;
  readonly data: string;
  readonly me: object;
}

/** That a person pressed a button. */
export function callbackQuery({ id, chatId, messageId, text, asked, data, me }: PressedOn): object {
  const about =
    asked?.text === undefined ? {} : { reply_to_message: privateMessage(chatId, asked.id, asked.text) };
  return {
    id,
    from: sender(chatId),
    chat_instance: '1',
    data,
    message: { message_id: messageId, date: now(), chat: privateChat(chatId), from: me, text, ...about },
  };
}

/** That a person blocked the bot, or came back. */
export const chatMemberChange = (chatId: number, me: object, status: 'kicked' | 'member'): object => ({
  chat: privateChat(chatId),
  from: sender(chatId),
  date: now(),
  old_chat_member: { user: me, status: status === 'kicked' ? 'member' : 'kicked', until_date: 0 },
  new_chat_member: { user: me, status, until_date: 0 },
});
