import type { IncomingMessage } from 'node:http';
import { ANONYMOUS, type Actor, type Client } from '../domain/access/actor.ts';
import { Overloaded } from '../domain/access/overloaded.ts';
import {
  showInvitationPage,
  submitInvitationPage,
  type InvitationPageDeps,
  type InvitationVisit,
} from '../pages/invitation-page.ts';
import type { Page } from '../pages/page.ts';
import { BUSY } from '../pages/secret-form.ts';
import { BodyTooLarge, readBody } from './http-body.ts';
import { clientOf, isActor, type CallerDeps } from './http-callers.ts';
import { readSessionCookie } from './http-credentials.ts';
import { sendPage } from './http-pages.ts';
import type { Route } from './http.ts';

export interface InvitationRouteDeps extends InvitationPageDeps {
  readonly callers: Pick<CallerDeps, 'authenticate' | 'clientIpOf' | 'describeDevice' | 'secureCookies'>;
}

/** Bytes of a submitted form. */
const MAX_FORM = 16 * 1024;

/**
 * GET and POST /invitation: the link in the mail to an invited person. The session cookie counts here without the
 * CSRF header, which a form cannot send: the form is worth nothing without the token of the mail.
 */
export const createInvitationRoute =
  (deps: InvitationRouteDeps): Route =>
  async (request, response) => {
    const client = clientOf(request, deps.callers);
    if (request.method === 'GET' || request.method === 'HEAD') {
      const token = new URL(request.url ?? '/', 'http://localhost').searchParams.get('token');
      const visit = { token, actor: await actorOf(request, client, deps), client };
      sendPage(response, await showInvitationPage(deps, visit));
      return;
    }
    if (request.method !== 'POST') {
      response.writeHead(405, { allow: 'GET, POST' }).end();
      return;
    }
    const form = await readForm(request);
    if (!form) {
      response.writeHead(413, { connection: 'close' }).end();
      return;
    }
    const visit: InvitationVisit = {
      token: form.get('token'),
      password: form.get('password'),
      actor: await actorOf(request, client, deps),
      client,
    };
    sendPage(response, await submitInvitationPage(deps, visit).catch(busyWhenOverloaded));
  };

async function actorOf(
  request: IncomingMessage,
  client: Client,
  { callers }: InvitationRouteDeps,
): Promise<Actor> {
  const cookie = readSessionCookie(request.headers.cookie, callers.secureCookies);
  const actor = cookie === null ? ANONYMOUS : await callers.authenticate({ cookie }, client);
  return isActor(actor) ? actor : ANONYMOUS;
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams | null> {
  try {
    return new URLSearchParams(await readBody(request, MAX_FORM));
  } catch (error) {
    if (error instanceof BodyTooLarge) return null;
    throw error;
  }
}

function busyWhenOverloaded(error: unknown): Page {
  if (error instanceof Overloaded) return BUSY;
  throw error;
}
