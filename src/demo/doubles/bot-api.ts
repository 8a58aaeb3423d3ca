import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { refuse, type Answer, type Parameters } from './bot-api-answer.ts';
import { createBotAccount, type BotAccount, type PressedButton } from './bot-account.ts';
import type { SentMessage } from './bot-messages.ts';
import { createGate } from './gate.ts';
import type { QueuedUpdate, Webhook } from './update-queue.ts';

export type { SentMessage } from './bot-messages.ts';

export interface BotApiFailure {
  /** Default: sendMessage. */
  readonly method?: string;
  /** The answer's status and error code. */
  readonly status?: number;
  /** Seconds, for 429. */
  readonly retryAfter?: number;
  /** Answers with a proxy's error page instead of JSON. */
  readonly errorPage?: boolean;
  /** Cuts the connection before or after the call is carried out. */
  readonly dropConnection?: 'before' | 'after';
}

export interface BotApiDouble {
  /** For grammY's `apiRoot`. */
  readonly apiRoot: string;
  /** A person writes to the bot, which opens the chat. Gives the update that tells it. */
  userSends(token: string, chatId: number, text: string): QueuedUpdate;
  /** A person answers a message of the bot. */
  userReplies(message: SentMessage, text: string): QueuedUpdate;
  /** A person answers words of the own. */
  userRepliesToSelf(token: string, chatId: number, words: string, text: string): QueuedUpdate;
  /** What people wrote to the bot that stands in the chats still. */
  written(token: string): readonly string[];
  /** A person presses a button of a message; or sends what stands on none. */
  userPresses(message: SentMessage, data: string): PressedButton;
  /** A person changes the message that one of the bot's answers. */
  userRewrites(message: SentMessage, text: string): void;
  /** A person blocks the bot, which is told so. */
  userBlocks(token: string, chatId: number): void;
  /** Opens a chat without a message. */
  openChat(token: string, chatId: number): void;
  /** From now on the bot gets 403 in this chat, and is not told. */
  blockChat(token: string, chatId: number): void;
  messages(token: string): readonly SentMessage[];
  /** Where the bot's updates are posted. */
  webhook(token: string): Webhook;
  /** Also one that was written over another. */
  waitForMessage(
    matches: (message: SentMessage) => boolean,
    timeoutMilliseconds?: number,
  ): Promise<SentMessage>;
  onMessage(listener: (message: SentMessage) => void): void;
  failNext(failure: BotApiFailure, times?: number): void;
  stop(): Promise<void>;
}

export interface BotApiOptions {
  /** Bot names by token; any other token gets 401. */
  readonly bots: Readonly<Record<string, string>>;
  readonly port?: number;
  /** Asked at every call, before it is carried out: how it fails; null lets it through. */
  readonly answer?: (call: BotApiCall) => BotApiFailure | null;
}

export interface BotApiCall {
  readonly token: string;
  readonly method: string;
  readonly parameters: Parameters;
}

/** A double of the Telegram Bot API over HTTP on 127.0.0.1, for the demo and the tests. */
export async function startBotApi({ bots, port = 0, answer }: BotApiOptions): Promise<BotApiDouble> {
  const sent = createGate<SentMessage>('chat message');
  const accounts = new Map<string, BotAccount>();
  for (const [token, username] of Object.entries(bots))
    accounts.set(token, createBotAccount({ token, username, onSent: sent.add }));
  const account = (token: string): BotAccount => {
    const found = accounts.get(token);
    if (!found) throw new Error('the Bot API double has no such bot');
    return found;
  };
  const failures: BotApiFailure[] = [];
  const takeFailure = (call: BotApiCall): BotApiFailure | null => {
    const index = failures.findIndex((failure) => (failure.method ?? 'sendMessage') === call.method);
    const queued = index === -1 ? undefined : failures.splice(index, 1)[0];
    return queued ?? answer?.(call) ?? null;
  };

  const server = createServer((request, response) => {
    serve(request, response, accounts, takeFailure).catch(() => response.destroy());
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');

  return {
    apiRoot: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    userSends: (token, chatId, message) => account(token).receive(chatId, message),
    openChat: (token, chatId) => account(token).openChat(chatId),
    blockChat: (token, chatId) => account(token).blockChat(chatId, false),
    userBlocks: (token, chatId) => account(token).blockChat(chatId, true),
    userReplies: ({ token, chatId, messageId }, text) =>
      account(token).answer(Number(chatId), { messageId }, text),
    userRepliesToSelf: (token, chatId, words, text) => account(token).answer(chatId, { words }, text),
    written: (token) => [...account(token).written.values()],
    userPresses: ({ token, chatId, messageId }, data) =>
      account(token).press(Number(chatId), messageId, data),
    userRewrites({ token, replyTo }, text) {
      if (replyTo !== null) account(token).rewrite(replyTo, text);
    },
    webhook: (token) => account(token).webhook,
    messages: (token) => account(token).sent,
    onMessage: (listener) => sent.onEach(listener),
    waitForMessage: (matches, timeout) => sent.waitFor(matches, timeout),
    failNext(failure, times = 1) {
      for (let i = 0; i < times; i++) failures.push(failure);
    },
    async stop() {
      for (const bot of accounts.values()) bot.stop();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

const ADDRESS = /^\/bot(?<token>[^/]+)\/(?<method>\w+)$/;

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  accounts: ReadonlyMap<string, BotAccount>,
  takeFailure: (call: BotApiCall) => BotApiFailure | null,
): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const { token = '', method = '' } = ADDRESS.exec(pathname)?.groups ?? {};
  const parameters = { ...Object.fromEntries(searchParams), ...readBody(await text(request)) };
  const failure = takeFailure({ token, method, parameters });
  if (failure?.dropConnection === 'before') return void request.socket.destroy();
  if (failure?.status !== undefined) return writeFailure(response, failure.status, failure);
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const account = accounts.get(token);
  const answer = account ? await account.call(method, parameters, gone.signal) : refuse(401, 'Unauthorized');
  if (failure?.dropConnection === 'after') return void request.socket.destroy();
  write(response, answer);
}

const readBody = (body: string): Parameters => (body === '' ? {} : (JSON.parse(body) as Parameters));

function writeFailure(
  response: ServerResponse,
  status: number,
  { retryAfter, errorPage }: BotApiFailure,
): void {
  if (errorPage === true) {
    response.writeHead(status, { 'content-type': 'text/html' }).end(`<html><h1>${status}</h1></html>`);
    return;
  }
  const parameters = retryAfter === undefined ? {} : { parameters: { retry_after: retryAfter } };
  const failed = { ok: false, error_code: status, description: 'failed as asked', ...parameters } as const;
  write(response, failed);
}

function write(response: ServerResponse, answer: Answer): void {
  response
    .writeHead(answer.ok ? 200 : answer.error_code, { 'content-type': 'application/json' })
    .end(JSON.stringify(answer));
}
