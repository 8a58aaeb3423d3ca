import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTwilioSender, type TwilioSenderOptions } from '../../src/adapters/sms/twilio-sender.ts';
import { startSmsApi, type SmsApiDouble, type SmsFailure } from '../../src/demo/doubles/sms-api.ts';

const ACCOUNT = { accountSid: 'AC0123456789', authToken: 'password-of-the-sms-account' };

let smsApi: SmsApiDouble;
beforeAll(async () => {
  smsApi = await startSmsApi(ACCOUNT);
});
afterAll(() => smsApi.stop());

const sender = (changes: Partial<TwilioSenderOptions> = {}) =>
  createTwilioSender({ ...ACCOUNT, apiRoot: smsApi.apiRoot, from: '+12025550100', ...changes });

const send = (changes: Partial<TwilioSenderOptions> = {}) =>
  sender(changes).send({ to: '+12025550123', text: 'Täglich & günstig = 100% + 1' });

/** Sends while the double fails as told, and how many SMS got through. */
async function sendFailing(failure: SmsFailure) {
  const before = smsApi.messages.length;
  smsApi.failNext(failure);
  const outcome = await send();
  return { outcome, arrived: smsApi.messages.length - before };
}

describe('an SMS', () => {
  it('arrives as it was written', async () => {
    expect(await send()).toEqual({ kind: 'sent' });
    expect(smsApi.messages.at(-1)).toEqual({
      to: '+12025550123',
      from: '+12025550100',
      body: 'Täglich & günstig = 100% + 1',
    });
  });

  it('goes to one phone number and nothing else', async () => {
    const before = smsApi.messages.length;
    for (const to of [
      '',
      '12025550123',
      '+0123456789',
      '+1202555012x',
      '+12025550123,+12025550124',
      '+1\r\n2',
      `+${'1'.repeat(16)}`,
    ])
      expect(await sender().send({ to, text: 'x' })).toMatchObject({ kind: 'rejected' });
    expect(smsApi.messages.length).toBe(before);
  });

  it('waits as long as a 429 says, and is tried again after a 5xx, as JSON or as the page of a proxy', async () => {
    expect(await sendFailing({ status: 429, retryAfter: 17 })).toEqual({
      outcome: { kind: 'retry', error: '429: failed as asked', retryAfterSeconds: 17 },
      arrived: 0,
    });
    expect((await sendFailing({ status: 500 })).outcome).toEqual({
      kind: 'retry',
      error: '500: failed as asked',
    });
    expect((await sendFailing({ status: 502, errorPage: true })).outcome).toMatchObject({ kind: 'retry' });
  });

  it('is given up when the service refuses it, and waits while the account is refused', async () => {
    expect((await sendFailing({ status: 400 })).outcome).toEqual({
      kind: 'rejected',
      error: '400: failed as asked',
    });
    expect(await send({ authToken: 'wrong' })).toMatchObject({ kind: 'retry', error: '401: Authenticate' });
  });

  it('is unknown once the connection died after the request was sent', async () => {
    expect(await sendFailing({ dropConnection: true })).toMatchObject({
      outcome: { kind: 'unknown' },
      arrived: 1,
    });
  });

  it('is unknown when no answer comes in time, neither here nor to a proxy', async () => {
    const { outcome } = await sendFailing({ status: 504, errorPage: true });
    expect(outcome).toMatchObject({ kind: 'unknown' });
    const silent = createTcpServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const apiRoot = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    expect(await send({ apiRoot, timeoutMilliseconds: 200 })).toMatchObject({ kind: 'unknown' });
    silent.close();
  });

  it('is tried again when the connection never stood, and no error tells the password', async () => {
    const gone = createTcpServer().listen(0, '127.0.0.1');
    await once(gone, 'listening');
    const closed = `http://127.0.0.1:${(gone.address() as AddressInfo).port}`;
    gone.close();
    await once(gone, 'close');
    for (const apiRoot of [closed, 'http://sms.invalid', smsApi.apiRoot.replace('http', 'https')]) {
      const outcome = await send({ apiRoot });
      expect(outcome, apiRoot).toMatchObject({ kind: 'retry' });
      expect(JSON.stringify(outcome)).not.toContain(ACCOUNT.authToken);
    }
  });

  it('does not follow a redirect with the password', async () => {
    let followed = 0;
    const target = createServer((_request, response) => {
      followed += 1;
      response.end();
    }).listen(0, '127.0.0.1');
    await once(target, 'listening');
    const location = `http://127.0.0.1:${(target.address() as AddressInfo).port}/`;
    const moved = createServer((_request, response) => response.writeHead(307, { location }).end());
    moved.listen(0, '127.0.0.1');
    await once(moved, 'listening');
    const apiRoot = `http://127.0.0.1:${(moved.address() as AddressInfo).port}`;
    expect(await send({ apiRoot })).toMatchObject({ kind: 'rejected' });
    expect(followed).toBe(0);
    for (const server of [target, moved]) {
      server.close();
      server.closeAllConnections();
    }
  });
});
