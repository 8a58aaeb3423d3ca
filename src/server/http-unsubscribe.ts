import {
  showUnsubscribePage,
  submitUnsubscribePage,
  type UnsubscribePageDeps,
} from '../pages/unsubscribe-page.ts';
import { sendPage } from './http-pages.ts';
import type { Route } from './http.ts';

/**
 * GET and POST /unsubscribe. A mail program posts to the link of the header, with no cookie and a body that says
 * nothing new, in one of two forms (RFC 8058, 3.2): it is not read.
 */
export const createUnsubscribeRoute =
  (deps: UnsubscribePageDeps): Route =>
  async (request, response) => {
    const token = new URL(request.url ?? '/', 'http://localhost').searchParams.get('token') ?? '';
    if (request.method === 'GET' || request.method === 'HEAD') {
      sendPage(response, showUnsubscribePage(deps, token));
      return;
    }
    if (request.method !== 'POST') {
      response.writeHead(405, { allow: 'GET, POST' }).end();
      return;
    }
    sendPage(response, await submitUnsubscribePage(deps, token));
  };
