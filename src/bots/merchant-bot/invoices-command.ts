import { Composer, InlineKeyboard } from 'grammy';
import { timeText } from '../../domain/text/written-forms.ts';
import type { InvoicesLatest, LatestInvoices } from '../../usecases/invoice/invoices-latest.ts';
import type { InvoiceView } from '../../usecases/ports/invoice-reads.ts';
import { say } from '../answers.ts';
import { merchantLinks, type BotContext, type MerchantLink, type Talk } from '../bot-context.ts';
import { data, ID, MODE, packId, packMode, unpackId, unpackMode } from '../callback-data.ts';
import type { ShownStatus } from '../texts/bot-texts.ts';
import { lineText, moneyText } from '../texts/forms.ts';
import { modeOf } from './mode-of.ts';

type Mode = 'LIVE' | 'TEST';

const PAGE = 5;
/** A merchant's newest ones, and those behind an invoice. */
const FIRST = data('inv', ID, MODE);
const MORE = data('more', ID, MODE, ID);

/** `/invoices [test]`: the last five of a merchant with their status, and older ones by button (FEATURES N10). */
export function invoicesCommand(invoicesLatest: InvoicesLatest): Composer<BotContext> {
  const feature = new Composer<BotContext>();

  const show = async (ctx: BotContext, link: MerchantLink, mode: Mode, afterId?: string): Promise<void> => {
    const { actor, merchantId } = link;
    const range = { limit: PAGE, ...(afterId === undefined ? {} : { afterId }) };
    const page = await invoicesLatest(actor, { merchantId, mode, ...range });
    if (page.ok)
      await say(ctx, pageText(ctx.talk, link, mode, page.value), buttons(ctx.talk, link, mode, page.value));
    else if (afterId === undefined) await say(ctx, ctx.talk.texts.notAllowed);
    else ctx.talk.note = ctx.talk.texts.outdated;
  };

  feature.command('invoices', async (ctx) => {
    const mode = modeOf(ctx.match);
    const [link, ...others] = merchantLinks(ctx);
    if (!link) await say(ctx, ctx.talk.texts.notAllowed);
    else if (others.length === 0) await show(ctx, link, mode);
    else await say(ctx, ctx.talk.texts.chooseMerchant, merchantButtons([link, ...others], mode));
  });

  const linkOf = (ctx: BotContext, packed: string | undefined): MerchantLink | undefined => {
    const linkId = unpackId(packed);
    return merchantLinks(ctx).find((link) => link.linkId === linkId);
  };
  feature.callbackQuery(FIRST, async (ctx, next) => {
    const link = linkOf(ctx, ctx.match[1]);
    if (!link) return next();
    await show(ctx, link, unpackMode(ctx.match[2]));
  });
  feature.callbackQuery(MORE, async (ctx, next) => {
    const link = linkOf(ctx, ctx.match[1]);
    if (!link) return next();
    await show(ctx, link, unpackMode(ctx.match[2]), unpackId(ctx.match[3]));
  });
  return feature;
}

function merchantButtons(links: readonly MerchantLink[], mode: Mode): InlineKeyboard {
  const keyboard = new InlineKeyboard();
  for (const { merchantName, linkId } of links)
    keyboard.text(lineText(merchantName), `inv:${packId(linkId)}:${packMode(mode)}`).row();
  return keyboard;
}

function buttons(
  { texts }: Talk,
  { linkId }: MerchantLink,
  mode: Mode,
  page: LatestInvoices,
): InlineKeyboard {
  const keyboard = new InlineKeyboard();
  const place = `${packId(linkId)}:${packMode(mode)}`;
  const last = page.invoices.at(-1);
  if (page.more && last) keyboard.text(texts.invoices.more, `more:${place}:${packId(last.id)}`);
  const other = mode === 'LIVE' ? 'TEST' : 'LIVE';
  const label = other === 'TEST' ? texts.invoices.showTest : texts.invoices.showLive;
  return keyboard.text(label, `inv:${packId(linkId)}:${packMode(other)}`);
}

function pageText(
  talk: Talk,
  { merchantName }: MerchantLink,
  mode: Mode,
  { invoices }: LatestInvoices,
): string {
  const { texts } = talk;
  const title = `${mode === 'TEST' ? `${texts.test} ` : ''}${texts.invoices.title(lineText(merchantName))}`;
  if (invoices.length === 0) return `${title}\n${texts.invoices.none}`;
  return [title, ...invoices.map((invoice) => invoiceLine(talk, invoice))].join('\n');
}

function invoiceLine({ texts, locale }: Talk, invoice: InvoiceView): string {
  const { amount: minorUnits, currency, orderId, createdAt } = invoice;
  const status = texts.invoices.status[shownStatus(invoice)];
  const order = orderId === null ? '' : `, ${lineText(orderId)}`;
  return `${moneyText({ minorUnits, currency }, locale)}${order}, ${status}, ${timeText(createdAt, locale)}`;
}

/** An invoice that ended without all of its money keeps the status that it had, with EXPIRED beside it. */
const shownStatus = ({ status, exception }: InvoiceView): ShownStatus =>
  exception === 'EXPIRED' ? 'EXPIRED' : status;
