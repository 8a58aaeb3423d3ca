import type { Actor, Client } from '../domain/access/actor.ts';
import type { InvitationAccept } from '../usecases/member/invitation-accept.ts';
import type { InvitationShow } from '../usecases/member/invitation-show.ts';
import type { InvitationSignUp } from '../usecases/member/invitation-sign-up.ts';
import type { Refusal } from '../usecases/result.ts';
import { escapeHtml, page, type Page } from './page.ts';
import { secretForm, TOKEN, TOO_MANY } from './secret-form.ts';

export interface InvitationPageDeps {
  readonly invitationShow: InvitationShow;
  readonly invitationAccept: InvitationAccept;
  readonly invitationSignUp: InvitationSignUp;
}

export interface InvitationVisit {
  readonly token: string | null;
  /** Of the session cookie. */
  readonly actor: Actor;
  readonly client: Client;
  /** What a new person typed; null where the form has no such field. */
  readonly password?: string | null;
}

/**
 * The page behind the link in an invitation. Opening it changes nothing, because mail scanners open links; the person
 * presses the button. A person with an account must be signed in; a new one chooses a password.
 */
export async function showInvitationPage(
  { invitationShow }: Pick<InvitationPageDeps, 'invitationShow'>,
  { token, actor, client }: InvitationVisit,
  problem?: string,
): Promise<Page> {
  if (token === null || !TOKEN.test(token)) return NOT_VALID;
  const shown = await invitationShow(client, token);
  if (!shown.ok) return refused(shown.refusal);
  const { merchantName, email, role, hasAccount } = shown.value;
  const offer = `You are invited to ${escapeHtml(merchantName)} as ${role.toLowerCase()}.`;
  if (!hasAccount)
    return passwordForm(`${offer} Choose a password for your account ${escapeHtml(email)}.`, token, problem);
  const trouble = problem === undefined ? '' : `<p role="alert">${escapeHtml(problem)}</p>\n`;
  return page({
    status: problem === undefined ? 200 : 422,
    title: TITLE,
    body: `${trouble}<p>${offer}</p>\n${actor.type === 'USER' ? acceptForm(token) : signInFirst(email)}`,
  });
}

/** What the button does. The token in the form, which only the invited person has, is what no other site can send. */
export async function submitInvitationPage(deps: InvitationPageDeps, visit: InvitationVisit): Promise<Page> {
  const { token, actor, client, password } = visit;
  if (token === null || !TOKEN.test(token)) return NOT_VALID;
  if (password !== null && password !== undefined) {
    const signedUp = await deps.invitationSignUp(client, { token, password, locale: 'en' });
    if (signedUp.ok) return joined(signedUp.value.merchantName, 'Sign in with your new password.');
    return afterRefusal(deps, visit, signedUp.refusal);
  }
  if (actor.type !== 'USER') return showInvitationPage(deps, visit);
  const accepted = await deps.invitationAccept(actor, token);
  return accepted.ok
    ? joined(accepted.value.merchantName, 'You can go on working there.')
    : afterRefusal(deps, visit, accepted.refusal);
}

const afterRefusal = (deps: InvitationPageDeps, visit: InvitationVisit, refusal: Refusal): Promise<Page> =>
  refusal.code === 'INVALID_INPUT' || refusal.code === 'WRONG_STATE'
    ? showInvitationPage(deps, visit, refusal.message)
    : Promise.resolve(refused(refusal));

const TITLE = 'Your invitation';

const acceptForm = (token: string): string =>
  `<form method="post" action="/invitation"><input type="hidden" name="token" value="${token}">
<button type="submit">Accept</button></form>`;

const signInFirst = (email: string): string =>
  `<p>Sign in as ${escapeHtml(email)} in this browser, then open the link again.</p>`;

const passwordForm = (explanation: string, token: string, fault: string | undefined): Page =>
  secretForm({
    title: TITLE,
    explanation,
    action: '/invitation',
    token,
    label: 'Password',
    autocomplete: 'new-password',
    button: 'Create account and accept',
    fault,
  });

const joined = (merchantName: string, next: string): Page =>
  page({
    status: 200,
    title: 'You are a member now',
    body: `<p>${escapeHtml(merchantName)} is open to you. ${next}</p>`,
  });

const refused = ({ code }: Refusal): Page => (code === 'RATE_LIMITED' ? TOO_MANY : NOT_VALID);

const NOT_VALID = page({
  status: 410,
  title: 'This invitation is not valid any more',
  body: '<p>It was used, taken back or replaced, or it is older than seven days. Ask for another one.</p>',
});
