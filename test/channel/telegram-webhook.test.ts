import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSecrets } from '../../src/adapters/secrets/token-secrets.ts';
import { loadConfig } from '../../src/config/config.ts';
import { DEVELOPMENT_SECRET_KEY } from '../../src/config/secrets.ts';
import { startGateway, type Gateway } from '../../src/server/gateway.ts';
import { createLogger } from '../../src/server/logging.ts';
import { freePort } from '../testkit/free-port.ts';
import { openShop } from '../testkit/open-shop.ts';
import { usePlatform } from '../testkit/platform.ts';
import { connect, newChat, TOKENS } from '../testkit/telegram-chat.ts';

const port = await freePort();
let logged = '';
const log = createLogger('debug', { write: (line) => void (logged += line) });
const kit = usePlatform({
  env: { TELEGRAM_UPDATES: 'webhook', PORT: String(port), PUBLIC_URL: `http://127.0.0.1:${port}` },
  overrides: { log },
});

/** A second process of the same deployment, in this one: role `bots` alone. */
let second: Gateway;
beforeAll(async () => {
  const env = {
    ...kit.platform.env,
    ROLES: 'bots',
    PORT: '0',
    TELEGRAM_UPDATES: 'webhook',
    NODE_ENV: 'test',
  };
  const config = loadConfig({
    ...env,
    DATABASE_URL: kit.database.url,
    PUBLIC_URL: `http://127.0.0.1:${port}`,
  });
  second = await startGateway(config, { log });
});
afterAll(() => second.stop());

const secrets = createSecrets(Buffer.from(DEVELOPMENT_SECRET_KEY, 'base64'));
const path = secrets.derive('TELEGRAM_WEBHOOK_PATH', TOKENS.INFO).secret;
const header = secrets.derive('TELEGRAM_WEBHOOK_HEADER', TOKENS.INFO).secret;

interface Posting {
  readonly at?: string;
  readonly path?: string;
  readonly header?: string | null;
  readonly method?: string;
  readonly body?: string;
}

async function post(update: object, posting: Posting = {}): Promise<number> {
  const { at = kit.platform.url, method = 'POST', body = JSON.stringify(update) } = posting;
  const token = posting.header === undefined ? header : posting.header;
  const response = await fetch(`${at}/telegram/info/${posting.path ?? path}`, {
    method,
    headers: token === null ? {} : { 'x-telegram-bot-api-secret-token': token },
    ...(method === 'POST' ? { body } : {}),
  });
  return response.status;
}

const claimed = async (updateId: number) =>
  (await kit.database.pool.query('SELECT FROM telegram_update WHERE update_id = $1', [updateId])).rowCount;

let lastUpdate = 500_000;
const startUpdate = (chatId: number) => ({
  update_id: ++lastUpdate,
  message: {
    message_id: lastUpdate,
    date: 1,
    chat: { id: chatId, type: 'private', first_name: 'Sam' },
    from: { id: chatId, is_bot: false, first_name: 'Sam', language_code: 'en' },
    text: '/start',
    entities: [{ type: 'bot_command', offset: 0, length: 6 }],
  },
});

