import type { IncomingMessage } from 'node:http';
import type { Client } from '../domain/access/actor.ts';
import type { ClaimPage } from '../pages/claim-page.ts';
import { BodyTooLarge, readBody } from './http-body.ts';
import { sendPage } from './http-pages.ts';
import type { Route } from './http.ts';

/** Bytes of a submitted form. */
const MAX_FORM = 2048;

/**
 * GET and POST <path><token>: the page where a payer says where money is to go. The link is the only credential and no
 * cookie counts, so that a foreign page which submits the form gains nothing by it.
 */
export const createClaimRoute =
  (path: string, page: ClaimPage, clientOf: (request: IncomingMessage) => Client): Route =>
  async (request, response) => {
    const token = new URL(request.url ?? '/', 'http://localhost').pathname.slice(path.length);
    const client = clientOf(request);
    if (request.method === 'GET' || request.method === 'HEAD') {
      sendPage(response, await page.show(token, client));
      return;
    }
    if (request.method !== 'POST') {
      response.writeHead(405, { allow: 'GET, HEAD, POST' }).end();
      return;
    }
    try {
      const form = new URLSearchParams(await readBody(request, MAX_FORM));
      sendPage(response, await page.submit(token, form, client));
    } catch (error) {
      if (!(error instanceof BodyTooLarge)) throw error;
      response.writeHead(413, { connection: 'close' }).end();
    }
  };
