import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { uuidSource } from '../../src/adapters/system/uuid-source.ts';
import type { Role } from '../../src/domain/access/actor.ts';
import type { ApiClient } from '../../src/demo/api-client.ts';
import type { DemoMerchant } from '../../src/demo/merchant.ts';
import { everythingRouted, rowIdOf } from '../testkit/facts.ts';
import { createMovableClock } from '../testkit/movable-clock.ts';
import { openShop } from '../testkit/open-shop.ts';
import { insertSession, insertUser } from '../testkit/people.ts';
import { usePlatform } from '../testkit/platform.ts';
import { createInvoice, createQuote, simulatePayment } from '../testkit/shop.ts';
import { connect, newChat, type TelegramChat } from '../testkit/telegram-chat.ts';

const clock = createMovableClock();
const kit = usePlatform({ overrides: { clock } });

const rows = async (sql: string, values: unknown[] = []) => (await kit.database.pool.query(sql, values)).rows;

const shop = (name = 'Corner Shop') => openShop(kit, `${randomUUID()}@shop.example`, clock.now(), name);

/** A new chat that the shop's owner connected. */
async function ownersChat(...shops: DemoMerchant[]): Promise<TelegramChat> {
  const chat = newChat(kit.platform.bots, 'MERCHANT');
  for (const { owner, merchantId } of shops) await connect(chat, owner, merchantId);
  return chat;
}

/** A new member, straight in the tables, and the API as that person. */
async function member(
  { merchantId }: DemoMerchant,
  role: Role,
  projectIds: readonly string[] | null = null,
): Promise<{ api: ApiClient; userId: string }> {
  const { pool } = kit.database;
  const userId = await insertUser(pool, `${randomUUID()}@staff.example`, clock.now());
  await pool.query(
    `INSERT INTO member (id, merchant_id, user_id, role, created_at, restricted, project_ids)
     VALUES ($1, $2, $3, $4::"Role", now(), $5, $6)`,
    [uuidSource.next(), rowIdOf(merchantId), userId, role, projectIds !== null, projectIds ?? []],
  );
  const { token } = await insertSession(pool, userId, { at: clock.now() });
  return { api: kit.platform.api.as(token), userId };
}

const invoicesOf = ({ projectId }: DemoMerchant) =>
  rows(
    `SELECT amount::text, currency, order_id, mode FROM invoice WHERE project_id = $1 ORDER BY created_at`,
    [rowIdOf(projectId)],
  );

async function addProject(
  { merchantId }: DemoMerchant,
  name: string,
  moderation = 'ACTIVE',
): Promise<string> {
  const id = uuidSource.next();
  await kit.database.pool.query(
    `INSERT INTO project (id, merchant_id, name, moderation, invoice_lifetime_seconds, created_at)
     VALUES ($1, $2, $3, $4::"Moderation", 900, now())`,
    [id, rowIdOf(merchantId), name, moderation],
  );
  return id;
}

