import { setMaxListeners } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTelegramStore } from '../../src/adapters/db/telegram-store.ts';
import { createSecrets } from '../../src/adapters/secrets/token-secrets.ts';
import { createInfoBot } from '../../src/bots/info-bot/info-bot.ts';
import { createMerchantBot } from '../../src/bots/merchant-bot/merchant-bot.ts';
import { pollUpdates } from '../../src/bots/polling.ts';
import { startBotApi, type BotApiDouble, type SentMessage } from '../../src/demo/doubles/bot-api.ts';
import type { BotKind, TelegramStore } from '../../src/usecases/ports/telegram-store.ts';
import { telegramLinkConnect } from '../../src/usecases/telegram/telegram-link-connect.ts';
import { telegramLinkCreate } from '../../src/usecases/telegram/telegram-link-create.ts';
import { userActor } from '../testkit/actors.ts';
import { createTestDatabase, type TestDatabase } from '../testkit/database.ts';

const TOKENS = {
  INFO: '7002:test-token-of-the-info-bot-00000000',
  MERCHANT: '7001:test-token-of-the-merchant-bot-0000',
};
const USER = '01990000-0000-7000-8000-000000000001';
const MERCHANT = '01990000-0000-7000-8000-000000000002';
const CHAT = 5_000_000_001;

const actor = userActor(USER, { merchantId: MERCHANT, role: 'VIEWER', projectIds: null });

let database: TestDatabase;
let store: TelegramStore;
let botApi: BotApiDouble;
let now: Date;
let pokes: number;
let logged: string[];
let stop: () => Promise<void>;

beforeAll(async () => {
  database = await createTestDatabase();
  await database.pool.query(
    `INSERT INTO "user" (id, email, email_key, password_hash, created_at) VALUES ($1, 'a@b.example', 'a@b.example', '-', now())`,
    [USER],
  );
  await database.pool.query(
    `INSERT INTO merchant (id, name, type, created_at) VALUES ($1, 'Tea & <Sons>', 'BUSINESS', now())`,
    [MERCHANT],
  );
});

afterAll(() => database.drop());

beforeEach(async () => {
  await database.pool.query('TRUNCATE telegram_link, telegram_cursor');
  store = createTelegramStore(database.pool);
  botApi = await startBotApi({ bots: { [TOKENS.INFO]: 'info_bot', [TOKENS.MERCHANT]: 'merchant_bot' } });
  now = new Date('2026-11-21T08:00:00Z');
  pokes = 0;
  logged = [];
  stop = async () => undefined;
});

afterEach(async () => {
  await stop();
  await botApi.stop();
});

const secrets = createSecrets(new Uint8Array(32).fill(7));
const clock = { now: () => now };
const ids = { next: () => crypto.randomUUID() };
const log = (fields: object, message: string) => void logged.push(`${message} ${JSON.stringify(fields)}`);
const logger = { info: log, warn: log, error: log };

const link = (input: { bot: BotKind; merchantId?: string }, as = actor) => {
  const botUsername = async (bot: BotKind) => (bot === 'INFO' ? 'info_bot' : 'merchant_bot');
  return telegramLinkCreate({ telegram: store, secrets, clock, ids, botUsername })(as, input);
};

async function linkToken(input: { bot: BotKind; merchantId?: string }): Promise<string> {
  const result = await link(input);
  if (!result.ok) throw new Error(result.refusal.message);
  return result.value.token;
}

/** Runs both bots as the server does; the lock gives leadership at once. */
function runBots(telegram: TelegramStore = store): void {
  const controller = new AbortController();
  setMaxListeners(50, controller.signal);
  const connect = telegramLinkConnect({ telegram, secrets, clock, ids, feed: { poke: () => void pokes++ } });
  const lock = {
    lead: (_name: string, signal: AbortSignal, work: (s: AbortSignal) => Promise<void>) => work(signal),
  };
  const options = { apiRoot: botApi.apiRoot, logger, telegramLinkConnect: connect };
  const bots = {
    INFO: createInfoBot({ ...options, token: TOKENS.INFO }),
    MERCHANT: createMerchantBot({ ...options, token: TOKENS.MERCHANT }),
  };
  const running = (['INFO', 'MERCHANT'] as const).map((kind) =>
    pollUpdates(
      { kind, bot: bots[kind], telegram, lock, logger, firstBackoffMilliseconds: 5 },
      controller.signal,
    ),
  );
  stop = async () => {
    controller.abort();
    await Promise.all(running);
  };
}

