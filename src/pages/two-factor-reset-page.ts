import type { Client } from '../domain/access/actor.ts';
import type { TwoFactorResetFile } from '../usecases/two-factor/two-factor-reset-file.ts';
import { page, type Page } from './page.ts';
import { TOKEN, TOO_MANY, type TokenPage } from './secret-form.ts';

/** The page behind the link in the mail to a person who lost the authenticator. Opening it changes nothing. */
export const twoFactorResetPage = (twoFactorResetFile: TwoFactorResetFile): TokenPage => ({
  show: (token) => (token !== null && TOKEN.test(token) ? form(token, '') : NOT_VALID),

  async submit(sent: URLSearchParams, client: Client): Promise<Page> {
    const token = sent.get('token');
    if (token === null || !TOKEN.test(token)) return NOT_VALID;
    const reason = sent.get('reason') ?? '';
    const filed = await twoFactorResetFile({ type: 'ANONYMOUS', client }, { token, reason });
    if (filed.ok) return FILED;
    const { code } = filed.refusal;
    if (code === 'INVALID_INPUT') {
      return form(token, '<p role="alert">Say in 10 to 1000 characters what happened.</p>');
    }
    if (code === 'RATE_LIMITED') return TOO_MANY;
    return code === 'WRONG_STATE' ? WAITING : NOT_VALID;
  },
});

const form = (token: string, complaint: string): Page =>
  page({
    status: complaint === '' ? 200 : 422,
    title: 'You lost your authenticator',
    body: `${complaint}<p>Tell us what happened. An operator decides, and the answer comes by e-mail.</p>
<form method="post" action="/two-factor-reset"><input type="hidden" name="token" value="${token}">
<p><label for="reason">What happened</label><br>
<textarea id="reason" name="reason" rows="5" cols="40" minlength="10" maxlength="1000" required></textarea></p>
<button type="submit">Ask the operator</button></form>`,
  });

const FILED = page({
  status: 200,
  title: 'We have your request',
  body: '<p>An operator looks at it. You get the answer by e-mail.</p>',
});

const WAITING = page({
  status: 409,
  title: 'You have asked already',
  body: '<p>Your earlier request has not been decided yet. You get the answer by e-mail.</p>',
});

const NOT_VALID = page({
  status: 410,
  title: 'This link is not valid any more',
  body: '<p>It was used before, or it is older than an hour. Ask for another one.</p>',
});
