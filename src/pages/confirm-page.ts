import type { EmailConfirm } from '../usecases/account/email-confirm.ts';
import { page, type Page } from './page.ts';

/** Tokens are base64url; nothing else is written into the page. */
const TOKEN = /^[\w-]{20,100}$/;

/**
 * The page behind the link in the confirmation mail. Opening it changes nothing, because mail scanners open links;
 * the person presses the button.
 */
export function showConfirmPage(token: string | null): Page {
  if (token === null || !TOKEN.test(token)) return NOT_VALID;
  return page({
    status: 200,
    title: 'Confirm your e-mail address',
    body: `<p>Press the button to confirm your e-mail address.</p>
<form method="post" action="/confirm"><input type="hidden" name="token" value="${token}">
<button type="submit">Confirm</button></form>`,
  });
}

/** What the button does. The link works once. */
export async function submitConfirmPage(emailConfirm: EmailConfirm, token: string | null): Promise<Page> {
  if (token === null || !TOKEN.test(token)) return NOT_VALID;
  const confirmed = await emailConfirm(token);
  return confirmed.ok ? CONFIRMED : NOT_VALID;
}

const CONFIRMED = page({
  status: 200,
  title: 'Your e-mail address is confirmed',
  body: '<p>You can sign in now.</p>',
});

const NOT_VALID = page({
  status: 410,
  title: 'This link is not valid any more',
  body: '<p>It was used before, or it is older than 24 hours. Sign up again to get another one.</p>',
});
