import type { Client } from '../domain/access/actor.ts';
import type { EmailConfirm } from '../usecases/account/email-confirm.ts';
import { page, type Page } from './page.ts';
import { secretForm, TOKEN, TOO_MANY, type TokenPage } from './secret-form.ts';

/**
 * The page behind the link in the confirmation mail. Opening it changes nothing, because mail scanners open links; the
 * person types the password of the sign-up, so that a stranger's link is of no use to the stranger.
 */
export const confirmPage = (emailConfirm: EmailConfirm): TokenPage => ({
  show: (token) => (token !== null && TOKEN.test(token) ? form(token) : NOT_VALID),

  async submit(sent: URLSearchParams, client: Client): Promise<Page> {
    const token = sent.get('token');
    if (token === null || !TOKEN.test(token)) return NOT_VALID;
    const confirmed = await emailConfirm({ token, password: sent.get('password') ?? '', client });
    if (confirmed.ok) return CONFIRMED;
    const { code, message } = confirmed.refusal;
    if (code === 'RATE_LIMITED') return TOO_MANY;
    return code === 'INVALID_CREDENTIALS' ? form(token, message) : NOT_VALID;
  },
});

const form = (token: string, fault?: string): Page =>
  secretForm({
    title: 'Confirm your e-mail address',
    explanation: 'Type the password that you chose when you signed up. The link works once.',
    action: '/confirm',
    token,
    label: 'Password',
    autocomplete: 'current-password',
    button: 'Confirm',
    fault,
  });

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
