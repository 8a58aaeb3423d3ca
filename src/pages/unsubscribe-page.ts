import type { EventCategory } from '../domain/event/event-row.ts';
import type { MailUnsubscribeShow } from '../usecases/notification-preference/mail-unsubscribe-show.ts';
import type { MailUnsubscribe } from '../usecases/notification-preference/mail-unsubscribe.ts';
import { page, type Page } from './page.ts';

export interface UnsubscribePageDeps {
  readonly mailUnsubscribeShow: MailUnsubscribeShow;
  readonly mailUnsubscribe: MailUnsubscribe;
}

/** The page behind the link at the end of a mail. Opening it changes nothing, because mail scanners open links. */
export function showUnsubscribePage({ mailUnsubscribeShow }: UnsubscribePageDeps, token: string): Page {
  const category = mailUnsubscribeShow(token);
  if (category === null) return NOT_VALID;
  return page({
    status: 200,
    title: 'Stop these e-mails?',
    body: `<p>You will get no more e-mails about ${ABOUT[category]}.</p>
<form method="post" action="/unsubscribe?token=${encodeURIComponent(token)}">
<button type="submit">Stop them</button></form>`,
  });
}

/** What the button does, and what mail programs send by themselves (RFC 8058): the token is all that counts. */
export async function submitUnsubscribePage(deps: UnsubscribePageDeps, token: string): Promise<Page> {
  const ended = await deps.mailUnsubscribe(token);
  if (!ended.ok) return NOT_VALID;
  return page({
    status: 200,
    title: 'Done',
    body: `<p>You get no more e-mails about ${ABOUT[ended.value.category]}. In the settings you can switch them on again.</p>`,
  });
}

const ABOUT: Readonly<Record<EventCategory, string>> = {
  SECURITY: 'the safety of your account',
  ACCOUNT: 'your account',
  PROJECT: 'your projects',
  PAYMENTS: 'payments',
  PAYOUTS: 'payouts',
  BILLING: 'billing',
  ERRORS: 'errors',
};

const NOT_VALID = page({
  status: 410,
  title: 'This link is not valid',
  body: '<p>Sign in and choose in the settings which e-mails you get.</p>',
});
