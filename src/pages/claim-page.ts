import type { AnonymousActor, Client } from '../domain/access/actor.ts';
import { networkOf } from '../domain/chain/networks.ts';
import { formatAmount } from '../domain/money/money.ts';
import type { Claim, ClaimOffer, ClaimShow } from '../usecases/claim/claim.ts';
import type { Refusal } from '../usecases/result.ts';
import { escapeHtml, page, type Page } from './page.ts';
import { TOKEN, TOO_MANY } from './secret-form.ts';

/** The page behind a claim link. Opening it changes nothing, because mail scanners open links. */
export interface ClaimPage {
  show(token: string, client: Client): Promise<Page>;
  submit(token: string, form: URLSearchParams, client: Client): Promise<Page>;
}

interface ClaimTexts {
  readonly title: string;
  /** Behind the shop's name. */
  readonly gives: string;
}

export const REFUND_TEXTS: ClaimTexts = { title: 'Your refund', gives: 'gives you money back.' };
export const REBOUND_TEXTS: ClaimTexts = {
  title: 'Your payment comes back',
  gives: 'sends back what it could not take of your payment.',
};

/** First the payer types an address, then looks at it once more in the form in which it is paid, and confirms. */
export function claimPage(
  { show, claim }: { readonly show: ClaimShow; readonly claim: Claim },
  texts: ClaimTexts,
): ClaimPage {
  const stranger = (client: Client): AnonymousActor => ({ type: 'ANONYMOUS', client });
  const offered = async (token: string, client: Client, fault?: string): Promise<Page> => {
    const offer = await show(stranger(client), token);
    return offer.ok ? addressForm(texts, offer.value, fault) : refused(offer.refusal);
  };
  return {
    show: async (token, client) => (TOKEN.test(token) ? await offered(token, client) : NOT_VALID),
    async submit(token, form, client) {
      if (!TOKEN.test(token)) return NOT_VALID;
      const address = form.get('address') ?? '';
      const confirmed = form.get('confirmed') === 'yes';
      const step = await claim(stranger(client), { token, address, confirmed });
      if (step.ok)
        return step.value.claimed
          ? claimed(step.value.address)
          : confirmForm(texts, step.value, step.value.address);
      const { refusal } = step;
      return refusal.code === 'INVALID_INPUT'
        ? await offered(token, client, refusal.message)
        : refused(refusal);
    },
  };
}

const refused = ({ code }: Refusal): Page => (code === 'RATE_LIMITED' ? TOO_MANY : NOT_VALID);

function summary(
  { gives }: ClaimTexts,
  { shopName, mode, asset, network, networkFee, arrives }: ClaimOffer,
): string {
  const money = (minorUnits: bigint): string => `${formatAmount({ minorUnits, currency: asset })} ${asset}`;
  return `${mode === 'TEST' ? '<p>This is a test: no money is sent.</p>\n' : ''}<p>${escapeHtml(shopName)} ${gives}</p>
<dl><dt>You get</dt><dd>${money(arrives)}</dd>
<dt>Network</dt><dd>${escapeHtml(networkOf(network).name)}</dd>
<dt>Network fee, taken off already</dt><dd>${money(networkFee)}</dd></dl>`;
}

const addressForm = (texts: ClaimTexts, offer: ClaimOffer, fault: string | undefined): Page =>
  page({
    status: fault === undefined ? 200 : 422,
    title: texts.title,
    body: `${fault === undefined ? '' : `<p role="alert">${escapeHtml(fault)}</p>\n`}${summary(texts, offer)}
<form method="post"><label>Your ${escapeHtml(offer.asset)} address on ${escapeHtml(networkOf(offer.network).name)}<br>
<input name="address" required maxlength="200" autocomplete="off" autocapitalize="off" spellcheck="false"></label>
<button type="submit">Continue</button></form>`,
  });

const confirmForm = (texts: ClaimTexts, offer: ClaimOffer, address: string): Page =>
  page({
    status: 200,
    title: 'Is this your address?',
    body: `${summary(texts, offer)}
<p><code>${escapeHtml(address)}</code></p>
<p>Compare every character. What is sent to a wrong address is lost, and the link works once.</p>
<form method="post"><input type="hidden" name="address" value="${escapeHtml(address)}">
<input type="hidden" name="confirmed" value="yes"><button type="submit">Yes, send it there</button></form>
<form method="get"><button type="submit">No, type it again</button></form>`,
  });

const claimed = (address: string): Page =>
  page({
    status: 200,
    title: 'Your address is noted',
    body: `<p>The money is to go to</p>\n<p><code>${escapeHtml(address)}</code></p>\n<p>You are told by e-mail when it has arrived. You can close this page.</p>`,
  });

/** The same for a link that nobody has, that was used, and whose time is over. */
const NOT_VALID = page({
  status: 410,
  title: 'This link is not valid any more',
  body: '<p>It was used before, or its time is over. Ask the shop for another one.</p>',
});