describe('/balance', () => {
  it('tells the balances of each merchant of the chat, in the form of the language', async () => {
    const [tea, toys] = [await shop('Tea'), await shop('Toys')];
    const chat = await ownersChat(tea, toys);
    const invoice = await createInvoice(tea.test, { amount: '1250.50' });
    await simulatePayment(tea.test, invoice.id, (await createQuote(tea.test, invoice.id)).id);
    const live = await chat.ask('/balance');
    expect(live.text).toBe('Balances of Tea\nNothing yet.\n\nBalances of Toys\nNothing yet.');
    const test = await chat.ask('/balance test');
    expect(test.text).toMatch(
      /^\[TEST\] Balances of Tea\n[\d,]+\.\d{6}\u00A0USDT available\n\n\[TEST\] Balances of Toys/,
    );
    await chat.choose(await chat.ask('/language'), 'Deutsch');
    expect((await chat.ask('/balance test')).text).toMatch(/[\d.]+,\d{6}\u00A0USDT/);
  });

  it('of many merchants fits into what a message can hold', async () => {
    const tea = await shop();
    const { api, userId } = await member(tea, 'FINANCE');
    const chat = newChat(kit.platform.bots, 'MERCHANT');
    await connect(chat, api, tea.merchantId);
    // Connected to thirty more, each with a long name, as if over and over by links.
    await kit.database.pool.query(
      `WITH shop AS (
         INSERT INTO merchant (id, name, type, created_at)
         SELECT gen_random_uuid(), repeat('M', 150) || n, 'PERSONAL', now() FROM generate_series(1, 30) AS n
         RETURNING id
       ), joined AS (
         INSERT INTO member (id, merchant_id, user_id, role, created_at)
         SELECT gen_random_uuid(), id, $1, 'FINANCE', now() FROM shop
       )
       INSERT INTO telegram_link (id, bot, user_id, merchant_id, chat_id, token_hash, token_expires_at, created_at,
         connected_at)
       SELECT gen_random_uuid(), 'MERCHANT', $1, id, $2, decode(replace(id::text, '-', ''), 'hex'), now(), now(), now()
       FROM shop`,
      [userId, chat.chatId],
    );
    const messages = [await chat.ask('/balance'), await chat.next()];
    expect(messages.every(({ text }) => text.length <= 4_096)).toBe(true);
    expect(messages.flatMap(({ text }) => text.split('\n\n'))).toHaveLength(31);
  });

  it('is for those who may see balances, as long as they may', async () => {
    const tea = await shop();
    const viewer = await member(tea, 'VIEWER');
    const finance = await member(tea, 'FINANCE');
    const chat = newChat(kit.platform.bots, 'MERCHANT');
    await connect(chat, viewer.api, tea.merchantId);
    expect((await chat.ask('/balance')).text).toBe('Your role does not allow this.');
    const other = newChat(kit.platform.bots, 'MERCHANT');
    await connect(other, finance.api, tea.merchantId);
    expect((await other.ask('/balance')).text).toContain('Balances of');
    await kit.database.pool.query('UPDATE member SET disabled_at = now() WHERE user_id = $1', [
      finance.userId,
    ]);
    expect((await other.ask('/balance')).text).toBe('Your role does not allow this.');
  });
});

describe('/invoices', () => {
  it('lists the last five with their status, and older ones by button', async () => {
    const tea = await shop('Tea');
    const chat = await ownersChat(tea);
    expect((await chat.ask('/invoices test')).text).toBe(
      '[TEST] Invoices of Tea, newest first\nNo invoices yet.',
    );
    for (let n = 1; n <= 6; n++) await createInvoice(tea.test, { orderId: `order-${n}` });
    const { id } = await createInvoice(tea.test, { orderId: 'order-7' });
    await simulatePayment(tea.test, id, (await createQuote(tea.test, id)).id);
    const page = await chat.ask('/invoices test');
    const lines = page.text.split('\n');
    expect(lines).toHaveLength(6);
    expect(lines[1]).toMatch(/^12\.50\u00A0USD, order-7, paid, /);
    expect(lines[5]).toMatch(/, order-3, waiting for payment, /);
    const older = await chat.choose(page, 'Older ones');
    expect(
      older.text
        .split('\n')
        .slice(1)
        .map((line) => line.split(', ')[1]),
    ).toEqual(['order-2', 'order-1']);
    expect(older.buttons.map(({ text }) => text)).toEqual(['Live invoices']);
    expect((await chat.choose(older, 'Live invoices')).text).toContain('No invoices yet.');
  });

  it('asks which merchant where there are several, and shows a restricted member the own projects only', async () => {
    const [tea, toys] = [await shop('Tea'), await shop('Toys')];
    await createInvoice(tea.test, { orderId: 'secret-order' });
    const own = await addProject(tea, 'Own');
    const restricted = await member(tea, 'SUPPORT', [own]);
    const chat = newChat(kit.platform.bots, 'MERCHANT');
    await connect(chat, restricted.api, tea.merchantId);
    expect((await chat.ask('/invoices test')).text).toContain('No invoices yet.');

    const both = await ownersChat(tea, toys);
    const question = await both.ask('/invoices test');
    expect(question.buttons.map(({ text }) => text)).toEqual(['Tea', 'Toys']);
    const listed = await both.choose(question, 'Tea');
    expect(listed.text).toContain('secret-order');
    // What another chat was given opens nothing here.
    const stolen = listed.buttons[0]?.data ?? '';
    expect(await kit.platform.bots.userPresses(await chat.ask('/help'), stolen).note).toContain(
      'out of date',
    );
  });
});

