import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { afterEach, expect, test, vi } from 'vitest';
import {
  createWebhookSender,
  type WebhookSenderOptions,
} from '../../../src/adapters/webhook/webhook-sender.ts';
import { ownCertificate } from './own-certificate.ts';
import { startRaw, startShop } from './shop-server.ts';

const CERTIFICATE = ownCertificate('shop.example');
const TRUSTING = {
  allowHttp: false,
  allowPrivate: true,
  resolve: async () => ['127.0.0.1'],
  ca: CERTIFICATE.cert,
};

const closing: (() => unknown)[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const close of closing.splice(0)) await close();
});

async function startTlsShop() {
  const names: unknown[] = [];
  const server = await startShop(
    ({ socket }, response) => {
      names.push(socket instanceof TLSSocket && socket.servername);
      response.end('ok');
    },
    { tls: CERTIFICATE },
  );
  closing.push(() => server.stop());
  return { ...server, names };
}

async function send(url: string, options: WebhookSenderOptions) {
  const sender = createWebhookSender(options);
  closing.push(() => sender.close());
  return sender.send({ url, headers: {}, body: '{}' });
}

test('the name stays what is asked for and what the certificate must hold, whatever address it led to', async () => {
  const server = await startTlsShop();
  for (const name of ['shop.example', 'SHOP.example.'])
    expect(await send(`https://${name}:${server.port}/`, TRUSTING)).toMatchObject({
      status: 200,
      body: 'ok',
    });
  expect(server.names).toEqual(['shop.example', 'shop.example']);
  expect(server.received.map(({ headers }) => headers.host)).toEqual([
    `shop.example:${server.port}`,
    `shop.example:${server.port}`,
  ]);
});

test('a certificate that nobody vouches for is refused, whatever the environment says', async () => {
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
  const server = await startTlsShop();
  const { ca: _ca, ...others } = TRUSTING;
  expect(await send(`https://shop.example:${server.port}/`, others)).toMatchObject({
    kind: 'failed',
    error: 'the certificate is self-signed',
  });
  expect(server.received).toEqual([]);
});

test('a certificate for another name is refused', async () => {
  const server = await startTlsShop();
  for (const host of ['other.example', '127.0.0.1'])
    expect(await send(`https://${host}:${server.port}/`, TRUSTING)).toMatchObject({
      kind: 'failed',
      error: 'the certificate is for another name',
    });
  expect(server.received).toEqual([]);
});

test('a server without TLS gets nothing that can be read', async () => {
  const heard: Buffer[] = [];
  const server = await startRaw((socket: Socket) => {
    socket.on('data', (chunk: Buffer) => heard.push(chunk));
    socket.end('HTTP/1.1 200 OK\r\n\r\n');
  });
  closing.push(() => server.stop());
  expect(await send(`https://shop.example:${server.port}/`, TRUSTING)).toMatchObject({
    kind: 'failed',
    error: 'the encrypted connection failed',
  });
  expect(Buffer.concat(heard).toString('latin1')).not.toContain('POST');
});

test('a server that never ends the handshake is left after the time to connect', async () => {
  const server = await startRaw(() => undefined);
  closing.push(() => server.stop());
  expect(
    await send(`https://shop.example:${server.port}/`, { ...TRUSTING, connectMilliseconds: 200 }),
  ).toMatchObject({ kind: 'failed', error: 'no connection within 200 ms' });
});
