import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { createArgon2Hasher } from '../../src/adapters/secrets/argon2-hasher.ts';
import { uuidSource } from '../../src/adapters/system/uuid-source.ts';
import { decideData } from '../../src/bots/merchant-bot/payout-buttons.ts';
import type { ApiClient } from '../../src/demo/api-client.ts';
import type { SentMessage } from '../../src/demo/doubles/bot-api.ts';
import type { DemoMerchant } from '../../src/demo/merchant.ts';
import type { Role } from '../../src/domain/access/actor.ts';
import { payInvoice } from '../api/live/live-shop.ts';
import { eventTypes, rowIdOf } from '../testkit/facts.ts';
import { createMovableClock } from '../testkit/movable-clock.ts';
import { openShop } from '../testkit/open-shop.ts';
import { insertSession, insertUser } from '../testkit/people.ts';
import { usePlatform } from '../testkit/platform.ts';
import { connect, newChat, type TelegramChat } from '../testkit/telegram-chat.ts';
import { PAYOUT_ADDRESS, requestPayout } from './payout-key.ts';

const PIN = '294817';
const clock = createMovableClock();
const kit = usePlatform({ overrides: { clock } });

let pinHash: string;
beforeAll(async () => {
  pinHash = await (await createArgon2Hasher()).hash(PIN);
});

const query = async (sql: string, values: unknown[] = []) =>
  (await kit.database.pool.query(sql, values)).rows;

interface Colleague {
  readonly api: ApiClient;
  readonly userId: string;
  readonly chat: TelegramChat;
}

/** A member of the shop with a connected chat, an authenticator and a PIN. */
async function colleague(
  { merchantId }: DemoMerchant,
  { role = 'FINANCE', totp = true, pin = true }: { role?: Role; totp?: boolean; pin?: boolean } = {},
): Promise<Colleague> {
  const { pool } = kit.database;
  const userId = await insertUser(pool, `${randomUUID()}@staff.example`, clock.now());
  await query(
    `INSERT INTO member (id, merchant_id, user_id, role, created_at) VALUES ($1, $2, $3, $4::"Role", now())`,
    [uuidSource.next(), rowIdOf(merchantId), userId, role],
  );
  if (totp)
    await query(
      `INSERT INTO totp (user_id, sealed_secret, created_at, enabled_at) VALUES ($1, '\\x00', now(), now())`,
      [userId],
    );
  if (pin) await query('UPDATE "user" SET pin_hash = $2 WHERE id = $1', [userId, pinHash]);
  const { token } = await insertSession(pool, userId, { at: clock.now() });
  const api = kit.platform.api.as(token);
  const chat = newChat(kit.platform.bots, 'MERCHANT');
  await connect(chat, api, merchantId);
  return { api, userId, chat };
}

/** A shop with money whose payouts need consent. */
async function shopThatAsks(consents = 1): Promise<DemoMerchant> {
  const shop = await openShop(kit, `${randomUUID()}@shop.example`, clock.now(), 'Tea');
  await query(
    'INSERT INTO payout_policy (merchant_id, approvals_required, updated_at) VALUES ($1, $2, now())',
    [rowIdOf(shop.merchantId), consents],
  );
  await payInvoice(shop);
  return shop;
}

const asked = ({ owner, merchantId }: DemoMerchant) =>
  requestPayout(owner, { merchantId, mode: 'TEST', amount: '2', reference: 'Supplier 17' });

const stateOf = async (id: string) =>
  (
    await query(
      `SELECT status::text, revision, (SELECT count(*)::int FROM payout_approval WHERE payout_id = p.id) AS approvals
       FROM payout p WHERE id = $1`,
      [rowIdOf(id)],
    )
  )[0];
const WAITING = { status: 'PENDING_APPROVAL', revision: 0, approvals: 0 };

/** The message that tells a chat of the payout. */
async function notice({ chat }: Colleague): Promise<SentMessage> {
  return kit.platform.bots.waitForMessage(
    ({ token, chatId, parseMode, buttons }) =>
      token === chat.token && chatId === String(chat.chatId) && parseMode === 'HTML' && buttons.length > 0,
  );
}