describe('webhook mode', () => {
  it('tells Telegram where to post, with both secrets, and answers what comes', async () => {
    await expect
      .poll(() => kit.platform.bots.webhook(TOKENS.INFO))
      .toEqual({
        url: `http://127.0.0.1:${port}/telegram/info/${path}`,
        secretToken: header,
      });
    const shop = await openShop(kit, `${randomUUID()}@shop.example`);
    const chat = newChat(kit.platform.bots, 'MERCHANT');
    expect((await connect(chat, shop.owner, shop.merchantId)).text).toContain('Connected');
    expect((await chat.ask('/balance')).text).toContain('Nothing yet');
  });

  it.each<[string, Posting]>([
    ['another path', { path: path.replace(/^./, (c) => (c === 'A' ? 'B' : 'A')) }],
    ['no path', { path: '' }],
    ['no header', { header: null }],
    ['another header', { header: path }],
    ['the other bot’s secrets', { path: secrets.derive('TELEGRAM_WEBHOOK_PATH', TOKENS.MERCHANT).secret }],
    ['another method', { method: 'GET' }],
  ])('is not there for %s', async (_name, posting) => {
    const update = startUpdate(7_100_000_001);
    expect(await post(update, posting)).toBe(404);
    expect(await claimed(update.update_id)).toBe(0);
  });

  it('bounds the body and takes what is no update without a word', async () => {
    expect(await post({}, { body: `{"update_id":1,"x":"${'x'.repeat(300_000)}"}` })).toBe(413);
    for (const body of ['', 'no json', '[]', '{"update_id":"1"}', '{"update_id":-1}'])
      expect(await post({}, { body })).toBe(200);
    expect(await claimed(1)).toBe(0);
  });

  it('handles an update once, however often and to however many processes it is posted', async () => {
    const chat = newChat(kit.platform.bots, 'INFO');
    kit.platform.bots.openChat(TOKENS.INFO, chat.chatId);
    const update = startUpdate(chat.chatId);
    const places = [kit.platform.url, second.url, kit.platform.url, second.url, kit.platform.url];
    expect(await Promise.all(places.map((at) => post(update, { at })))).toEqual([200, 200, 200, 200, 200]);
    expect((await chat.next()).text).toContain('account settings');
    // Whatever comes later is answered behind it, in both processes.
    for (const at of [kit.platform.url, second.url]) {
      await post(startUpdate(chat.chatId), { at });
      await chat.next();
    }
    const sent = kit.platform.bots
      .messages(TOKENS.INFO)
      .filter(({ chatId }) => chatId === String(chat.chatId));
    expect(sent).toHaveLength(3);
  });

  it('keeps the order of a chat, and answers before it has handled', async () => {
    const chat = newChat(kit.platform.bots, 'INFO');
    kit.platform.bots.openChat(TOKENS.INFO, chat.chatId);
    kit.platform.bots.failNext({ status: 429, retryAfter: 1 });
    const [first, other] = [startUpdate(chat.chatId), startUpdate(chat.chatId)];
    const asked = {
      ...other,
      message: { ...other.message, text: '/start x', from: { ...other.message.from } },
    };
    expect(await post(first)).toBe(200);
    expect(await post(asked)).toBe(200);
    expect((await chat.next()).text).toContain('account settings');
    expect((await chat.next()).text).toContain('does not work');
  });

  it('says 500 without the path in the log when the update cannot be claimed, so that it comes again', async () => {
    const chat = newChat(kit.platform.bots, 'INFO');
    kit.platform.bots.openChat(TOKENS.INFO, chat.chatId);
    const update = startUpdate(chat.chatId);
    await kit.database.pool.query('ALTER TABLE telegram_update RENAME TO telegram_update_away');
    expect(await post(update)).toBe(500);
    await kit.database.pool.query('ALTER TABLE telegram_update_away RENAME TO telegram_update');
    expect(await post(update)).toBe(200);
    expect((await chat.next()).text).toContain('account settings');
  });

  it('survives a client that goes away in the middle of its body', async () => {
    const { hostname, port: at } = new URL(kit.platform.url);
    const socket = createConnection(Number(at), hostname);
    socket.write(
      `POST /telegram/info/${path} HTTP/1.1\r\nhost: x\r\nx-telegram-bot-api-secret-token: ${header}\r\ncontent-length: 99\r\n\r\n{"up`,
    );
    await once(socket, 'connect');
    socket.destroy();
    expect(await post({}, { body: 'no json' })).toBe(200);
  });

  it('logs neither of the secrets nor a token', () => {
    expect(logged).toContain('could not be taken');
    for (const secret of [path, header, ...Object.values(TOKENS).map((token) => token.slice(5))])
      expect(logged).not.toContain(secret);
  });
});
