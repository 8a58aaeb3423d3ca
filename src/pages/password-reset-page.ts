import type { Client } from '../domain/access/actor.ts';
import type { PasswordReset } from '../usecases/account/password-reset.ts';
import { page, type Page } from './page.ts';
import { secretForm, TOKEN, TOO_MANY, type TokenPage } from './secret-form.ts';

/** The page behind the link in the mail for those who forgot the password. Opening it changes nothing. */
export const passwordResetPage = (passwordReset: PasswordReset): TokenPage => ({
  show: (token) => (token !== null && TOKEN.test(token) ? form(token) : NOT_VALID),

  async submit(sent: URLSearchParams, client: Client): Promise<Page> {
    const token = sent.get('token');
    if (token === null || !TOKEN.test(token)) return NOT_VALID;
    const reset = await passwordReset({ token, password: sent.get('password') ?? '', client });
    if (reset.ok) return RESET;
    const { code, message } = reset.refusal;
    if (code === 'RATE_LIMITED') return TOO_MANY;
    return code === 'INVALID_INPUT' ? form(token, message) : NOT_VALID;
  },
});

const form = (token: string, fault?: string): Page =>
  secretForm({
    title: 'Choose a new password',
    explanation:
      'It has 8 to 256 characters. You will be signed out everywhere, and payouts are held back for 24 hours.',
    action: '/password-reset',
    token,
    label: 'New password',
    autocomplete: 'new-password',
    button: 'Set the password',
    fault,
  });

const RESET = page({
  status: 200,
  title: 'Your new password is set',
  body: '<p>You can sign in with it now. If you use an authenticator, it is asked for as before.</p>',
});

const NOT_VALID = page({
  status: 410,
  title: 'This link is not valid any more',
  body: '<p>It was used before, or it is older than an hour. Ask for another one where you sign in.</p>',
});
