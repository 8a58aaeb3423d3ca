import { Composer, InlineKeyboard } from 'grammy';
import type { UserActor } from '../../domain/access/actor.ts';
import { timeText } from '../../domain/text/written-forms.ts';
import type { PasswordResetMail } from '../../usecases/account/password-reset-mail.ts';
import type { SessionDisown } from '../../usecases/session/session-disown.ts';
import type { ShownSignIn, SignInsShow } from '../../usecases/session/sign-ins-show.ts';
import { replace, say } from '../answers.ts';
import { actingLinks, type BotContext, type Talk } from '../bot-context.ts';
import { data, ID, packId, unpackId } from '../callback-data.ts';
import type { SignInLine } from '../texts/bot-texts.ts';
import { lineText } from '../texts/forms.ts';
import { disownData } from './sign-in-buttons.ts';

export interface SignInsCommandDeps {
  readonly signInsShow: SignInsShow;
  readonly sessionDisown: SessionDisown;
  readonly passwordResetMail: PasswordResetMail;
}

const ASK = data('disown', ID);
const SURE = data('disowned', ID);
const MAIL = 'newpassword';

/**
 * `/signins`: the last sign-ins, each with a button that says "this was not me" (FEATURES N2). The same button stands
 * below the message that tells a new sign-in.
 */
export function signInsCommand(deps: SignInsCommandDeps): Composer<BotContext> {
  const { signInsShow, sessionDisown, passwordResetMail } = deps;
  const feature = new Composer<BotContext>();

  feature.command('signins', async (ctx) => {
    const { texts } = ctx.talk;
    const actors = actorsOf(ctx);
    if (actors.length === 0) return say(ctx, texts.notAllowed);
    for (const actor of actors) {
      const signIns = await signInsShow(actor, {});
      const lines = signIns.map(
        (signIn, index) => `${index + 1}. ${texts.signIns.line(line(ctx.talk, signIn))}`,
      );
      const text = [texts.signIns.title, ...(lines.length === 0 ? [texts.signIns.none] : lines)].join('\n');
      await say(ctx, text, disownButtons(ctx.talk, signIns));
    }
  });

  feature.callbackQuery(ASK, async (ctx) => {
    const { texts } = ctx.talk;
    const found = await ownSignIn(deps, ctx, unpackId(ctx.match[1]));
    if (!found) ctx.talk.note = texts.signIns.unknown;
    else if (found.signIn.isDisowned) ctx.talk.note = texts.signIns.disownedBefore;
    else {
      const keyboard = new InlineKeyboard()
        .text(texts.signIns.confirm, `disowned:${packId(found.signIn.sessionId)}`)
        .row()
        .text(texts.cancel, 'cancel');
      await say(ctx, texts.signIns.question(line(ctx.talk, found.signIn)), keyboard);
    }
  });

  feature.callbackQuery(SURE, async (ctx) => {
    const { texts } = ctx.talk;
    const found = await ownSignIn(deps, ctx, unpackId(ctx.match[1]));
    const outcome = found && (await sessionDisown(found.actor, { sessionId: found.signIn.sessionId }));
    if (!outcome?.ok) return replace(ctx, texts.signIns.unknown);
    // What to do next stays there.
    if (outcome.value.before) {
      ctx.talk.note = texts.signIns.disownedBefore;
      return;
    }
    await replace(ctx, texts.signIns.disowned, new InlineKeyboard().text(texts.signIns.newPassword, MAIL));
  });

  feature.callbackQuery(MAIL, async (ctx) => {
    const { texts } = ctx.talk;
    for (const actor of actorsOf(ctx)) {
      const mailed = await passwordResetMail(actor);
      await say(ctx, mailed.ok ? texts.signIns.passwordMailed : texts.signIns.tooMany);
    }
  });
  return feature;
}

/** The people of the chat: mostly one. */
function actorsOf(ctx: BotContext): UserActor[] {
  const actors = new Map(actingLinks(ctx).map(({ actor }) => [actor.userId, actor]));
  return [...actors.values()];
}

async function ownSignIn(
  { signInsShow }: SignInsCommandDeps,
  ctx: BotContext,
  sessionId: string,
): Promise<{ readonly actor: UserActor; readonly signIn: ShownSignIn } | null> {
  for (const actor of actorsOf(ctx)) {
    const [signIn] = await signInsShow(actor, { sessionId });
    if (signIn) return { actor, signIn };
  }
  return null;
}

const line = ({ locale }: Talk, { at, device, ip, isLive, isDisowned }: ShownSignIn): SignInLine => ({
  time: timeText(at, locale),
  device: lineText(device),
  ip: lineText(ip),
  isLive,
  isDisowned,
});

function disownButtons({ texts }: Talk, signIns: readonly ShownSignIn[]): InlineKeyboard {
  const keyboard = new InlineKeyboard();
  signIns.forEach(({ sessionId, isDisowned }, index) => {
    if (!isDisowned) keyboard.text(texts.signIns.notMe(index + 1), disownData(sessionId)).row();
  });
  return keyboard;
}
