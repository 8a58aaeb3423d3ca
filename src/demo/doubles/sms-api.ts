import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { createGate } from './gate.ts';

export interface SentSms {
  readonly to: string;
  readonly from: string;
  readonly body: string;
}

export interface SmsFailure {
  readonly status?: number;
  /** Seconds. */
  readonly retryAfter?: number;
  /** Answers with a proxy's error page instead of JSON. */
  readonly errorPage?: boolean;
  /** Cuts the connection after the SMS was taken. */
  readonly dropConnection?: true;
}

export interface SmsApiDouble {
  readonly apiRoot: string;
  readonly messages: readonly SentSms[];
  waitForMessage(matches: (message: SentSms) => boolean, timeoutMilliseconds?: number): Promise<SentSms>;
  onMessage(listener: (message: SentSms) => void): void;
  failNext(failure: SmsFailure, times?: number): void;
  stop(): Promise<void>;
}

export interface SmsApiOptions {
  readonly accountSid: string;
  readonly authToken: string;
}

/** A double of Twilio's API over HTTP on 127.0.0.1, for the demo and the tests. */
export async function startSmsApi(account: SmsApiOptions): Promise<SmsApiDouble> {
  const sent = createGate<SentSms>('SMS');
  const failures: SmsFailure[] = [];
  const server = createServer((request, response) => {
    serve(request, response, account, { take: sent.add, failure: () => failures.shift() }).catch(() =>
      response.destroy(),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    apiRoot: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    messages: sent.items,
    waitForMessage: (matches, timeout) => sent.waitFor(matches, timeout),
    onMessage: (listener) => sent.onEach(listener),
    failNext(failure, times = 1) {
      for (let i = 0; i < times; i++) failures.push(failure);
    },
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

interface Desk {
  take(message: SentSms): void;
  failure(): SmsFailure | undefined;
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  { accountSid, authToken }: SmsApiOptions,
  desk: Desk,
): Promise<void> {
  const form = new URLSearchParams(await text(request));
  const expected = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
  if (request.headers.authorization !== expected) return refuse(response, 401, 'Authenticate');
  if (request.method !== 'POST' || request.url !== `/2010-04-01/Accounts/${accountSid}/Messages.json`)
    return refuse(response, 404, 'The requested resource was not found');
  const failure = desk.failure();
  if (failure?.status !== undefined) return refuse(response, failure.status, 'failed as asked', failure);
  const [to, from, body] = [form.get('To'), form.get('From'), form.get('Body')];
  if (!to || !from || !body) return refuse(response, 400, "A 'To', 'From' and 'Body' are required.");
  desk.take({ to, from, body });
  if (failure?.dropConnection === true) return void request.socket.destroy();
  answer(response, 201, { sid: `SM${crypto.randomUUID().replaceAll('-', '')}`, status: 'queued', to, from });
}

function refuse(response: ServerResponse, status: number, message: string, failure: SmsFailure = {}): void {
  if (failure.retryAfter !== undefined) response.setHeader('retry-after', String(failure.retryAfter));
  if (failure.errorPage === true) {
    response.writeHead(status, { 'content-type': 'text/html' }).end(`<html><h1>${status}</h1></html>`);
    return;
  }
  answer(response, status, { code: 20_000, message, status });
}

const answer = (response: ServerResponse, status: number, body: object): void =>
  void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
