import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { createLogger } from '../../src/server/logging.ts';
import { openShop } from '../testkit/open-shop.ts';
import { usePlatform } from '../testkit/platform.ts';
import { createInvoice, createQuote, simulatePayment } from '../testkit/shop.ts';
import { connect, newChat, telegramLink, TOKENS } from '../testkit/telegram-chat.ts';

let logged = '';
const log = createLogger('info', { write: (line) => void (logged += line) });
const kit = usePlatform({ overrides: { log } });

const rows = async (sql: string, values: unknown[] = []) => (await kit.database.pool.query(sql, values)).rows;
const LINKS = `SELECT bot, ended_at IS NULL AS live, end_reason AS reason FROM telegram_link
  WHERE chat_id = $1 ORDER BY connected_at, id`;
const EVENTS = `SELECT e.type, e.merchant_id IS NULL AS personal, e.actor->>'type' AS actor, e.data->>'merchantName' AS name
  FROM event e JOIN telegram_link l ON l.id = e.subject_id WHERE l.chat_id = $1 ORDER BY e.txid, e.seq`;

const shop = (name?: string) => openShop(kit, `${randomUUID()}@shop.example`, new Date(), name);

afterEach(async () => {
  await kit.database.pool.query('ALTER TABLE IF EXISTS telegram_link_away RENAME TO telegram_link');
});

describe('connecting a chat by /start', () => {
  it('links a merchant’s chat once, with its event, and tells so', async () => {
    const { owner, merchantId } = await shop('Tea & <Sons>');
    const { token } = await telegramLink(owner, 'MERCHANT', merchantId);
    const chat = newChat(kit.platform.bots, 'MERCHANT');
    const reply = await chat.ask(`/start ${token}`);
    expect(reply.text).toContain('the payments of Tea & <Sons>.');
    expect(await rows(LINKS, [chat.chatId])).toEqual([{ bot: 'MERCHANT', live: true, reason: null }]);
    const told = { type: 'telegram_link.connected', personal: false, actor: 'USER', name: 'Tea & <Sons>' };
    expect(await rows(EVENTS, [chat.chatId])).toEqual([told]);

    const again = newChat(kit.platform.bots, 'MERCHANT');
    for (const asker of [chat, again]) {
      expect((await asker.ask(`/start ${token}`)).text).toContain('was used before');
    }
    expect(await rows(LINKS, [again.chatId])).toEqual([]);
    expect(await rows(EVENTS, [chat.chatId])).toHaveLength(1);
  });

  it('keeps several merchants in one chat and replaces a link to the same one', async () => {
    const [tea, toys] = [await shop('Tea'), await shop('Toys')];
    const chat = newChat(kit.platform.bots, 'MERCHANT');
    for (const { owner, merchantId } of [tea, toys, tea]) await connect(chat, owner, merchantId);
    expect(await rows(LINKS, [chat.chatId])).toEqual([
      { bot: 'MERCHANT', live: false, reason: 'REPLACED' },
      { bot: 'MERCHANT', live: true, reason: null },
      { bot: 'MERCHANT', live: true, reason: null },
    ]);
    const info = await telegramLink(tea.owner, 'INFO');
    expect((await chat.ask(`/start ${info.token}`)).text).toContain('does not work');
  });

  it('explains itself to strangers, whatever they send, and refuses expired and unknown tokens', async () => {
    const chat = newChat(kit.platform.bots, 'INFO');
    for (const text of ['/start', '/help', '/signins', '/stop', 'hello'])
      expect((await chat.ask(text)).text).toContain('account settings');
    expect((await chat.ask('/start no-such-token')).text).toContain('does not work');
    const { owner } = await shop();
    const { token } = await telegramLink(owner, 'INFO');
    await kit.database.pool.query(
      `UPDATE telegram_link SET token_expires_at = token_expires_at - interval '15 minutes'`,
    );
    expect((await chat.ask(`/start ${token}`)).text).toContain('older than 15 minutes');
    expect(await rows(LINKS, [chat.chatId])).toEqual([]);
  });

  it('lets only one of many presses of Start win', async () => {
    const { owner } = await shop();
    const { token } = await telegramLink(owner, 'INFO');
    const chats = Array.from({ length: 10 }, () => newChat(kit.platform.bots, 'INFO'));
    const answers = await Promise.all(chats.map((chat) => chat.ask(`/start ${token}`)));
    expect(answers.filter(({ text }) => text.startsWith('Connected'))).toHaveLength(1);
  });
});