const says = (part: string) => (message: SentMessage) => message.text.includes(part);
const rows = async (sql: string) => (await database.pool.query(sql)).rows;
/** Events are never deleted: those of the present test are told by its links. */
const EVENTS = `SELECT type, merchant_id, mode, actor, subject_type, data FROM event
  WHERE subject_id IN (SELECT id FROM telegram_link)`;
const LINKS =
  'SELECT bot, chat_id, ended_at IS NULL AS live FROM telegram_link WHERE chat_id IS NOT NULL ORDER BY id';

describe('connecting a chat by /start', () => {
  it('links a merchant’s chat once, with its event, and tells so', async () => {
    runBots();
    const token = await linkToken({ bot: 'MERCHANT', merchantId: MERCHANT });
    botApi.userSends(TOKENS.MERCHANT, CHAT, `/start ${token}`);
    const reply = await botApi.waitForMessage(says('Connected'));
    expect(reply).toMatchObject({ token: TOKENS.MERCHANT, chatId: String(CHAT), parseMode: null });
    expect(reply.text).toContain('Tea & <Sons>');

    expect(await rows(LINKS)).toEqual([{ bot: 'MERCHANT', chat_id: String(CHAT), live: true }]);
    expect(await rows(EVENTS)).toEqual([
      {
        type: 'telegram_link.connected',
        merchant_id: MERCHANT,
        mode: null,
        actor: { type: 'USER', id: USER },
        subject_type: 'TELEGRAM_LINK',
        data: { userId: USER, bot: 'MERCHANT', merchantName: 'Tea & <Sons>' },
      },
    ]);
    expect(pokes).toBe(1);

    botApi.userSends(TOKENS.MERCHANT, CHAT + 1, `/start ${token}`);
    const refused = await botApi.waitForMessage(says('does not work'));
    expect(refused.chatId).toBe(String(CHAT + 1));
    expect(await rows(LINKS)).toHaveLength(1);
    expect(await rows(EVENTS)).toHaveLength(1);
  });

  it('replaces an older link of the same chat, and keeps the two bots apart', async () => {
    runBots();
    for (const round of [1, 2]) {
      botApi.userSends(TOKENS.INFO, CHAT, `/start ${await linkToken({ bot: 'INFO' })}`);
      await botApi.waitForMessage(() => botApi.messages(TOKENS.INFO).length === round);
    }
    expect(await rows(LINKS)).toHaveLength(2);
    expect((await rows(LINKS)).filter(({ live }) => live)).toHaveLength(1);

    const forInfo = await linkToken({ bot: 'INFO' });
    botApi.userSends(TOKENS.MERCHANT, CHAT, `/start ${forInfo}`);
    await botApi.waitForMessage(
      ({ token, text }) => token === TOKENS.MERCHANT && text.includes('does not work'),
    );
  });

  it('explains itself without a token and refuses unknown and expired ones', async () => {
    runBots();
    botApi.userSends(TOKENS.INFO, CHAT, '/start');
    await botApi.waitForMessage(says('account settings'));
    botApi.userSends(TOKENS.INFO, CHAT + 1, '/start no-such-token');
    await botApi.waitForMessage(
      ({ chatId, text }) => chatId === String(CHAT + 1) && text.includes('does not work'),
    );
    const token = await linkToken({ bot: 'INFO' });
    now = new Date(now.getTime() + 15 * 60_000);
    botApi.userSends(TOKENS.INFO, CHAT + 2, `/start ${token}`);
    await botApi.waitForMessage(
      ({ chatId, text }) => chatId === String(CHAT + 2) && text.includes('does not work'),
    );
    expect(await rows(LINKS)).toEqual([]);
  });
});

