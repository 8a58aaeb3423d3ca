import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Client } from '../domain/access/actor.ts';
import { NO_INVOICE, payPage } from '../pages/pay-page.ts';
import type { PayPageChoose } from '../usecases/pay-page/pay-page-choose.ts';
import type { PayPageShow, PayWay } from '../usecases/pay-page/pay-page-show.ts';
import type { QrCodes } from '../usecases/ports/qr-codes.ts';
import type { Refusal } from '../usecases/result.ts';
import { BodyTooLarge, readBody } from './http-body.ts';
import { sendPage } from './http-pages.ts';
import type { Route } from './http.ts';

export const PAY_PATH = '/pay/';

export interface PayRouteDeps {
  readonly payPageShow: PayPageShow;
  readonly payPageChoose: PayPageChoose;
  readonly qr: QrCodes;
  readonly clientOf: (request: IncomingMessage) => Client;
}

/** Bytes of a submitted form. */
const MAX_FORM = 1024;
const INVOICE_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * GET and POST /pay/<invoice id>: the page where a payer pays. The link is the only credential and no cookie counts, so
 * that a foreign page which submits the form gains nothing by it.
 */
export const createPayRoute =
  (deps: PayRouteDeps): Route =>
  async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const invoiceId = url.pathname.slice(PAY_PATH.length);
    if (!INVOICE_ID.test(invoiceId)) {
      sendPage(response, NO_INVOICE);
      return;
    }
    if (request.method === 'POST') await choose(deps, request, response, invoiceId);
    else if (request.method === 'GET' || request.method === 'HEAD')
      await show(deps, response, invoiceId, url.searchParams);
    else response.writeHead(405, { allow: 'GET, HEAD, POST' }).end();
  };

async function show(
  { payPageShow, qr }: PayRouteDeps,
  response: ServerResponse,
  invoiceId: string,
  query: URLSearchParams,
): Promise<void> {
  const shown = await payPageShow(invoiceId, wayIn(query));
  sendPage(response, shown ? payPage(shown, { qr, isChoosing: query.has('choose') }) : NO_INVOICE);
}

const wayIn = (values: URLSearchParams): PayWay | null => {
  const [asset, network] = [values.get('asset'), values.get('network')];
  return asset === null || network === null ? null : { asset, network };
};

async function choose(
  deps: PayRouteDeps,
  request: IncomingMessage,
  response: ServerResponse,
  invoiceId: string,
): Promise<void> {
  const form = await readForm(request);
  if (!form) {
    response.writeHead(413, { connection: 'close' }).end();
    return;
  }
  const way = wayIn(form) ?? { asset: '', network: '' };
  const chosen = await deps.payPageChoose(deps.clientOf(request), { invoiceId, ...way });
  if (chosen.ok) {
    // What is loaded again must be a GET: a page that refreshes itself sends no form twice.
    const query = new URLSearchParams({ ...way });
    response.writeHead(303, { location: `${PAY_PATH}${invoiceId}?${query.toString()}` }).end();
    return;
  }
  const { refusal } = chosen;
  if (refusal.retryAfterSeconds !== undefined) response.setHeader('retry-after', refusal.retryAfterSeconds);
  const shown = await deps.payPageShow(invoiceId, null);
  const problem = { status: STATUS[refusal.code] ?? 409, message: refusal.message };
  sendPage(response, shown ? payPage(shown, { qr: deps.qr, isChoosing: true, problem }) : NO_INVOICE);
}

const STATUS: Readonly<Partial<Record<Refusal['code'], number>>> = {
  RATE_LIMITED: 429,
  ASSET_NOT_AVAILABLE: 422,
  RATE_UNAVAILABLE: 503,
};

async function readForm(request: IncomingMessage): Promise<URLSearchParams | null> {
  try {
    return new URLSearchParams(await readBody(request, MAX_FORM));
  } catch (error) {
    if (error instanceof BodyTooLarge) return null;
    throw error;
  }
}