describe('what every bot can be asked', () => {
  it('lists its commands, knows no others, and answers outdated buttons', async () => {
    const { owner, merchantId } = await shop();
    const chat = newChat(kit.platform.bots, 'MERCHANT');
    await connect(chat, owner, merchantId);
    const help = await chat.ask('/help');
    for (const command of ['balance', 'invoices', 'invoice', 'mute', 'unmute', 'language', 'stop', 'help'])
      expect(help.text).toContain(`/${command}: `);
    expect(help.text).not.toContain('signins');
    expect((await chat.ask('/refunds')).text).toContain('do not know this command');
    for (const data of [
      'made:up',
      'lang:xx',
      'mute:1',
      `inv:${'A'.repeat(22)}:L`,
      `disown:${'A'.repeat(22)}`,
    ])
      expect(await kit.platform.bots.userPresses(help, data).note).toContain('out of date');
  });

  it('changes the language of bots and mails', async () => {
    const { owner, email } = await shop();
    const chat = newChat(kit.platform.bots, 'INFO');
    await connect(chat, owner);
    const question = await chat.ask('/language');
    expect(question.buttons.map(({ text }) => text)).toEqual(['English', 'Русский', 'Deutsch', 'Español']);
    await chat.choose(question, 'Deutsch');
    const locale = await rows('SELECT locale FROM "user" WHERE email = $1', [email]);
    expect(locale).toEqual([{ locale: 'de' }]);
  });

  it('disconnects the chat from all of its merchants, after asking, and tells it once', async () => {
    const [tea, toys] = [await shop('Tea'), await shop('Toys')];
    const chat = newChat(kit.platform.bots, 'MERCHANT');
    for (const { owner, merchantId } of [tea, toys]) await connect(chat, owner, merchantId);
    const question = await chat.ask('/stop');
    expect((await chat.choose(question, 'Cancel')).text).toContain('Nothing was changed');
    expect(await rows(LINKS, [chat.chatId])).toMatchObject([{ live: true }, { live: true }]);
    const done = await chat.choose(await chat.ask('/stop'), 'Disconnect');
    expect(done).toMatchObject({ isEdit: true, buttons: [] });
    expect(await rows(LINKS, [chat.chatId])).toMatchObject([
      { live: false, reason: 'DISCONNECTED' },
      { live: false, reason: 'DISCONNECTED' },
    ]);
    // The chat is a stranger's now: the button that is still there on another screen does nothing.
    expect(await chat.press(question, 'Disconnect')).toContain('out of date');
    const events = (await rows(EVENTS, [chat.chatId])).map(({ type }) => type);
    expect(events.filter((type) => type === 'telegram_link.disconnected')).toHaveLength(2);
  });

  it('notices at once that it was blocked, and tells the person by mail what the chat is not told any more', async () => {
    const { owner, merchantId } = await shop('Tea');
    const chat = newChat(kit.platform.bots, 'MERCHANT');
    await connect(chat, owner, merchantId);
    kit.platform.bots.userBlocks(TOKENS.MERCHANT, chat.chatId);
    await expect
      .poll(() => rows(LINKS, [chat.chatId]), { timeout: 10_000 })
      .toMatchObject([{ live: false, reason: 'BLOCKED' }]);
    const events = await rows(EVENTS, [chat.chatId]);
    expect(events.at(-1)).toMatchObject({ type: 'telegram_link.blocked', name: 'Tea' });
    const deliveries = `SELECT channel FROM delivery WHERE event_type = 'telegram_link.blocked' AND user_id =
      (SELECT user_id FROM telegram_link WHERE chat_id = $1)`;
    await expect
      .poll(() => rows(deliveries, [chat.chatId]), { timeout: 10_000 })
      .toEqual([{ channel: 'EMAIL' }]);
  });
});

describe('a chat that refuses a message', () => {
  it('is disconnected, and its person told by mail', async () => {
    const { owner, test, merchantId } = await shop('Tea');
    const chat = newChat(kit.platform.bots, 'MERCHANT');
    await connect(chat, owner, merchantId);
    kit.platform.bots.blockChat(TOKENS.MERCHANT, chat.chatId);
    const { id } = await createInvoice(test);
    await simulatePayment(test, id, (await createQuote(test, id)).id);
    await expect
      .poll(() => rows(LINKS, [chat.chatId]), { timeout: 10_000 })
      .toMatchObject([{ live: false, reason: 'BLOCKED' }]);
    expect((await rows(EVENTS, [chat.chatId])).map(({ type }) => type)).toEqual([
      'telegram_link.connected',
      'telegram_link.blocked',
    ]);
  });
});

describe('reading updates', () => {
  it('goes on after failures of the Bot API and waits out a short 429 of its own answers', async () => {
    const { bots } = kit.platform;
    bots.failNext({ method: 'getUpdates', dropConnection: 'after' });
    bots.failNext({ method: 'getUpdates', status: 429, retryAfter: 0 });
    bots.failNext({ status: 429, retryAfter: 1 });
    const chat = newChat(bots, 'INFO');
    for (let i = 0; i < 3; i++) expect((await chat.ask('/start')).text).toContain('account settings');
    expect(bots.messages(TOKENS.INFO).filter(({ chatId }) => chatId === String(chat.chatId))).toHaveLength(3);
    expect(logged).toContain('reading bot updates failed');
  });

  it('apologises when the database fails, goes on, and logs no token', async () => {
    const chat = newChat(kit.platform.bots, 'INFO');
    await kit.database.pool.query('ALTER TABLE telegram_link RENAME TO telegram_link_away');
    expect((await chat.ask('/start')).text).toContain('went wrong on our side');
    await kit.database.pool.query('ALTER TABLE telegram_link_away RENAME TO telegram_link');
    expect((await chat.ask('/start')).text).toContain('account settings');
    expect(logged).toContain('bot failed on an update');
    for (const token of Object.values(TOKENS)) expect(logged).not.toContain(token.slice(5));
  });
});
