import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBotApiSender, type BotApiSender } from '../../src/adapters/telegram/bot-api-sender.ts';
import { startBotApi, type BotApiDouble } from '../../src/demo/doubles/bot-api.ts';
import type { SendOutcome } from '../../src/usecases/ports/senders.ts';

const TOKEN = '7001:test-token-of-the-merchant-bot-000000';
const CHAT = 4_000_000_123;

let botApi: BotApiDouble;
let sender: BotApiSender;

beforeAll(async () => {
  botApi = await startBotApi({ bots: { [TOKEN]: 'paybell_merchant_bot' } });
  botApi.openChat(TOKEN, CHAT);
  sender = createBotApiSender({ tokens: { MERCHANT: TOKEN }, apiRoot: botApi.apiRoot, timeoutSeconds: 5 });
});

afterAll(async () => {
  sender.close();
  await botApi.stop();
});

const send = (html = '<b>Paid</b> &amp; done', chatId = String(CHAT)): Promise<SendOutcome> =>
  sender.send({ bot: 'MERCHANT', chatId, html });

/** Sends while the double fails as told, and how many messages got through. */
async function sendFailing(failure: Parameters<BotApiDouble['failNext']>[0]) {
  const before = botApi.messages(TOKEN).length;
  botApi.failNext(failure);
  const outcome = await send();
  return { outcome, arrived: botApi.messages(TOKEN).length - before };
}

describe('chat messages through the Bot API', () => {
  it('arrive as HTML', async () => {
    expect(await send()).toEqual({ kind: 'sent' });
    expect(botApi.messages(TOKEN).at(-1)).toMatchObject({
      chatId: String(CHAT),
      text: '<b>Paid</b> &amp; done',
      parseMode: 'HTML',
    });
  });

  it('carry their buttons, one a line', async () => {
    const buttons = [{ text: 'This was not me', data: 'disown:x' }];
    expect(await sender.send({ bot: 'MERCHANT', chatId: String(CHAT), html: 'x', buttons })).toEqual({
      kind: 'sent',
    });
    expect(botApi.messages(TOKEN).at(-1)?.buttons).toEqual(buttons);
  });

  it('wait as long as a 429 says', async () => {
    const { outcome, arrived } = await sendFailing({ status: 429, retryAfter: 17 });
    expect(outcome).toMatchObject({ kind: 'retry', retryAfterSeconds: 17 });
    expect(arrived).toBe(0);
  });

  it('end for a chat that blocked the bot or does not exist', async () => {
    botApi.openChat(TOKEN, 55);
    botApi.blockChat(TOKEN, 55);
    expect(await send('x', '55')).toMatchObject({
      kind: 'target_gone',
      error: expect.stringContaining('blocked'),
    });
    expect(await send('x', '56')).toMatchObject({
      kind: 'target_gone',
      error: expect.stringContaining('not found'),
    });
  });

  it('are given up when Telegram cannot read them', async () => {
    expect(await send('<b>open')).toMatchObject({
      kind: 'rejected',
      error: expect.stringContaining('parse'),
    });
    expect(await send('<script>')).toMatchObject({ kind: 'rejected' });
    expect(await sender.send({ bot: 'INFO', chatId: '1', html: 'x' })).toMatchObject({ kind: 'rejected' });
  });

  it('are tried again after a 5xx, as JSON or as the error page of a proxy, and while the token is refused', async () => {
    expect((await sendFailing({ status: 500 })).outcome).toMatchObject({ kind: 'retry' });
    expect((await sendFailing({ status: 502, errorPage: true })).outcome).toMatchObject({ kind: 'retry' });
    expect((await sendFailing({ status: 401 })).outcome).toMatchObject({ kind: 'retry' });
  });

  it('are unknown once the connection died after the request was sent', async () => {
    const before = await sendFailing({ dropConnection: 'before' });
    expect(before).toMatchObject({ outcome: { kind: 'unknown' }, arrived: 0 });
    const after = await sendFailing({ dropConnection: 'after' });
    expect(after).toMatchObject({ outcome: { kind: 'unknown' }, arrived: 1 });
  });

  it('are unknown when no answer comes in time', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const apiRoot = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const waiting = createBotApiSender({ tokens: { INFO: TOKEN }, apiRoot, timeoutSeconds: 0.2 });
    const outcome = await waiting.send({ bot: 'INFO', chatId: '1', html: 'x' });
    expect(outcome).toMatchObject({ kind: 'unknown' });
    waiting.close();
    silent.close();
  });

  it('are tried again when the connection never stood, and no error tells the token', async () => {
    for (const apiRoot of [
      'http://127.0.0.1:1',
      'http://bot-api.invalid',
      botApi.apiRoot.replace('http', 'https'),
    ]) {
      const lost = createBotApiSender({ tokens: { INFO: TOKEN }, apiRoot, timeoutSeconds: 5 });
      const outcome = await lost.send({ bot: 'INFO', chatId: '1', html: 'x' });
      lost.close();
      expect(outcome).toMatchObject({ kind: 'retry' });
      expect(JSON.stringify(outcome)).not.toContain(TOKEN.slice(5));
    }
    const page = await sendFailing({ status: 502, errorPage: true });
    const dropped = await sendFailing({ dropConnection: 'before' });
    expect(JSON.stringify([page, dropped])).not.toContain(TOKEN.slice(5));
  });
});
