import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { TLSSocket } from 'node:tls';
import { hostOf, portOf, webhookUrlFault, type WebhookUrlRules } from '../../domain/webhook/webhook-url.ts';
import type { WebhookAnswer, WebhookRequest, WebhookSender } from '../../usecases/ports/webhook-sender.ts';
import { AddressRefusedError, checkedLookup, createResolve, type Resolve } from './checked-lookup.ts';
import { pinnedAgent } from './pinned-agent.ts';
import { askedPause, bodyStart, shownHeaders } from './webhook-answer.ts';
import { failureText, isCut } from './webhook-failure.ts';

export interface WebhookSenderOptions extends WebhookUrlRules {
  /** For name, connection and TLS together. Default 5 s. */
  readonly connectMilliseconds?: number;
  /** For the whole attempt, however slowly the answer drips. Default 15 s. */
  readonly timeoutMilliseconds?: number;
  /** For the body behind an answer that has come: the status is what counts. Default 3 s. */
  readonly bodyMilliseconds?: number;
  /** Default: the name servers of the machine. */
  readonly resolve?: Resolve;
  /** Certificate authorities to believe instead of the usual ones, PEM. */
  readonly ca?: string;
}

export interface WebhookHttpSender extends WebhookSender {
  /** Closes the connections. */
  close(): void;
}

interface Limits {
  readonly connectMilliseconds: number;
  readonly timeoutMilliseconds: number;
  readonly bodyMilliseconds: number;
}

/** Of an answer, all of them together; Node refuses more. */
const MAX_HEADER_BYTES = 16 * 1024;

/**
 * Posts to the servers of shops over HTTP. Redirects are answers and are never followed, proxies of the environment are
 * not asked, and whatever the other side does ends within the time of one attempt (FEATURES W6, RULES 11).
 */
export function createWebhookSender(options: WebhookSenderOptions): WebhookHttpSender {
  const { allowPrivate, resolve = createResolve(), ca } = options;
  const limits: Limits = { connectMilliseconds: 5_000, timeoutMilliseconds: 15_000, bodyMilliseconds: 3_000 };
  const given = { ...limits, ...options };
  const trust = { lookup: checkedLookup(resolve, allowPrivate), ...(ca === undefined ? {} : { ca }) };
  const agents = { 'http:': pinnedAgent('http:', trust), 'https:': pinnedAgent('https:', trust) };
  return {
    async send(request) {
      const fault = webhookUrlFault(request.url, options);
      if (fault !== null) return { kind: 'refused', error: `the URL ${fault}` };
      const started = performance.now();
      const open = opener(request, agents);
      try {
        return await exchange(open, request.body, given, started);
      } catch (error) {
        if (error instanceof AddressRefusedError) return { kind: 'refused', error: error.message };
        return { kind: 'failed', error: failureText(error), durationMs: since(started) };
      }
    },
    close: () => Object.values(agents).forEach((agent) => agent.destroy()),
  };
}

const since = (started: number): number => Math.round(performance.now() - started);

type Open = () => http.ClientRequest;

function opener(
  { url: text, headers, body }: WebhookRequest,
  agents: Readonly<Record<'http:' | 'https:', http.Agent>>,
): Open {
  const url = new URL(text);
  const isTls = url.protocol === 'https:';
  const options: http.RequestOptions = {
    method: 'POST',
    hostname: hostOf(url),
    port: portOf(url),
    path: url.pathname + url.search,
    agent: agents[isTls ? 'https:' : 'http:'],
    maxHeaderSize: MAX_HEADER_BYTES,
    insecureHTTPParser: false,
    headers: {
      'user-agent': 'Paybell-Webhooks/1',
      accept: '*/*',
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      ...headers,
    },
  };
  return () => (isTls ? https : http).request(options);
}

/** One attempt, on another connection where a kept one turned out to be closed. Throws when no status is heard. */
async function exchange(open: Open, body: string, limits: Limits, started: number): Promise<WebhookAnswer> {
  const request = open();
  const cut = (message: string, after: number) =>
    setTimeout(() => request.destroy(new Error(message)), Math.max(after, 0));
  const { timeoutMilliseconds, connectMilliseconds, bodyMilliseconds } = limits;
  const deadline = cut(
    `no answer within ${timeoutMilliseconds} ms`,
    timeoutMilliseconds - (performance.now() - started),
  );
  const connecting = cut(`no connection within ${connectMilliseconds} ms`, connectMilliseconds);
  try {
    const response = await answerOf(request, body, () => clearTimeout(connecting));
    const reading = setTimeout(() => response.destroy(), bodyMilliseconds);
    const start = await bodyStart(response).finally(() => clearTimeout(reading));
    return {
      kind: 'answered',
      // Always there in an answer to a request.
      status: response.statusCode ?? 0,
      headers: shownHeaders(response),
      body: start,
      durationMs: since(started),
      retryAfterSeconds: askedPause(response),
    };
  } catch (error) {
    if (request.reusedSocket && isCut(error)) return await exchange(open, body, limits, started);
    throw error;
  } finally {
    clearTimeout(deadline);
    clearTimeout(connecting);
  }
}

/** Sends the request. Rejects with the first failure before the answer; later ones are the body's. */
const answerOf = (request: http.ClientRequest, body: string, connected: () => void) =>
  new Promise<IncomingMessage>((resolve, reject) => {
    request.once('socket', (socket) => {
      if (request.reusedSocket) connected();
      else socket.once(socket instanceof TLSSocket ? 'secureConnect' : 'connect', connected);
    });
    request.once('response', resolve);
    request.on('error', reject);
    // An answer that switches protocols ends without an error.
    request.once('close', () => reject(new Error('the answer was none to a webhook')));
    request.end(body);
  });
