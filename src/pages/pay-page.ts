import { networkOf } from '../domain/chain/networks.ts';
import { paymentUri } from '../domain/chain/payment-uri.ts';
import { formatAmount, type Money } from '../domain/money/money.ts';
import type { PayPage, PayQuote, PayState, PayWay, SeenPayment } from '../usecases/pay-page/pay-page-show.ts';
import type { QrCodes } from '../usecases/ports/qr-codes.ts';
import { escapeHtml, page, type Page } from './page.ts';

/** Seconds after which the page of an invoice that waits for something is loaded again. */
const REFRESH_SECONDS = 15;
const WAITS: ReadonlySet<PayState> = new Set(['OPEN', 'PART_PAID', 'CONFIRMING']);

/** Where an invoice stands, in words for its payer. */
const HEADLINES: Readonly<Record<PayState, string>> = {
  OPEN: 'To be paid',
  PART_PAID: 'A part is paid',
  CONFIRMING: 'Payment received; the network confirms it',
  PAID: 'Paid. Thank you!',
  EXPIRED: 'The time to pay is over. Please do not pay any more.',
  CANCELLED: 'The shop cancelled this invoice. Please do not pay any more.',
  BARRED: 'This invoice cannot be paid at the moment. Please do not pay now.',
};

/** What the page is drawn with. */
export interface PayPageForm {
  readonly qr: QrCodes;
  /** Whether the payer wants to choose another way. */
  readonly isChoosing: boolean;
  /** Why the last choice was refused. */
  readonly problem?: { readonly status: number; readonly message: string };
}

/** The hosted page of an invoice (FEATURES D3, D4). It works without scripts. */
export function payPage(shown: PayPage, { qr, isChoosing, problem }: PayPageForm): Page {
  const { state, quote } = shown;
  const showsQuote = quote !== null && !isChoosing && !problem;
  const parts = [
    shown.mode === 'TEST' ? '<p role="note"><strong>This is a test: nothing is to be paid.</strong></p>' : '',
    problem ? `<p role="alert">${escapeHtml(problem.message)}</p>` : '',
    `<p role="status"><strong>${HEADLINES[state]}</strong></p>`,
    facts(shown),
    showsQuote ? quoteHtml(shown, quote, qr) : choice(shown),
    shown.payments.length > 0 ? paymentsHtml(shown.payments) : '',
    links(shown),
  ];
  return page({
    status: problem?.status ?? 200,
    title: escapeHtml(shown.shopName),
    head: `<meta name="robots" content="noindex">${refresh(shown, isChoosing || problem !== undefined)}`,
    body: parts.filter((part) => part !== '').join('\n'),
  });
}

export const NO_INVOICE = page({
  status: 404,
  title: 'There is no such invoice',
  body: '<p>Open the link of your shop again.</p>',
});

/** What others see while a payer chooses must not change below the finger. */
const refresh = ({ state }: PayPage, isChoosing: boolean): string =>
  WAITS.has(state) && !isChoosing ? `<meta http-equiv="refresh" content="${REFRESH_SECONDS}">` : '';

function facts(shown: PayPage): string {
  const { part, description, orderId, merchantName } = shown;
  return list([
    ['Amount', `<strong>${moneyHtml(shown.amount)}</strong>`],
    ...(part
      ? ([
          ['Received so far', moneyHtml(part.seen)],
          ['Still missing', `<strong>${moneyHtml(part.missing)}</strong>`],
        ] as const)
      : []),
    ...(description === null ? [] : [['For', escapeHtml(description)] as const]),
    ...(orderId === null ? [] : [['Order', escapeHtml(orderId)] as const]),
    ...(merchantName === null ? [] : [['Sold by', escapeHtml(merchantName)] as const]),
    ...(WAITS.has(shown.state) && shown.state !== 'CONFIRMING'
      ? [['To be paid until', timeHtml(shown.expiresAt, shown.now)] as const]
      : []),
  ]);
}

const list = (rows: readonly (readonly [name: string, html: string])[]): string =>
  `<dl>\n${rows.map(([name, html]) => `<dt>${name}</dt><dd>${html}</dd>`).join('\n')}\n</dl>`;

