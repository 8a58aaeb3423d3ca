import type { Client } from '../domain/access/actor.ts';
import { escapeHtml, page, type Page } from './page.ts';

/** A hosted page behind a link that was mailed, with one form. */
export interface TokenPage {
  show(token: string | null): Page;
  submit(form: URLSearchParams, client: Client): Promise<Page>;
}

/** Tokens are base64url; nothing else is written into a page. */
export const TOKEN = /^[\w-]{20,100}$/;

/** A form that asks for a password and carries the token of the link. All texts but the fault are trusted HTML. */
export const secretForm = (form: {
  readonly title: string;
  readonly explanation: string;
  readonly action: string;
  readonly token: string;
  readonly label: string;
  readonly autocomplete: 'current-password' | 'new-password';
  readonly button: string;
  /** Why the last try was refused. */
  readonly fault: string | undefined;
}): Page =>
  page({
    status: form.fault === undefined ? 200 : 422,
    title: form.title,
    body: `${form.fault === undefined ? '' : `<p role="alert">${escapeHtml(form.fault)}</p>\n`}<p>${form.explanation}</p>
<form method="post" action="${form.action}"><input type="hidden" name="token" value="${form.token}">
<label>${form.label}<br><input type="password" name="password" required autofocus autocomplete="${form.autocomplete}"></label>
<button type="submit">${form.button}</button></form>`,
  });

export const TOO_MANY = page({
  status: 429,
  title: 'Too many attempts',
  body: '<p>Wait a quarter of an hour, then open the link again.</p>',
});

export const BUSY = page({
  status: 503,
  title: 'Too much is going on',
  body: '<p>Go back and try again in a moment.</p>',
});
