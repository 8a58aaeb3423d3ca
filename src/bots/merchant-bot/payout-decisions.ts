import { Composer } from 'grammy';
import { isPin } from '../../domain/account/pin.ts';
import { timeText } from '../../domain/text/written-forms.ts';
import type { PayoutDecideByPin, PayoutDecisionShow } from '../../usecases/payout/payout-decide-by-pin.ts';
import type { Refusal, Result } from '../../usecases/result.ts';
import { askForReply, say } from '../answers.ts';
import { merchantLinks, type BotContext, type MerchantLink } from '../bot-context.ts';
import type { BotTexts } from '../texts/bot-texts.ts';
import { DECIDE, markIn, markLine, markOf, type DecisionMark } from './payout-buttons.ts';
import { payoutSummary, sourceOf } from './payout-text.ts';

export interface PayoutDecisionDeps {
  readonly payoutDecisionShow: PayoutDecisionShow;
  readonly payoutDecideByPin: PayoutDecideByPin;
}

/**
 * Consent to payouts, or its refusal, by the PIN (FEATURES N10). The button asks for it; the PIN is the answer to that
 * question, which says what it was about. It is taken from the chat before it is looked at, and stands nowhere.
 */
export function payoutDecisions({
  payoutDecisionShow,
  payoutDecideByPin,
}: PayoutDecisionDeps): Composer<BotContext> {
  const feature = new Composer<BotContext>();

  feature.callbackQuery(DECIDE, async (ctx) => {
    const mark = markOf(DECIDE.exec(ctx.callbackQuery.data) ?? []);
    const found = await ofItsMerchant(ctx, (link) => payoutDecisionShow(link.actor, mark));
    const { payouts } = ctx.talk.texts;
    if (!found) await say(ctx, ctx.talk.texts.notAllowed);
    else if (!found.result.ok) await say(ctx, refusalText(ctx.talk.texts, found.result.refusal));
    else if (found.result.value.kind === 'HELD') await say(ctx, heldText(ctx, found.result.value.until));
    else {
      const summary = payoutSummary(ctx.talk, found.result.value.open, found.link.merchantName);
      const question = payouts.askPin(mark.verdict, summary);
      await askForReply(ctx, `${question}\n\n${markLine(mark)}`, payouts.pinPlaceholder);
    }
  });

  feature.on('message:text', async (ctx, next) => {
    const { text } = ctx.msg;
    const mark = askedAbout(ctx);
    if (mark === null && !isPin(text.trim())) return next();
    // First of all: whatever becomes of it, it does not stay there.
    const isDeleted = await ctx.deleteMessage().then(
      () => true,
      () => false,
    );
    const { payouts } = ctx.talk.texts;
    await say(ctx, mark ? await decided(ctx, mark, text.trim()) : payouts.answerTheQuestion);
    if (!isDeleted) await say(ctx, payouts.notDeleted);
  });

  const decided = async (ctx: BotContext, mark: DecisionMark, pin: string): Promise<string> => {
    const { texts } = ctx.talk;
    const found = await ofItsMerchant(ctx, (link) => payoutDecideByPin(link.actor, { ...mark, pin }));
    if (!found) return texts.notAllowed;
    if (!found.result.ok) return refusalText(texts, found.result.refusal);
    const { value } = found.result;
    if (value.kind === 'HELD') return heldText(ctx, value.until);
    if (mark.verdict === 'REFUSE') return texts.payouts.refused(sourceOf(value));
    const { approvals, required } = value;
    return approvals < required ? texts.payouts.approved(approvals, required) : texts.payouts.queued;
  };
  return feature;
}

/** Only a question that this bot wrote counts: what a person wrote, or another one forwarded, asks for nothing. */
function askedAbout(ctx: BotContext): DecisionMark | null {
  const asked = ctx.msg?.reply_to_message;
  return asked?.from?.id === ctx.me.id && asked.text !== undefined ? markIn(asked.text) : null;
}

/** The answer for the merchant whose payout it is, of those that the chat is connected to; null where it is of none. */
async function ofItsMerchant<T>(
  ctx: BotContext,
  ask: (link: MerchantLink) => Promise<Result<T>>,
): Promise<{ readonly link: MerchantLink; readonly result: Result<T> } | null> {
  for (const link of merchantLinks(ctx)) {
    const result = await ask(link);
    if (result.ok || result.refusal.code !== 'NOT_FOUND') return { link, result };
  }
  return null;
}

const heldText = ({ talk: { texts, locale } }: BotContext, until: Date): string =>
  texts.payouts.held(timeText(until, locale));

const REFUSALS: Partial<Record<Refusal['code'], (texts: BotTexts['payouts']) => string>> = {
  FORBIDDEN: ({ own }) => own,
  SECOND_FACTOR_REQUIRED: ({ noSecondFactor }) => noSecondFactor,
  STEP_UP_REQUIRED: ({ noPin }) => noPin,
  INVALID_INPUT: ({ badPin }) => badPin,
  CODE_REFUSED: ({ wrongPin }) => wrongPin,
  RATE_LIMITED: ({ tooManyPins }) => tooManyPins,
  WRONG_STATE: ({ changed }) => changed,
};

const refusalText = (texts: BotTexts, { code }: Refusal): string =>
  REFUSALS[code]?.(texts.payouts) ?? texts.notAllowed;
