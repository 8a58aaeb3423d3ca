import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Client } from '../domain/access/actor.ts';
import { Overloaded } from '../domain/access/overloaded.ts';
import { PAGE_POLICY, type Page } from '../pages/page.ts';
import { BUSY, type TokenPage } from '../pages/secret-form.ts';
import { BodyTooLarge, readBody } from './http-body.ts';
import type { Route } from './http.ts';

/** Bytes of a submitted form: a thousand characters, each of which may take twelve in its encoding. */
const MAX_FORM = 16 * 1024;

/** GET and POST of a hosted page behind a link that was mailed. */
export const createTokenPageRoute =
  (tokenPage: TokenPage, clientOf: (request: IncomingMessage) => Client): Route =>
  async (request, response) => {
    if (request.method === 'GET' || request.method === 'HEAD') {
      const token = new URL(request.url ?? '/', 'http://localhost').searchParams.get('token');
      sendPage(response, tokenPage.show(token));
      return;
    }
    if (request.method !== 'POST') {
      response.writeHead(405, { allow: 'GET, POST' }).end();
      return;
    }
    try {
      const form = new URLSearchParams(await readBody(request, MAX_FORM));
      sendPage(response, await tokenPage.submit(form, clientOf(request)));
    } catch (error) {
      if (error instanceof Overloaded) return sendPage(response, BUSY);
      if (!(error instanceof BodyTooLarge)) throw error;
      response.writeHead(413, { connection: 'close' }).end();
    }
  };

export function sendPage(response: ServerResponse, { status, html }: Page): void {
  response.statusCode = status;
  response.setHeader('content-type', 'text/html; charset=utf-8');
  response.setHeader('content-security-policy', PAGE_POLICY);
  response.end(html);
}
