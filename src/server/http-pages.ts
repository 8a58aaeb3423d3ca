import type { IncomingMessage, ServerResponse } from 'node:http';
import { showConfirmPage, submitConfirmPage } from '../pages/confirm-page.ts';
import { PAGE_POLICY, type Page } from '../pages/page.ts';
import type { EmailConfirm } from '../usecases/account/email-confirm.ts';
import { BodyTooLarge, readBody } from './http-body.ts';

export interface PagesDeps {
  readonly emailConfirm: EmailConfirm;
}

/** Bytes of a submitted form. */
const MAX_FORM = 8 * 1024;

/** GET and POST /confirm: the link in the confirmation mail. */
export const createConfirmRoute =
  ({ emailConfirm }: PagesDeps) =>
  async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.method === 'GET' || request.method === 'HEAD') {
      const token = new URL(request.url ?? '/', 'http://localhost').searchParams.get('token');
      sendPage(response, showConfirmPage(token));
      return;
    }
    if (request.method !== 'POST') {
      response.writeHead(405, { allow: 'GET, POST' }).end();
      return;
    }
    try {
      const form = new URLSearchParams(await readBody(request, MAX_FORM));
      sendPage(response, await submitConfirmPage(emailConfirm, form.get('token')));
    } catch (error) {
      if (!(error instanceof BodyTooLarge)) throw error;
      response.writeHead(413, { connection: 'close' }).end();
    }
  };

function sendPage(response: ServerResponse, { status, html }: Page): void {
  response.statusCode = status;
  response.setHeader('content-type', 'text/html; charset=utf-8');
  response.setHeader('content-security-policy', PAGE_POLICY);
  response.end(html);
}