describe('/invoice', () => {
  it('shows what it will be, makes it once however often Create is pressed, and gives the payment page', async () => {
    const tea = await shop('Tea');
    const chat = await ownersChat(tea);
    const question = await chat.ask('/invoice 12,5 usd order 17');
    expect(question.text).toBe(
      'New invoice\nAmount: 12.50\u00A0USD\nOrder: order 17\nProject: Tea online (Tea)\nMode: LIVE',
    );
    const asTest = await chat.choose(question, 'Make it TEST');
    expect(asTest).toMatchObject({ isEdit: true, messageId: question.messageId });
    expect(await invoicesOf(tea)).toEqual([]);
    const presses = Array.from({ length: 5 }, () => chat.press(asTest, 'Create'));
    const made = await chat.next();
    await Promise.all(presses);
    expect(await invoicesOf(tea)).toEqual([
      { amount: '1250', currency: 'USD', order_id: 'order 17', mode: 'TEST' },
    ]);
    expect(made.buttons).toEqual([]);
    const link = made.text.split('\n').at(-1) ?? '';
    const page = await fetch(new URL(new URL(link).pathname, kit.platform.url));
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('12.50')]);
    // The question is over, and so are the buttons that it had.
    expect((await chat.choose(question, 'Create')).text).toContain('its invoice was made already');
    expect(await invoicesOf(tea)).toHaveLength(1);
  });

  it('asks for the project where there are several, and for the mode only where LIVE is open', async () => {
    const tea = await shop('Tea');
    await addProject(tea, 'Wholesale', 'NOT_REQUESTED');
    const chat = await ownersChat(tea);
    const question = await chat.ask('/invoice 5 EUR');
    expect(question.buttons.map(({ text }) => text)).toEqual(['Tea online', 'Wholesale', 'Cancel']);
    const summary = await chat.choose(question, 'Wholesale');
    expect(summary.text).toContain('Project: Wholesale (Tea)\nMode: TEST, no real money');
    expect(summary.buttons.map(({ text }) => text)).toEqual(['Create', 'Cancel']);
    expect((await chat.choose(summary, 'Cancel')).text).toContain('Nothing was changed');
    expect(await invoicesOf(tea)).toEqual([]);
  });

  it.each([
    ['/invoice', 'For example: /invoice 12.50 USD order-17'],
    ['/invoice 12.50', 'For example'],
    ['/invoice 12.50 XYZ', 'I do not know the currency XYZ'],
    ['/invoice 12.505 USD', 'no amount of USD'],
    ['/invoice 0 USD', 'no amount of USD'],
    ['/invoice 1,234.50 USD', 'no amount of USD'],
    [`/invoice 1 USD ${'x'.repeat(129)}`, 'at most 128 characters'],
    [`/invoice ${'9'.repeat(70)} USD`, ''],
  ])('answers %s with what is wrong and an example', async (text, expected) => {
    const tea = await shop();
    const chat = await ownersChat(tea);
    const answer = await chat.ask(text);
    if (expected === '') expect((await chat.choose(answer, 'Create')).text).toContain('For example');
    else expect([answer.text, answer.buttons]).toEqual([expect.stringContaining(expected), []]);
    expect(await invoicesOf(tea)).toEqual([]);
  });

  it('is for those who may, in the projects that are open to them, at the moment of the press', async () => {
    const tea = await shop('Tea');
    const viewer = newChat(kit.platform.bots, 'MERCHANT');
    await connect(viewer, (await member(tea, 'VIEWER')).api, tea.merchantId);
    expect((await viewer.ask('/invoice 5 EUR')).text).toBe('Your role does not allow this.');

    const own = await addProject(tea, 'Own');
    const support = await member(tea, 'SUPPORT', [own]);
    const chat = newChat(kit.platform.bots, 'MERCHANT');
    await connect(chat, support.api, tea.merchantId);
    const question = await chat.ask('/invoice 5 EUR');
    expect(question.text).toContain('Project: Own (Tea)');
    const owners = await (await ownersChat(tea)).ask('/invoice 5 EUR');
    for (const { data } of owners.buttons.filter(({ text }) => text !== 'Cancel'))
      expect(await kit.platform.bots.userPresses(question, data).note).toContain('out of date');
    await kit.database.pool.query(`UPDATE member SET role = 'VIEWER' WHERE user_id = $1`, [support.userId]);
    expect(await chat.press(question, 'Create')).toContain('out of date');
    expect(await rows('SELECT FROM invoice WHERE project_id = $1', [own])).toEqual([]);
    expect(await invoicesOf(tea)).toEqual([]);
  });

  it('makes nothing of a command that was changed or deleted after the question', async () => {
    const tea = await shop();
    const chat = await ownersChat(tea);
    const question = await chat.ask('/invoice 5 EUR');
    kit.platform.bots.userRewrites(question, '/invoice 5000 EUR');
    expect(await chat.press(question, 'Create')).toContain('out of date');
    kit.platform.bots.userRewrites(question, 'hello');
    expect(await chat.press(question, 'Create')).toContain('out of date');
    expect(await invoicesOf(tea)).toEqual([]);
  });
});

