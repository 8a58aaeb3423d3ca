import { Composer, InlineKeyboard } from 'grammy';
import { timeText } from '../../domain/text/written-forms.ts';
import type { MuteLength, TelegramChatMute } from '../../usecases/telegram/telegram-chat-mute.ts';
import { replace, say } from '../answers.ts';
import type { BotContext } from '../bot-context.ts';

const LENGTHS = ['HOUR', 'EIGHT_HOURS', 'DAY', 'FOREVER'] as const satisfies readonly MuteLength[];

const BUTTON = new RegExp(`^mute:(${LENGTHS.join('|')})$`);

/** `/mute` and `/unmute`: the chat is told nothing for a while but what is urgent (FEATURES N10). */
export function muteCommand(mute: TelegramChatMute): Composer<BotContext> {
  const feature = new Composer<BotContext>();
  feature.command('mute', async (ctx) => {
    const { texts } = ctx.talk;
    const keyboard = new InlineKeyboard();
    for (const length of LENGTHS) keyboard.text(texts.mute.choices[length], `mute:${length}`).row();
    await say(ctx, texts.mute.question, keyboard.text(texts.cancel, 'cancel'));
  });
  feature.callbackQuery(BUTTON, async (ctx) => {
    const { place, texts, locale } = ctx.talk;
    const length = LENGTHS.find((known) => known === ctx.match[1]) ?? 'HOUR';
    const until = await mute(place, length);
    const isForever = until === null || length === 'FOREVER';
    await replace(ctx, isForever ? texts.mute.mutedForever : texts.mute.mutedUntil(timeText(until, locale)));
  });
  feature.command('unmute', async (ctx) => {
    await mute(ctx.talk.place, null);
    await say(ctx, ctx.talk.texts.mute.unmuted);
  });
  return feature;
}
