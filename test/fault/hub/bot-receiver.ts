import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import type { Random } from '../seed.ts';

export interface ReceivedText {
  readonly chatId: string;
  readonly text: string;
}

export interface BotReceiver {
  readonly apiRoot: string;
  /** What chats show, a second copy too. */
  readonly texts: readonly ReceivedText[];
  /** What was asked for over a connection that then died without an answer, whether the chat shows it or not. */
  readonly dropped: readonly ReceivedText[];
  /** How many calls were answered with 429. */
  refused(): number;
  stop(): Promise<void>;
}

const BURST_CHANCE = 1 / 60;
const LONGEST_BURST = 6;
const DROP_CHANCE = 1 / 80;

/** A Bot API that knows only `sendMessage`, answers 429 in bursts and drops connections, before and after the work. */
export async function startBotReceiver(random: Random): Promise<BotReceiver> {
  const texts: ReceivedText[] = [];
  const dropped: ReceivedText[] = [];
  let refused = 0;
  let burst = 0;

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { chat_id: chat, text } = (await json(request)) as { chat_id: string | number; text: string };
    const message = { chatId: String(chat), text };
    if (burst === 0 && random.next() < BURST_CHANCE) burst = 1 + random.below(LONGEST_BURST);
    if (burst > 0) {
      burst -= 1;
      refused += 1;
      return answer(response, 429, {
        ok: false,
        error_code: 429,
        description: 'Too Many Requests: retry after 1',
        parameters: { retry_after: 1 },
      });
    }
    if (random.next() < DROP_CHANCE) {
      dropped.push(message);
      if (random.next() < 0.5) texts.push(message);
      return void request.socket.destroy();
    }
    texts.push(message);
    answer(response, 200, {
      ok: true,
      result: { message_id: texts.length, date: 0, chat: { id: Number(chat), type: 'private' }, text },
    });
  };

  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  // Else an idle connection that ends just as it is used again would look like one more that was dropped.
  server.keepAliveTimeout = 600_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    apiRoot: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    texts,
    dropped,
    refused: () => refused,
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

const answer = (response: ServerResponse, status: number, body: object): void =>
  void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
