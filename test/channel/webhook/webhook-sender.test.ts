import type { RequestListener } from 'node:http';
import type { Socket } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  createWebhookSender,
  type WebhookHttpSender,
  type WebhookSenderOptions,
} from '../../../src/adapters/webhook/webhook-sender.ts';
import { isPlainText } from '../../../src/domain/text/plain-text.ts';
import { freePort } from '../../testkit/free-port.ts';
import { startRaw, startShop, type ShopServer } from './shop-server.ts';

const BODY = JSON.stringify({ id: '1', text: 'Täglich 🎉' });
const SIGNED = { 'Pay-Signature': 't=1,v1=00', 'webhook-id': '1' };
/** Long enough for an answer on a busy machine, where none is awaited. */
const PATIENT = { allowHttp: true, allowPrivate: true };
const QUICK = { ...PATIENT, timeoutMilliseconds: 400 };

const open: (() => unknown)[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const close of open.splice(0).toReversed()) await close();
});

function sender(options: WebhookSenderOptions = PATIENT): WebhookHttpSender {
  const made = createWebhookSender(options);
  open.push(() => made.close());
  return made;
}
async function opened(starting: Promise<ShopServer>): Promise<ShopServer> {
  const server = await starting;
  open.push(() => server.stop());
  return server;
}
const shop = (answer: RequestListener) => opened(startShop(answer));
const raw = (talk: (socket: Socket) => void) => opened(startRaw(talk));

const post = (by: WebhookHttpSender, { port }: { readonly port: number }, path = '/hooks?a=1&b=%20') =>
  by.send({ url: `http://127.0.0.1:${port}${path}`, headers: SIGNED, body: BODY });

describe('a request', () => {
  test('arrives as it was written, with the headers that sign it', async () => {
    const server = await shop((_request, response) => response.end('ok'));
    expect(await post(sender(), server)).toMatchObject({ kind: 'answered', status: 200, body: 'ok' });
    expect(server.received).toEqual([
      {
        method: 'POST',
        url: '/hooks?a=1&b=%20',
        body: BODY,
        connection: 1,
        headers: {
          host: `127.0.0.1:${server.port}`,
          'user-agent': 'Paybell-Webhooks/1',
          accept: '*/*',
          'content-type': 'application/json',
          'content-length': String(Buffer.byteLength(BODY)),
          'pay-signature': 't=1,v1=00',
          'webhook-id': '1',
          connection: 'keep-alive',
        },
      },
    ]);
  });

  test('takes the connection that the one before left', async () => {
    const server = await shop((_request, response) => response.end());
    const by = sender();
    for (let i = 0; i < 3; i++) await post(by, server);
    expect(server.received.map(({ connection }) => connection)).toEqual([1, 1, 1]);
  });

  test('takes another connection where the kept one was closed just then', async () => {
    let requests = 0;
    const server = await shop((request, response) => {
      requests += 1;
      if (requests === 2) request.socket.destroy();
      else response.end();
    });
    const by = sender();
    await post(by, server);
    expect(await post(by, server)).toMatchObject({ kind: 'answered', status: 200 });
    expect(server.received.map(({ connection }) => connection)).toEqual([1, 1, 2]);
  });

  test('takes no connection that was kept for more than a minute', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const server = await shop((_request, response) => response.end());
    const by = sender();
    await post(by, server);
    vi.advanceTimersByTime(61_000);
    await post(by, server);
    await post(by, server);
    expect(server.received.map(({ connection }) => connection)).toEqual([1, 1, 2]);
  });

  test('waits for no other to the same server', async () => {
    let release = () => undefined as void;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const server = await shop((request, response) => {
      if (request.url === '/slow') void held.then(() => response.end());
      else response.end();
    });
    const by = sender();
    const slow = Array.from({ length: 20 }, () => post(by, server, '/slow'));
    expect(await post(by, server, '/quick')).toMatchObject({ status: 200 });
    release();
    for (const answer of await Promise.all(slow)) expect(answer).toMatchObject({ status: 200 });
  });
});