describe('/mute', () => {
  const REVERSED = `
    INSERT INTO event (id, type, merchant_id, project_id, mode, actor, subject_type, subject_id, data, occurred_at)
    VALUES ($1, 'payment.reversed', $2, $3, 'LIVE', '{"type":"SYSTEM","id":null}', 'INVOICE', $1,
      '{"amount":"1.00","currency":"USD"}', $4)`;

  /** What became of a paid invoice in the chat: the types that it is told. */
  async function afterPayment(shopper: DemoMerchant, chat: TelegramChat): Promise<string[]> {
    const before = await toldTo(chat);
    const { id } = await createInvoice(shopper.test);
    await simulatePayment(shopper.test, id, (await createQuote(shopper.test, id)).id);
    return routedSince(before, chat);
  }

  const toldTo = async (chat: TelegramChat): Promise<string[]> =>
    (
      await rows(
        `SELECT event_type FROM delivery WHERE channel = 'MERCHANT_BOT' AND target = $1 ORDER BY id`,
        [String(chat.chatId)],
      )
    ).map(({ event_type }) => event_type);

  /** The chat of a shop that nothing older rings in: what opened the shop was told before the chat was connected. */
  async function newShopsChat(tea: DemoMerchant): Promise<TelegramChat> {
    await everythingRouted(kit.database.pool);
    return ownersChat(tea);
  }

  async function routedSince(before: readonly string[], chat: TelegramChat): Promise<string[]> {
    await everythingRouted(kit.database.pool);
    return (await toldTo(chat)).slice(before.length);
  }

  it('keeps the chat quiet but for what is critical, until it is over', async () => {
    const tea = await shop('Tea');
    const chat = await newShopsChat(tea);
    const question = await chat.ask('/mute');
    const labels = ['1 hour', '8 hours', '1 day', 'Until I say so', 'Cancel'];
    expect(question.buttons.map(({ text }) => text)).toEqual(labels);
    expect((await chat.choose(question, '8 hours')).text).toMatch(
      /^Quiet until .+ UTC\. \/unmute ends it\.$/,
    );
    expect(await afterPayment(tea, chat)).toEqual([]);
    const reversed = [uuidSource.next(), rowIdOf(tea.merchantId), rowIdOf(tea.projectId), clock.now()];
    await kit.database.pool.query(REVERSED, reversed);
    expect(await routedSince([], chat)).toEqual(['payment.reversed']);
    clock.advance({ hours: 8 });
    expect(await afterPayment(tea, chat)).toContain('invoice.paid');
  });

  it('can last until /unmute', async () => {
    const tea = await shop('Tea');
    const chat = await newShopsChat(tea);
    const muted = await chat.choose(await chat.ask('/mute'), 'Until I say so');
    expect(muted.text).toBe('Quiet until you send /unmute.');
    clock.advance({ hours: 24 * 365 });
    expect(await afterPayment(tea, chat)).toEqual([]);
    expect((await chat.ask('/unmute')).text).toBe('I ring again.');
    expect(await afterPayment(tea, chat)).toContain('invoice.paid');
  });
});
