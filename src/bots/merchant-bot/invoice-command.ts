import { Composer, InlineKeyboard } from 'grammy';
import type { InvoiceCreate } from '../../usecases/invoice/invoice-create.ts';
import type { ProjectsShow, ShownProject } from '../../usecases/project/projects-show.ts';
import type { Refusal } from '../../usecases/result.ts';
import { askAbout, replace, say } from '../answers.ts';
import { merchantLinks, type BotContext, type MerchantLink } from '../bot-context.ts';
import { data, ID, MODE, packId, packMode, unpackId, unpackMode } from '../callback-data.ts';
import type { BotTexts, InvoiceSummary } from '../texts/bot-texts.ts';
import { lineText, moneyText } from '../texts/forms.ts';
import { orderMark, readOrder, type InvoiceOrder } from './invoice-order.ts';

export interface InvoiceCommandDeps {
  readonly projectsShow: ProjectsShow;
  readonly invoiceCreate: InvoiceCreate;
  /** Where people reach the gateway, without a slash at the end. */
  readonly publicUrl: string;
}

type Mode = 'LIVE' | 'TEST';

/** Where an invoice can be made. */
interface Choice {
  readonly link: MerchantLink;
  readonly project: ShownProject;
}

const MARK = '([\\w-]{8})';
/** Shows the question for a project and mode; makes the invoice. */
const SHOW = data('show', ID, ID, MODE, MARK);
const MAKE = data('make', ID, ID, MODE, MARK);

/** More buttons than anybody looks through. */
const MOST_CHOICES = 50;

/**
 * `/invoice <amount> <currency> [order id]`: asks for project and mode, shows what it will be, and makes it by the same
 * use case as the API (FEATURES N10). Nothing is kept in between: the question answers the person's message, which
 * Telegram hands over with each press of a button.
 */
export function invoiceCommand(deps: InvoiceCommandDeps): Composer<BotContext> {
  const feature = new Composer<BotContext>();

  feature.command('invoice', async (ctx) => {
    const { texts } = ctx.talk;
    const choices = await choicesOf(deps, ctx);
    const [first, ...others] = choices;
    if (!first) return say(ctx, texts.notAllowed);
    const order = readOrder(ctx.msg.text, texts.invoice);
    if ('fault' in order) return say(ctx, order.fault);
    if (others.length > 0) return askAbout(ctx, texts.chooseProject, choiceButtons(texts, choices, order));
    const mode = usualMode(first);
    await askAbout(ctx, summaryText(ctx, first, mode, order), summaryButtons(texts, first, mode, order));
  });

  feature.callbackQuery(SHOW, async (ctx, next) => {
    const asked = await readPress(deps, ctx);
    if (!asked) return next();
    const { choice, mode, order } = asked;
    const text = summaryText(ctx, choice, mode, order);
    await replace(ctx, text, summaryButtons(ctx.talk.texts, choice, mode, order));
  });

  feature.callbackQuery(MAKE, async (ctx, next) => {
    const asked = await readPress(deps, ctx);
    if (!asked) return next();
    const { choice, mode, order } = asked;
    const made = await deps.invoiceCreate(choice.link.actor, {
      projectId: choice.project.projectId,
      mode,
      amount: order.amount,
      currency: order.money.currency,
      orderId: order.orderId,
      idempotencyKey: keyOf(ctx),
    });
    if (!made.ok) return replace(ctx, refusalText(ctx.talk.texts, made.refusal));
    const link = `${deps.publicUrl}/pay/${made.value.invoiceId}`;
    await replace(ctx, ctx.talk.texts.invoice.created(summary(ctx, choice, mode, order), link));
  });
  return feature;
}

/** Belongs to the question: however often its button is pressed or the press is handled, it makes one invoice. */
const keyOf = (ctx: BotContext): string =>
  `telegram ${ctx.me.id} ${ctx.talk.place.chatId} ${ctx.callbackQuery?.message?.message_id ?? ''}`;

