import { GrammyError, type InlineKeyboard, type Middleware } from 'grammy';
import type { BotContext } from './bot-context.ts';

/** Plain text: nothing in it is markup. */
const PLAIN = { link_preview_options: { is_disabled: true } } as const;

/** A message of the bot's own, below the others. */
export async function say(ctx: BotContext, text: string, keyboard?: InlineKeyboard): Promise<void> {
  await ctx.reply(text, { ...PLAIN, ...(keyboard ? { reply_markup: keyboard } : {}) });
}

/** A question with buttons that are about the person's message: it is found by the answer to them. */
export async function askAbout(ctx: BotContext, text: string, keyboard: InlineKeyboard): Promise<void> {
  const messageId = ctx.msg?.message_id;
  const about = messageId === undefined ? {} : { reply_parameters: { message_id: messageId } };
  await ctx.reply(text, { ...PLAIN, ...about, reply_markup: keyboard });
}

/** A question whose answer is a message that replies to it; the telephone opens its keyboard for that. */
export async function askForReply(ctx: BotContext, text: string, placeholder: string): Promise<void> {
  await ctx.reply(text, {
    ...PLAIN,
    reply_markup: { force_reply: true, input_field_placeholder: placeholder },
  });
}

const NOT_MODIFIED = /message is not modified/i;

/** Puts something in the place of the message whose button was pressed; without a keyboard its buttons are gone. */
export async function replace(ctx: BotContext, text: string, keyboard?: InlineKeyboard): Promise<void> {
  try {
    await ctx.editMessageText(text, { ...PLAIN, ...(keyboard ? { reply_markup: keyboard } : {}) });
  } catch (error) {
    if (!(error instanceof GrammyError) || error.error_code !== 400) throw error;
    // Pressed twice, or too old to be changed.
    if (!NOT_MODIFIED.test(error.description)) await say(ctx, text, keyboard);
  }
}

/** Answers every press of a button, whatever becomes of it: without an answer it seems to wait for ever. */
export const answerPresses: Middleware<BotContext> = async (ctx, next) => {
  if (!ctx.callbackQuery) return next();
  try {
    await next();
  } finally {
    const note = 'talk' in ctx ? ctx.talk.note : undefined;
    // An answer that comes too late is no fault: the button has stopped waiting.
    await ctx.answerCallbackQuery(note === undefined ? {} : { text: note }).catch(() => undefined);
  }
};