describe('reading updates', () => {
  it('goes on after failures of the Bot API and handles nothing twice, over a restart too', async () => {
    botApi.failNext({ method: 'getMe', status: 502, errorPage: true });
    botApi.failNext({ method: 'getUpdates', dropConnection: 'after' });
    botApi.failNext({ method: 'getUpdates', status: 429, retryAfter: 0 });
    botApi.userSends(TOKENS.INFO, CHAT, '/start');
    runBots();
    await botApi.waitForMessage(says('account settings'));
    await stop();
    runBots();
    botApi.userSends(TOKENS.INFO, CHAT + 9, '/start');
    await botApi.waitForMessage(({ chatId }) => chatId === String(CHAT + 9));
    expect(botApi.messages(TOKENS.INFO).map(({ chatId }) => chatId)).toEqual([
      String(CHAT),
      String(CHAT + 9),
    ]);
    expect(logged.some((line) => line.startsWith('reading bot updates failed'))).toBe(true);
  });

  it('apologises when the store fails, goes on, and logs no token', async () => {
    runBots({ ...store, connect: () => Promise.reject(new Error(`lost while at /bot${TOKENS.INFO}/x`)) });
    botApi.userSends(TOKENS.INFO, CHAT, '/start anything');
    await botApi.waitForMessage(says('went wrong'));
    botApi.userSends(TOKENS.INFO, CHAT, '/start');
    await botApi.waitForMessage(says('account settings'));
    expect(logged.join('\n')).toContain('bot failed on an update');
    for (const token of Object.values(TOKENS)) expect(logged.join('\n')).not.toContain(token.slice(5));
  });
});

describe('asking for a link', () => {
  it('gives a deep link whose token is kept as a hash only', async () => {
    const result = await link({ bot: 'MERCHANT', merchantId: MERCHANT });
    if (!result.ok) throw new Error('refused');
    const { url, token, expiresAt } = result.value;
    expect(url).toBe(`https://t.me/merchant_bot?start=${token}`);
    expect(token).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
    expect(expiresAt).toEqual(new Date('2026-11-21T08:15:00Z'));
    const [row] = await rows('SELECT token_hash, chat_id FROM telegram_link');
    expect(row).toEqual({ token_hash: Buffer.from(secrets.hash(token)), chat_id: null });
  });

  it('is refused for others’ merchants, other actors and mixed-up bots', async () => {
    const code = async (result: ReturnType<typeof link>) => {
      const { refusal } = (await result) as { refusal?: { code: string } };
      return refusal?.code;
    };
    expect(await code(link({ bot: 'MERCHANT', merchantId: crypto.randomUUID() }))).toBe('FORBIDDEN');
    expect(await code(link({ bot: 'MERCHANT' }))).toBe('INVALID_INPUT');
    expect(await code(link({ bot: 'INFO', merchantId: MERCHANT }))).toBe('INVALID_INPUT');
    const deps = { telegram: store, secrets, clock, ids, botUsername: async () => null };
    expect(await code(telegramLinkCreate(deps)({ type: 'ANONYMOUS' }, { bot: 'INFO' }))).toBe('FORBIDDEN');
    expect(await code(telegramLinkCreate(deps)(actor, { bot: 'INFO' }))).toBe('NOT_FOUND');
    expect(await rows('SELECT FROM telegram_link')).toEqual([]);
  });

  it('lets only one of many presses of Start win', async () => {
    const token = await linkToken({ bot: 'INFO' });
    const connect = telegramLinkConnect({
      telegram: store,
      secrets,
      clock,
      ids,
      feed: { poke: () => void pokes++ },
    });
    const presses = Array.from({ length: 10 }, (_, i) =>
      connect({ bot: 'INFO', token, chatId: String(CHAT + i) }),
    );
    const won = (await Promise.all(presses)).filter(({ ok }) => ok);
    expect(won).toHaveLength(1);
    expect(await rows(EVENTS)).toHaveLength(1);
    expect(await rows(LINKS)).toHaveLength(1);
  });
});