const button = (id: string, verdict: 'APPROVE' | 'REFUSE' = 'APPROVE', revision = 0): string =>
  decideData({ verdict, payoutId: rowIdOf(id), revision });

/** Presses what need not stand on any button; gives what the bot writes then. */
async function forge({ chat }: Colleague, data: string): Promise<SentMessage> {
  const message = await chat.ask('/help');
  const [written] = await Promise.all([chat.next(), kit.platform.bots.userPresses(message, data).note]);
  return written;
}

const written = () => kit.platform.bots.written(newChat(kit.platform.bots, 'MERCHANT').token);

describe('consent in a chat', () => {
  test('is asked for with all that is to be compared, given by PIN, and the PIN is off the chat', async () => {
    const shop = await shopThatAsks();
    const finance = await colleague(shop);
    const { id } = await asked(shop);
    const question = await finance.chat.choose(await notice(finance), 'Approve');
    expect(question.text.split('\n').slice(0, 10)).toEqual([
      'Approve this payout?',
      '',
      'Amount: 2.000000\u00a0USDT',
      'Arrives: 2.000000\u00a0USDT',
      'Fees: 0.000000\u00a0USDT',
      'Network: Ethereum',
      `To: ${PAYOUT_ADDRESS}`,
      'Reference: Supplier 17',
      `Asked for by: ${shop.email}`,
      'Merchant: Tea',
    ]);
    expect(await stateOf(id)).toEqual(WAITING);
    expect((await finance.chat.reply(question, PIN)).text).toBe(
      'Approved. The payout has what it needs and is sent.',
    );
    expect(await stateOf(id)).toMatchObject({ status: 'QUEUED', approvals: 1 });
    expect(written()).not.toContain(PIN);
    expect(await eventTypes(kit.database.pool, id)).toContain('payout.approved');
    const [event] = await query(
      `SELECT actor FROM event WHERE type = 'payout.approved' AND subject_id = $1`,
      [rowIdOf(id)],
    );
    expect(event).toMatchObject({ actor: { type: 'USER', id: finance.userId } });
  });

  test('can be refused instead', async () => {
    const shop = await shopThatAsks();
    const finance = await colleague(shop);
    const { id } = await asked(shop);
    const question = await finance.chat.choose(await notice(finance), 'Refuse');
    expect(question.text).toContain('Refuse this payout?');
    expect((await finance.chat.reply(question, PIN)).text).toBe('Refused. The amount is available again.');
    expect(await stateOf(id)).toMatchObject({ status: 'REJECTED', approvals: 0 });
  });

  test('holds for the revision that was shown: consents to different ones do not add up', async () => {
    const shop = await shopThatAsks(2);
    const [first, second] = [await colleague(shop), await colleague(shop)];
    const { id } = await asked(shop);
    const old = await second.chat.choose(await notice(second), 'Approve');
    const question = await first.chat.choose(await notice(first), 'Approve');
    expect((await first.chat.reply(question, PIN)).text).toBe('Approved: 1 of 2 consents.');
    await query('UPDATE payout SET revision = 1 WHERE id = $1', [rowIdOf(id)]);
    const changed = 'The payout has gone on since it was shown. /payouts shows how it stands.';
    expect((await second.chat.reply(old, PIN)).text).toBe(changed);
    expect((await second.chat.choose(await notice(second), 'Approve')).text).toBe(changed);
    const list = await second.chat.ask('/payouts test');
    expect(list.text).toMatch(
      /\n1\. 2\.000000\u00a0USDT → 0x71C765…d8976F \(Ethereum\), waiting for consent \(0 of 2\)$/,
    );
    const anew = await second.chat.choose(list, '1: approve');
    expect((await second.chat.reply(anew, PIN)).text).toBe('Approved: 1 of 2 consents.');
    expect(await stateOf(id)).toEqual({ status: 'PENDING_APPROVAL', revision: 1, approvals: 2 });
  });

  test('given twice at the same moment counts once', async () => {
    const shop = await shopThatAsks(2);
    const finance = await colleague(shop);
    const { id } = await asked(shop);
    const question = await finance.chat.choose(await notice(finance), 'Approve');
    await Promise.all([finance.chat.reply(question, PIN), finance.chat.reply(question, PIN)]);
    expect(await stateOf(id)).toEqual({ ...WAITING, approvals: 1 });
  });
});

