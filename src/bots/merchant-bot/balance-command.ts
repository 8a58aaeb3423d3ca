import { Composer } from 'grammy';
import type { BalancesShow } from '../../usecases/balance/balances-show.ts';
import type { BalanceView } from '../../usecases/ports/merchant-reads.ts';
import { say } from '../answers.ts';
import { merchantLinks, type BotContext, type Talk } from '../bot-context.ts';
import { lineText, moneyText } from '../texts/forms.ts';
import { modeOf } from './mode-of.ts';

/** `/balance [test]`: what the merchants of the chat have, where the person may see it (FEATURES N10). */
export function balanceCommand(balancesShow: BalancesShow): Composer<BotContext> {
  const feature = new Composer<BotContext>();
  feature.command('balance', async (ctx) => {
    const mode = modeOf(ctx.match);
    const parts: string[] = [];
    for (const { actor, merchantId, merchantName } of merchantLinks(ctx)) {
      const balances = await balancesShow(actor, { merchantId, mode });
      if (balances.ok) parts.push(merchantText(ctx.talk, merchantName, mode, balances.value));
    }
    if (parts.length === 0) return say(ctx, ctx.talk.texts.notAllowed);
    for (const text of messagesOf(parts)) await say(ctx, text);
  });
  return feature;
}

/** Telegram refuses a longer message as a whole. */
const MOST_CHARACTERS = 4_096;

/** As few messages as hold the parts, none of them cut: a merchant's alone is well below. */
function messagesOf(parts: readonly string[]): string[] {
  const messages: string[] = [];
  for (const part of parts) {
    const longer = [...messages.slice(-1), part].join('\n\n');
    if (messages.length > 0 && longer.length <= MOST_CHARACTERS) messages[messages.length - 1] = longer;
    else messages.push(part);
  }
  return messages;
}

function merchantText(
  { texts, locale }: Talk,
  merchantName: string,
  mode: 'LIVE' | 'TEST',
  balances: readonly BalanceView[],
): string {
  const title = `${mode === 'TEST' ? `${texts.test} ` : ''}${texts.balance.title(lineText(merchantName))}`;
  if (balances.length === 0) return `${title}\n${texts.balance.none}`;
  const lines = balances.map(({ asset: currency, available, pending, held, owed }) => {
    const money = (minorUnits: bigint): string => moneyText({ minorUnits, currency }, locale);
    const unlessNone = (minorUnits: bigint): string | null => (minorUnits === 0n ? null : money(minorUnits));
    return texts.balance.line({
      available: money(available),
      pending: unlessNone(pending),
      held: unlessNone(held),
      owed: unlessNone(owed),
    });
  });
  return [title, ...lines].join('\n');
}