/** Where the people of the chat may make invoices, oldest first. */
async function choicesOf({ projectsShow }: InvoiceCommandDeps, ctx: BotContext): Promise<Choice[]> {
  const choices: Choice[] = [];
  for (const link of merchantLinks(ctx)) {
    const { actor, merchantId } = link;
    const projects = await projectsShow(actor, { merchantId, right: 'invoice:write' });
    choices.push(...projects.map((project) => ({ link, project })));
  }
  return choices;
}

/** What a button was pressed for; null where it is out of date. */
async function readPress(
  deps: InvoiceCommandDeps,
  ctx: BotContext,
): Promise<{ choice: Choice; mode: Mode; order: InvoiceOrder } | null> {
  const [, packedLink, packedProject, packedMode, mark] = ctx.match ?? [];
  const [linkId, projectId] = [unpackId(packedLink), unpackId(packedProject)];
  const choice = (await choicesOf(deps, ctx)).find(
    ({ link, project }) => link.linkId === linkId && project.projectId === projectId,
  );
  const asked = ctx.callbackQuery?.message?.reply_to_message?.text;
  if (!choice || asked === undefined) return null;
  const order = readOrder(asked, ctx.talk.texts.invoice);
  if ('fault' in order || orderMark(order) !== mark) return null;
  return { choice, mode: unpackMode(packedMode), order };
}

const usualMode = ({ project }: Choice): Mode => (project.isLive ? 'LIVE' : 'TEST');

const pressData = (
  verb: 'show' | 'make',
  { link, project }: Choice,
  mode: Mode,
  order: InvoiceOrder,
): string =>
  [verb, packId(link.linkId), packId(project.projectId), packMode(mode), orderMark(order)].join(':');

function choiceButtons(texts: BotTexts, choices: readonly Choice[], order: InvoiceOrder): InlineKeyboard {
  const keyboard = new InlineKeyboard();
  const isOne = new Set(choices.map(({ link }) => link.merchantId)).size === 1;
  for (const choice of choices.slice(0, MOST_CHOICES)) {
    const { link, project } = choice;
    const name = isOne ? project.name : `${project.name} (${link.merchantName})`;
    keyboard.text(lineText(name), pressData('show', choice, usualMode(choice), order)).row();
  }
  return keyboard.text(texts.cancel, 'cancel');
}

function summaryButtons(texts: BotTexts, choice: Choice, mode: Mode, order: InvoiceOrder): InlineKeyboard {
  const keyboard = new InlineKeyboard()
    .text(texts.invoice.create, pressData('make', choice, mode, order))
    .row();
  const other = mode === 'LIVE' ? 'TEST' : 'LIVE';
  if (choice.project.isLive) {
    const label = other === 'TEST' ? texts.invoice.asTest : texts.invoice.asLive;
    keyboard.text(label, pressData('show', choice, other, order)).row();
  }
  return keyboard.text(texts.cancel, 'cancel');
}

const summary = (
  { talk }: BotContext,
  { link, project }: Choice,
  mode: Mode,
  { money, orderId }: InvoiceOrder,
): InvoiceSummary => ({
  amount: moneyText(money, talk.locale),
  orderId,
  merchant: lineText(link.merchantName),
  project: lineText(project.name),
  isTest: mode === 'TEST',
});

const summaryText = (ctx: BotContext, choice: Choice, mode: Mode, order: InvoiceOrder): string =>
  ctx.talk.texts.invoice.summary(summary(ctx, choice, mode, order));

/** What else there is means that the place was closed to the person meanwhile. */
const REFUSALS: Partial<Record<Refusal['code'], (texts: BotTexts) => string>> = {
  PROJECT_NOT_ACTIVE: ({ invoice }) => invoice.projectNotActive,
  IDEMPOTENCY_KEY_REUSED: ({ invoice }) => invoice.changed,
  INVALID_INPUT: ({ invoice }) => invoice.usage,
};

const refusalText = (texts: BotTexts, { code }: Refusal): string =>
  REFUSALS[code]?.(texts) ?? texts.notAllowed;