describe('nobody consents', () => {
  test.each<[string, Parameters<typeof colleague>[1], string]>([
    ['without a PIN', { pin: false }, 'You have no PIN. Set one in your security settings first.'],
    [
      'without an authenticator',
      { totp: false },
      'Payouts need an authenticator. Set one up in your security settings first.',
    ],
    ['without the right', { role: 'VIEWER' }, 'Your role does not allow this.'],
  ])('%s', async (_who, options, answer) => {
    const shop = await shopThatAsks();
    const member = await colleague(shop, options);
    const { id } = await asked(shop);
    expect((await forge(member, button(id))).text).toBe(answer);
    expect(await stateOf(id)).toEqual(WAITING);
  });

  test('to what they asked for themselves', async () => {
    const shop = await shopThatAsks();
    const finance = await colleague(shop);
    const { id } = await requestPayout(finance.api, {
      merchantId: shop.merchantId,
      mode: 'TEST',
      amount: '2',
    });
    expect((await forge(finance, button(id))).text).toBe(
      'You asked for this payout: somebody else must agree to it.',
    );
  });

  test('of another merchant, whatever the button carries or the question says', async () => {
    const shop = await shopThatAsks();
    const stranger = await colleague(await shopThatAsks());
    const finance = await colleague(shop);
    const { id } = await asked(shop);
    const question = await finance.chat.choose(await notice(finance), 'Approve');
    expect((await forge(stranger, button(id))).text).toBe('Your role does not allow this.');
    const { bots } = kit.platform;
    const { chat } = stranger;
    // Another chat's question, and one in words of the own: neither is one that the bot put here.
    bots.userRepliesToSelf(chat.token, chat.chatId, question.text, PIN);
    expect((await chat.next()).text).toMatch(/^I took your message off the chat/);
    bots.userRepliesToSelf(finance.chat.token, finance.chat.chatId, question.text, PIN);
    expect((await finance.chat.next()).text).toMatch(/^I took your message off the chat/);
    for (const data of ['payout:A:short:0', `payout:X:${button(id).slice(9)}`, `${button(id)}0000000000`]) {
      const message = await finance.chat.ask('/help');
      expect(await bots.userPresses(message, data).note).toMatch(/^This button is out of date/);
    }
    expect((await forge(finance, button(id, 'APPROVE', 7))).text).toMatch(/^The payout has gone on/);
    expect(await stateOf(id)).toEqual(WAITING);
    expect(written()).not.toContain(PIN);
  });

  test('after losing the right between question and answer, nor with a question used up', async () => {
    const shop = await shopThatAsks();
    const [first, second] = [await colleague(shop), await colleague(shop)];
    const { id } = await asked(shop);
    const question = await first.chat.choose(await notice(first), 'Approve');
    const other = await second.chat.choose(await notice(second), 'Approve');
    await query(`UPDATE member SET role = 'VIEWER' WHERE user_id = $1`, [first.userId]);
    expect((await first.chat.reply(question, PIN)).text).toBe('Your role does not allow this.');
    expect(await stateOf(id)).toEqual(WAITING);
    expect((await second.chat.reply(other, PIN)).text).toMatch(/^Approved\./);
    expect((await second.chat.reply(other, PIN)).text).toMatch(/^The payout has gone on/);
    expect(await stateOf(id)).toMatchObject({ status: 'QUEUED', approvals: 1 });
  });

  test('while payouts are held, but may refuse', async () => {
    const shop = await shopThatAsks();
    const finance = await colleague(shop);
    const { id } = await asked(shop);
    await query(`UPDATE payout SET mode = 'LIVE' WHERE id = $1`, [rowIdOf(id)]);
    await query(
      `INSERT INTO withdrawal_hold (id, user_id, reason, started_at, ends_at)
       VALUES ($1, $2, 'PASSWORD_CHANGED', $3, $3::timestamptz + interval '1 day')`,
      [uuidSource.next(), finance.userId, clock.now()],
    );
    expect((await forge(finance, button(id))).text).toMatch(
      /^Payouts are held until .* UTC, after a security change\.$/,
    );
    expect((await forge(finance, button(id, 'REFUSE'))).text).toContain('Refuse this payout?');
  });

  test('with a wrong PIN; five of them in a day are the last, and the person hears of each', async () => {
    const shop = await shopThatAsks();
    const finance = await colleague(shop);
    const { id } = await asked(shop);
    const question = await finance.chat.choose(await notice(finance), 'Approve');
    expect((await finance.chat.reply(question, 'hello')).text).toMatch(/^A PIN has 4 to 8 digits/);
    for (let attempt = 1; attempt <= 5; attempt++)
      expect((await finance.chat.reply(question, '1357')).text).toBe(
        'This PIN is wrong. Nothing was changed.',
      );
    const limited = /^Too many wrong PINs/;
    expect((await finance.chat.reply(question, PIN)).text).toMatch(limited);
    // Another process, another chat of the same person: the count is the person's.
    const other = newChat(kit.platform.bots, 'MERCHANT');
    await connect(other, finance.api, shop.merchantId);
    const again = await forge({ ...finance, chat: other }, button(id));
    expect((await other.reply(again, PIN)).text).toMatch(limited);
    expect(await stateOf(id)).toEqual(WAITING);
    expect(
      await query(`SELECT data FROM event WHERE type = 'user.payout_pin_refused' AND subject_id = $1`, [
        finance.userId,
      ]),
    ).toEqual(Array.from({ length: 5 }, () => ({ data: {} })));
    clock.advance({ hours: 24, seconds: 1 });
    expect((await other.reply(again, PIN)).text).toMatch(/^Approved\./);
  });
});