describe('an answer', () => {
  test.each([200, 204, 400, 410, 500, 503])('of %i is told', async (status) => {
    const server = await shop((_request, response) => response.writeHead(status).end());
    expect(await post(sender(), server)).toMatchObject({ kind: 'answered', status, retryAfterSeconds: null });
  });

  test.each([
    ['17', 17],
    ['0', 0],
    ['3600', 3_600],
    ['86400', 3_600],
    ['999999999', 3_600],
    ['Sat, 21 Nov 2026 12:00:30 GMT', 30],
    ['Sun, 22 Nov 2026 12:00:00 GMT', 3_600],
    ['Sat, 21 Nov 2026 11:00:00 GMT', null],
    ['-5', null],
    ['1.5', null],
    ['soon', null],
    ['', null],
  ])('with Retry-After %j asks for %j seconds', async (asked, seconds) => {
    const server = await shop((_request, response) =>
      response.writeHead(429, { 'retry-after': asked, date: 'Sat, 21 Nov 2026 12:00:00 GMT' }).end(),
    );
    expect(await post(sender(), server)).toMatchObject({ status: 429, retryAfterSeconds: seconds });
  });

  test('is kept without what lets somebody in, and within bounds', async () => {
    const server = await shop((_request, response) => {
      response.sendDate = false;
      response.setHeader('Set-Cookie', ['session=1', 'b=2']);
      response.setHeader('Authorization', 'Bearer 1');
      response.setHeader('WWW-Authenticate', 'Basic');
      response.setHeader('X-Api-Key', '1');
      response.setHeader('X-CSRF-Token', '1');
      response.setHeader('Vary', ['a', 'b']);
      response.setHeader('X-Long', 'x'.repeat(5_000));
      for (let i = 0; i < 60; i++) response.setHeader(`X-Many-${i}`, 'y');
      response.end();
    });
    const answer = await post(sender(), server);
    const headers = answer.kind === 'answered' ? answer.headers : {};
    expect(headers).toMatchObject({ vary: 'a, b', 'x-long': 'x'.repeat(256), 'x-many-0': 'y' });
    expect(Object.keys(headers)).toHaveLength(32);
    expect(Object.keys(headers).filter((name) => /cookie|auth|key|token/.test(name))).toEqual([]);
  });

  test.each([
    ['one\r\ntwo\tthree', 'one\ntwo\tthree'],
    [Buffer.from([0, 0xff, 0x41, 0x1b, 0x5b, 0x32, 0x4a]), '\uFFFD\uFFFDA\uFFFD[2J'],
    ['abc\u202Egpj.exe', 'abc\uFFFDgpj.exe'],
    [`${'x'.repeat(4_095)}🎉`, 'x'.repeat(4_095)],
    ['y'.repeat(60_000), 'y'.repeat(4_096)],
  ])('shows the beginning of its body as harmless text', async (sent, shown) => {
    const server = await shop((_request, response) => response.end(sent));
    const answer = await post(sender(), server);
    expect(answer).toMatchObject({ kind: 'answered', body: shown });
    expect(isPlainText(answer.kind === 'answered' ? answer.body : '\0')).toBe(true);
  });

  test('without an end is cut after 64 KiB', async () => {
    let written = 0;
    const server = await shop((_request, response) => {
      const chunk = Buffer.alloc(16_384, 'z');
      const pump = () => {
        if (response.destroyed) return;
        written += chunk.length;
        response.write(chunk, pump);
      };
      pump();
    });
    expect(await post(sender(), server)).toMatchObject({ status: 200, body: 'z'.repeat(4_096) });
    expect(written).toBeLessThan(64 * 1024 * 1024);
  });

  test('counts although its body hangs, breaks off or is garbled', async () => {
    const by = sender({ ...PATIENT, bodyMilliseconds: 100 });
    const hangs = await shop((_request, response) => void response.write('half'));
    expect(await post(by, hangs)).toMatchObject({ kind: 'answered', status: 200, body: 'half' });
    const breaks = await raw((socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf'));
    expect(await post(by, breaks)).toMatchObject({ kind: 'answered', status: 200, body: 'half' });
    const garbled = await raw((socket) =>
      socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\nxyz\r\n'),
    );
    expect(await post(by, garbled)).toMatchObject({ kind: 'answered', status: 200 });
  });

  test.each([301, 302, 303, 307, 308])('of %i is told and not followed', async (status) => {
    const target = await shop((_request, response) => response.end());
    const server = await shop((_request, response) =>
      response.writeHead(status, { location: `http://127.0.0.1:${target.port}/` }).end(),
    );
    expect(await post(sender(), server)).toMatchObject({ kind: 'answered', status });
    expect(target.connections()).toBe(0);
  });
});

describe('no answer', () => {
  const hang = () => undefined;
  const slowHeaders = (socket: Socket) => {
    const text = `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(10_000)}`;
    let at = 0;
    const drip = setInterval(() => {
      socket.write(text.charAt(at));
      at += 1;
    }, 10);
    socket.once('close', () => clearInterval(drip));
  };
  const informing = (socket: Socket) => {
    const again = setInterval(() => socket.write('HTTP/1.1 102 Processing\r\n\r\n'), 10);
    socket.once('close', () => clearInterval(again));
  };

  test.each([
    ['a server that says nothing', hang, 'no answer within 400 ms'],
    ['headers byte by byte', slowHeaders, 'no answer within 400 ms'],
    ['interim answers without end', informing, 'no answer within 400 ms'],
  ])('is what %s gives, when the time is over', async (_name, talk, error) => {
    const server = await raw(talk);
    expect(await post(sender(QUICK), server)).toEqual({
      kind: 'failed',
      error,
      durationMs: expect.any(Number),
    });
  });

  test.each([
    ['one that cuts', (socket: Socket) => socket.destroy(), 'the connection was cut'],
    ['one that resets', (socket: Socket) => socket.resetAndDestroy(), 'the connection was cut'],
    [
      'garbage',
      (socket: Socket) => socket.end('SSH-2.0-x\r\n\r\n'),
      'the answer was no HTTP (HPE_INVALID_CONSTANT)',
    ],
    [
      'headers without end',
      (socket: Socket) => socket.end(`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`),
      'the headers of the answer are too long',
    ],
    [
      'another protocol',
      (socket: Socket) =>
        socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n'),
      'the answer was none to a webhook',
    ],
    [
      'two lengths',
      (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx'),
      'the answer was no HTTP (HPE_UNEXPECTED_CONTENT_LENGTH)',
    ],
  ])('is what %s gives', async (_name, talk, error) => {
    const server = await raw(talk);
    expect(await post(sender(), server)).toEqual({ kind: 'failed', error, durationMs: expect.any(Number) });
    expect(server.connections()).toBe(1);
  });

  test('is what a closed port gives', async () => {
    expect(await post(sender(), { port: await freePort() })).toEqual({
      kind: 'failed',
      error: 'the connection was refused',
      durationMs: expect.any(Number),
    });
  });

  test('is what a name gives whose servers do not answer, within the time to connect', async () => {
    const by = sender({ ...PATIENT, connectMilliseconds: 100, resolve: () => new Promise(() => undefined) });
    expect(await by.send({ url: 'http://shop.example/', headers: {}, body: '{}' })).toEqual({
      kind: 'failed',
      error: 'no connection within 100 ms',
      durationMs: expect.any(Number),
    });
  });
});
