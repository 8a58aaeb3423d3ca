import { Composer, InlineKeyboard } from 'grammy';
import type { Mode } from '../../domain/access/actor.ts';
import type { OpenPayout } from '../../usecases/ports/payout-reads.ts';
import type { PayoutsOpen, PayoutToSee } from '../../usecases/payout/payouts-open.ts';
import { say } from '../answers.ts';
import { merchantLinks, type BotContext, type Talk } from '../bot-context.ts';
import { lineText } from '../texts/forms.ts';
import { modeOf } from './mode-of.ts';
import { decideData } from './payout-buttons.ts';
import { payoutLine } from './payout-text.ts';

/** More than anybody decides on in a chat. */
const MOST = 10;

/** `/payouts [test]`: what has not ended, with buttons where consent is waited for, and the person's is (FEATURES N10). */
export function payoutsCommand(payoutsOpen: PayoutsOpen): Composer<BotContext> {
  const feature = new Composer<BotContext>();
  feature.command('payouts', async (ctx) => {
    const mode = modeOf(ctx.match);
    let isSeen = false;
    for (const { actor, merchantId, merchantName } of merchantLinks(ctx)) {
      const open = await payoutsOpen(actor, { merchantId, mode, limit: MOST });
      if (!open.ok) continue;
      isSeen = true;
      await say(ctx, listText(ctx.talk, merchantName, mode, open.value), decideButtons(ctx.talk, open.value));
    }
    if (!isSeen) await say(ctx, ctx.talk.texts.notAllowed);
  });
  return feature;
}

function listText(talk: Talk, merchantName: string, mode: Mode, open: readonly OpenPayout[]): string {
  const { texts } = talk;
  const title = `${mode === 'TEST' ? `${texts.test} ` : ''}${texts.payouts.title(lineText(merchantName))}`;
  if (open.length === 0) return `${title}\n${texts.payouts.none}`;
  const lines = open.map((one, index) => `${index + 1}. ${texts.payouts.line(payoutLine(talk, one))}`);
  return [title, ...lines].join('\n');
}

/** Whoever may not agree may refuse all the same: that only keeps money in. */
function decideButtons({ texts }: Talk, open: readonly PayoutToSee[]): InlineKeyboard {
  const keyboard = new InlineKeyboard();
  open.forEach(({ payout: { id: payoutId, revision, status }, waitsForMe }, index) => {
    if (status !== 'PENDING_APPROVAL') return;
    const place = index + 1;
    if (waitsForMe)
      keyboard.text(texts.payouts.approve(place), decideData({ verdict: 'APPROVE', payoutId, revision }));
    keyboard.text(texts.payouts.refuse(place), decideData({ verdict: 'REFUSE', payoutId, revision })).row();
  });
  return keyboard;
}