describe('a message with a PIN', () => {
  test('that answers nothing is taken off the chat, and the rest stays', async () => {
    const shop = await shopThatAsks();
    const { chat } = await colleague(shop);
    expect((await chat.ask(PIN)).text).toMatch(/^I took your message off the chat/);
    expect((await chat.ask('good morning')).text).toMatch(/^I do not know this command/);
    expect(written()).not.toContain(PIN);
    expect(written()).toContain('good morning');
  });

  test('that cannot be taken off is said to be there', async () => {
    const shop = await shopThatAsks();
    const finance = await colleague(shop);
    await asked(shop);
    const question = await finance.chat.choose(await notice(finance), 'Approve');
    kit.platform.bots.failNext({ method: 'deleteMessage', status: 400 });
    expect((await finance.chat.reply(question, PIN)).text).toMatch(/^Approved\./);
    expect((await finance.chat.next()).text).toMatch(/Please delete it yourself\.$/);
  });

  test('stands in no table', async () => {
    const tables = await query(
      `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`,
    );
    for (const { name } of tables as { name: string }[])
      expect(await query(`SELECT FROM "${name}" t WHERE t::text LIKE '%' || $1 || '%'`, [PIN])).toEqual([]);
  });
});

describe('/payouts', () => {
  test('tells what is open, to those who may see it, in their language', async () => {
    const shop = await shopThatAsks();
    const finance = await colleague(shop);
    const viewer = await colleague(shop, { role: 'VIEWER' });
    expect((await finance.chat.ask('/payouts')).text).toBe('Open payouts of Tea\nNone is open.');
    const { id } = await asked(shop);
    await query(`UPDATE payout SET status = 'QUEUED', queued_at = now(), waits_for = 'HELD' WHERE id = $1`, [
      rowIdOf(id),
    ]);
    const list = await finance.chat.ask('/payouts test');
    expect(list.text).toMatch(/^\[TEST\] Open payouts of Tea\n1\. .*, held after a security change$/);
    expect(list.buttons).toEqual([]);
    expect((await viewer.chat.ask('/payouts test')).text).toBe('Your role does not allow this.');
    await finance.chat.choose(await finance.chat.ask('/language'), 'Deutsch');
    expect((await finance.chat.ask('/payouts test')).text).toMatch(
      /2,000000\u00a0USDT → .*nach einer Sicherheitsänderung/,
    );
  });
});