/** An amount with all digits that count: what is asked for must be what is sent. */
const exact = (money: Money): string => {
  const text = formatAmount(money);
  return text.includes('.') ? text.replace(/0+$/, '').replace(/\.$/, '') : text;
};

const moneyHtml = (money: Money): string => escapeHtml(`${formatAmount(money)} ${money.currency}`);

const networkName = (network: string): string => escapeHtml(networkOf(network).name);

function timeHtml(at: Date, now: Date): string {
  const iso = at.toISOString();
  const minutes = Math.max(0, Math.ceil((at.getTime() - now.getTime()) / 60_000));
  const left = minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h`;
  return `<time datetime="${iso}">${iso.slice(0, 16).replace('T', ' ')} UTC</time> (${left})`;
}

function quoteHtml({ mode, invoiceId, now }: PayPage, quote: PayQuote, qr: QrCodes): string {
  const { asset, network, address } = quote;
  const amount = exact(quote.amount);
  const code = mode === 'TEST' ? '' : `\n<figure>${qr.svg(paymentUri(network, address, amount))}</figure>`;
  return `<h2>Send exactly</h2>
${list([
  ['Amount', `<code>${amount}</code> ${escapeHtml(asset)}`],
  ['Network', networkName(network)],
  ['Address', `<code>${escapeHtml(address)}</code>`],
  ['This amount holds until', timeHtml(quote.expiresAt, now)],
])}${code}
<p>Send ${escapeHtml(asset)} over ${networkName(network)} only: anything else may be lost.</p>
<p><a href="/pay/${invoiceId}?choose=1">Pay in another way</a></p>`;
}

/** One button a way: nothing that was chosen is lost when the page is loaded again. */
function choice({ ways, invoiceId, state, quoteIsOver }: PayPage): string {
  if (state !== 'OPEN' && state !== 'PART_PAID') return '';
  if (ways.length === 0) return '<p>There is no way to pay this invoice here.</p>';
  const button = ({ asset, network }: PayWay): string =>
    `<form method="post" action="/pay/${invoiceId}"><input type="hidden" name="asset" value="${escapeHtml(asset)}">` +
    `<input type="hidden" name="network" value="${escapeHtml(network)}">` +
    `<button type="submit">${escapeHtml(asset)} over ${networkName(network)}</button></form>`;
  const hint = quoteIsOver ? '<p>The amount of before does not hold any more: choose again.</p>\n' : '';
  return `<h2>How do you want to pay?</h2>\n${hint}${ways.map(button).join('\n')}`;
}

const STANDINGS: Readonly<Record<SeenPayment['standing'], string>> = {
  CONFIRMING: 'being confirmed',
  CONFIRMED: 'confirmed',
  TAKEN_BACK: 'taken back by the network',
  NOT_COUNTED: 'not counted; the shop decides on it',
};

function paymentsHtml(payments: readonly SeenPayment[]): string {
  const row = (payment: SeenPayment): string => {
    const { confirmations, confirmationsRequired, standing, txId, network } = payment;
    const progress = standing === 'CONFIRMING' ? ` (${confirmations} of ${confirmationsRequired})` : '';
    return (
      `<li>${escapeHtml(`${exact(payment.amount)} ${payment.asset}`)} over ${networkName(network)}: ` +
      `${STANDINGS[standing]}${progress}<br><code>${escapeHtml(txId)}</code></li>`
    );
  };
  return `<h2>What was received</h2>\n<ul>\n${payments.map(row).join('\n')}\n</ul>`;
}

function links({ returnUrl, cancelUrl, supportEmail }: PayPage): string {
  const back = returnUrl ?? cancelUrl;
  return [
    ...(back === null ? [] : [`<p><a rel="noreferrer" href="${escapeHtml(back)}">Back to the shop</a></p>`]),
    ...(supportEmail === null
      ? []
      : [
          `<p>Questions? <a href="mailto:${escapeHtml(encodeURIComponent(supportEmail))}">${escapeHtml(supportEmail)}</a></p>`,
        ]),
  ].join('\n');
}
