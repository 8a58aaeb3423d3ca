import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { accepted } from '../../src/demo/api-client.ts';
import type { SentMessage } from '../../src/demo/doubles/bot-api.ts';
import { signIn } from '../../src/demo/merchant.ts';
import * as operations from '../../src/generated/documents.ts';
import { rowIdOf } from '../testkit/facts.ts';
import { createMovableClock } from '../testkit/movable-clock.ts';
import { openShop } from '../testkit/open-shop.ts';
import { insertSession, insertUser } from '../testkit/people.ts';
import { usePlatform } from '../testkit/platform.ts';
import { sessionEvents, sessionRow } from '../testkit/sessions.ts';
import { connect, newChat, type TelegramChat } from '../testkit/telegram-chat.ts';

const clock = createMovableClock();
const kit = usePlatform({ overrides: { clock } });

const rows = async (sql: string, values: unknown[] = []) => (await kit.database.pool.query(sql, values)).rows;

/** A shop whose owner connected the info bot, and somebody who signs in as the owner. */
async function signedInTwice() {
  const shop = await openShop(kit, `${randomUUID()}@shop.example`, clock.now());
  const chat = newChat(kit.platform.bots, 'INFO');
  await connect(chat, shop.owner);
  const token = await signIn(kit.platform, shop.email);
  const { id: sessionId } = await sessionRow(kit.database.pool, token);
  return { shop, chat, token, sessionId };
}

const HOLDS = `SELECT merchant_id, reason, ends_at - started_at = interval '24 hours' AS day FROM withdrawal_hold
  WHERE reason = 'SESSION_DISOWNED' AND user_id = (SELECT user_id FROM session WHERE id = $1) ORDER BY merchant_id NULLS FIRST`;

/** The message that tells the sign-in, with its button. */
function toldSignIn(chat: TelegramChat): Promise<SentMessage> {
  return kit.platform.bots.waitForMessage(
    ({ chatId, parseMode, buttons }) =>
      chatId === String(chat.chatId) && parseMode === 'HTML' && buttons.length > 0,
  );
}

describe('/signins', () => {
  it('lists the last five with time, address and device, and a button each', async () => {
    const { chat } = await signedInTwice();
    const list = await chat.ask('/signins');
    const [title, ...lines] = list.text.split('\n');
    expect(title).toBe('The last sign-ins to your account');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^1\. .+ UTC, .+, (127\.0\.0\.1|::1|::ffff:127\.0\.0\.1) \(signed in\)$/);
    expect(list.buttons.map(({ text }) => text)).toEqual(['1: this was not me', '2: this was not me']);
  });

  it('answers operators, who do not act in chats', async () => {
    const { pool } = kit.database;
    const userId = await insertUser(pool, `${randomUUID()}@gateway.example`, clock.now());
    const { token } = await insertSession(pool, userId, { at: clock.now() });
    const chat = newChat(kit.platform.bots, 'INFO');
    await connect(chat, kit.platform.api.as(token));
    await pool.query(`INSERT INTO operator (user_id, role, created_at) VALUES ($1, 'SUPPORT', now())`, [
      userId,
    ]);
    expect((await chat.ask('/signins')).text).toBe('Your role does not allow this.');
  });

  it('shows nobody else’s, and its buttons do nothing in another chat', async () => {
    const [ours, theirs] = [await signedInTwice(), await signedInTwice()];
    const list = await ours.chat.ask('/signins');
    const other = await theirs.chat.ask('/signins');
    const data = list.buttons[0]?.data ?? '';
    expect(await kit.platform.bots.userPresses(other, data).note).toBe('There is no such sign-in.');
    const sure = data.replace('disown:', 'disowned:');
    const [answer] = await Promise.all([theirs.chat.next(), kit.platform.bots.userPresses(other, sure).note]);
    expect(answer.text).toBe('There is no such sign-in.');
    expect((await sessionRow(kit.database.pool, ours.token)).ended_at).toBeNull();
    expect(await rows(HOLDS, [ours.sessionId])).toEqual([]);
  });
});

describe('“this was not me”', () => {
  it('ends the session, holds payouts back and is told, once, and helps to a new password', async () => {
    const { shop, chat, token, sessionId } = await signedInTwice();
    const told = await toldSignIn(chat);
    expect(told.buttons).toEqual([{ text: 'This was not me', data: expect.any(String) }]);
    const question = await chat.choose(told, 'This was not me');
    expect(question.text).toMatch(/^Was this really not you\?\n.+\nI will end that session/);
    expect((await sessionRow(kit.database.pool, token)).ended_at).toBeNull();

    const presses = Array.from({ length: 5 }, () => chat.press(question, 'It was not me'));
    const done = await chat.next();
    await Promise.all(presses);
    expect(done.text).toContain('Now choose a new password');
    await expect(kit.platform.api.as(token).send(operations.ViewerDocument, {})).rejects.toMatchObject({
      message: expect.stringContaining('UNAUTHENTICATED'),
    });
    expect(await sessionEvents(kit.database.pool, sessionId)).toEqual([
      'session.created',
      'session.disowned',
      'session.ended DISOWNED',
    ]);
    expect(await rows(HOLDS, [sessionId])).toEqual([
      { merchant_id: null, reason: 'SESSION_DISOWNED', day: true },
      { merchant_id: rowIdOf(shop.merchantId), reason: 'SESSION_DISOWNED', day: true },
    ]);
    const { viewer } = await shop.owner.send(operations.WithdrawalsDocument, {});
    const { withdrawalStatus } = viewer.memberships[0]?.merchant ?? {};
    expect(withdrawalStatus).toMatchObject({ held: true, reason: 'SESSION_DISOWNED' });

    expect((await chat.choose(done, 'password link')).text).toContain('on its way');
    const mail = await kit.platform.mail.waitForMail(
      ({ recipients, parsed }) =>
        recipients.includes(shop.email) && (parsed.text ?? '').includes('/password-reset?token='),
    );
    expect(mail).toBeDefined();

    expect(await chat.press(told, 'This was not me')).toContain('You said so before');
    const list = await chat.ask('/signins');
    expect(list.text).toContain('(not you)');
    expect(list.buttons.map(({ text }) => text)).toEqual(['2: this was not me']);
  });

  it('works for a session that is over, and leaves everything as it is when it is taken back', async () => {
    const { shop, chat, token, sessionId } = await signedInTwice();
    const told = await toldSignIn(chat);
    const question = await chat.choose(told, 'This was not me');
    expect((await chat.choose(question, 'Cancel')).text).toContain('Nothing was changed');
    expect(await rows(HOLDS, [sessionId])).toEqual([]);
    const ended = await kit.platform.api.as(token).send(operations.SessionEndDocument, {});
    accepted(ended.sessionEnd, 'SessionEndPayload');
    await chat.choose(await chat.choose(told, 'This was not me'), 'It was not me');
    expect(await sessionEvents(kit.database.pool, sessionId)).toEqual([
      'session.created',
      'session.ended SIGNED_OUT',
      'session.disowned',
    ]);
    expect(await rows(HOLDS, [sessionId])).toHaveLength(2);
    // The person's own session is untouched.
    expect((await shop.owner.send(operations.ViewerDocument, {})).viewer.email).toBe(shop.email);
  });
});
