import { once } from 'node:events';
import { request, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Actor } from '../../../src/domain/access/actor.ts';
import { userActor } from '../../testkit/actors.ts';
import { startCoreServer, type CoreServer, type CoreServerOptions } from './core-server.ts';

const PROXY = { trustedProxies: ['127.0.0.1'] };
const shopKey = (apiKeyId: string, kind: 'SECRET' | 'PUBLISHABLE'): Actor => ({
  type: 'API_KEY',
  apiKeyId,
  kind,
  scopes: [],
  merchantId: 'shop',
  projectId: 'project',
  mode: 'LIVE',
});
const ACTORS: Readonly<Record<string, Actor>> = {
  ada: userActor('ada'),
  'ada-elsewhere': { ...userActor('ada'), sessionId: 'elsewhere' },
  bob: userActor('bob'),
  secret: shopKey('secret', 'SECRET'),
  publishable: shopKey('publishable', 'PUBLISHABLE'),
};

let server: CoreServer;
afterEach(() => server.close());
const start = async (options: CoreServerOptions = {}) =>
  (server = await startCoreServer({
    authenticate: async ({ bearer = '' }) => ACTORS[bearer] ?? 'invalid',
    ...options,
  }));

interface Caller {
  readonly ip?: string;
  readonly as?: string;
}
const headersOf = ({ ip, as = 'ada' }: Caller) => ({
  authorization: `Bearer ${as}`,
  ...(ip === undefined ? {} : { 'x-forwarded-for': ip }),
});

/** The HTTP status of an upgrade that is refused, or the socket. */
async function upgrade(caller: Caller = {}): Promise<number | WebSocket> {
  const socket = new WebSocket(server.wsUrl, 'graphql-transport-ws', { headers: headersOf(caller) });
  return new Promise((resolve) => {
    socket.once('open', () => resolve(socket));
    socket.once('unexpected-response', (_request, { statusCode = 0 }: IncomingMessage) => {
      socket.once('error', () => undefined);
      socket.terminate();
      resolve(statusCode);
    });
  });
}

/** A socket after connection_init: the close code where it is refused. */
async function connect(caller: Caller = {}): Promise<number | WebSocket> {
  const socket = await upgrade(caller);
  if (typeof socket === 'number') return socket;
  const answered = once(socket, 'message').then(() => socket);
  const closed = once(socket, 'close').then(([code]) => Number(code));
  socket.send('{"type":"connection_init"}');
  return Promise.race([answered, closed]);
}

const AS_STREAM = { 'content-type': 'application/json', accept: 'text/event-stream' };
const FOLLOW = '{"query":"subscription { never }"}';

/** An event stream: the HTTP status, and what cuts it. */
async function stream(caller: Caller = {}): Promise<{ status: number | undefined; cut: () => void }> {
  const headers = { ...headersOf(caller), ...AS_STREAM };
  const sent = request(server.url, { method: 'POST', headers });
  sent.end(FOLLOW);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  response.once('error', () => undefined);
  return { status: response.statusCode, cut: () => void response.destroy() };
}

const isOpen = (found: number | WebSocket): found is WebSocket => typeof found !== 'number';

describe('of one address', () => {
  test('one socket too many is answered 429 before the upgrade; one that was closed makes room', async () => {
    await start({ connections: { perAddress: 2 } });
    const first = await upgrade();
    expect(isOpen(first) && isOpen(await upgrade({ as: 'bob' }))).toBe(true);
    expect(await upgrade({ as: 'bob' })).toBe(429);
    if (isOpen(first)) first.terminate();
    await expect.poll(async () => isOpen(await upgrade())).toBe(true);
    expect(await upgrade()).toBe(429);
  });

  test('a silent socket counts, without saying who it is', async () => {
    await start({ connections: { perAddress: 1 } });
    expect(isOpen(await upgrade({ as: 'nobody' }))).toBe(true);
    expect(await upgrade()).toBe(429);
  });

  test('another address has its own; neighbours in an IPv6 network of 64 bits have one', async () => {
    await start({ ...PROXY, connections: { perAddress: 1 } });
    expect(isOpen(await upgrade({ ip: '203.0.113.1' }))).toBe(true);
    expect(isOpen(await upgrade({ ip: '203.0.113.2' }))).toBe(true);
    expect(isOpen(await upgrade({ ip: '2001:db8:1:2::1' }))).toBe(true);
    expect(await upgrade({ ip: '2001:db8:1:2:ffff::2' })).toBe(429);
    expect(isOpen(await upgrade({ ip: '2001:db8:1:3::1' }))).toBe(true);
  });

  test('an upgrade that fails leaves nothing counted', async () => {
    await start({ connections: { perAddress: 1 } });
    const sent = request(server.url, { headers: { connection: 'Upgrade', upgrade: 'websocket' } });
    sent.end();
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    expect(response.statusCode).toBe(400);
    response.destroy();
    await expect.poll(async () => isOpen(await upgrade())).toBe(true);
  });
});

describe('of one account', () => {
  test('one socket too many is closed with 4429, whatever its session or address', async () => {
    await start({ ...PROXY, connections: { perAccount: 2 } });
    const first = await connect({ ip: '203.0.113.1' });
    expect(isOpen(first) && isOpen(await connect({ as: 'ada-elsewhere', ip: '203.0.113.2' }))).toBe(true);
    expect(await connect({ ip: '203.0.113.3' })).toBe(4429);
    expect(isOpen(await connect({ as: 'bob' }))).toBe(true);
    if (isOpen(first)) first.close();
    await expect.poll(async () => isOpen(await connect())).toBe(true);
    expect(await connect()).toBe(4429);
  });

  test('a secret key is an account; a publishable one stands in the shop’s page and is none', async () => {
    await start({ connections: { perAccount: 1 } });
    expect(isOpen(await connect({ as: 'secret' }))).toBe(true);
    expect(await connect({ as: 'secret' })).toBe(4429);
    expect(isOpen(await connect({ as: 'publishable' }))).toBe(true);
    expect(isOpen(await connect({ as: 'publishable' }))).toBe(true);
  });
});

describe('event streams', () => {
  test('count with the sockets and are answered 429', async () => {
    await start({ connections: { perAccount: 2 } });
    const first = await stream();
    expect(first.status).toBe(200);
    expect(isOpen(await connect())).toBe(true);
    expect((await stream()).status).toBe(429);
    expect(await connect()).toBe(4429);
    expect((await stream({ as: 'bob' })).status).toBe(200);
    first.cut();
    await expect.poll(async () => isOpen(await connect())).toBe(true);
  });

  test('what the address refuses does not count for the account', async () => {
    await start({ ...PROXY, connections: { perAddress: 1, perAccount: 2 } });
    expect((await stream({ ip: '203.0.113.1' })).status).toBe(200);
    expect((await stream({ ip: '203.0.113.1' })).status).toBe(429);
    expect((await stream({ ip: '203.0.113.2' })).status).toBe(200);
    expect((await stream({ ip: '203.0.113.3' })).status).toBe(429);
  });

  test('one that is gone before its caller is known is neither counted nor watched', async () => {
    const { promise: known, resolve: beKnown } = Promise.withResolvers<Actor>();
    const asked = Promise.withResolvers<void>();
    await start({
      connections: { perAccount: 1 },
      authenticate: async ({ bearer }) => {
        if (bearer !== 'slow') return userActor('ada');
        asked.resolve();
        return known;
      },
    });
    const arrived = once(server.http.server, 'request') as Promise<[IncomingMessage, ServerResponse]>;
    const sent = request(server.url, {
      method: 'POST',
      headers: { ...headersOf({ as: 'slow' }), ...AS_STREAM },
    });
    sent.once('error', () => undefined);
    sent.end(FOLLOW);
    await asked.promise;
    const [, response] = await arrived;
    const gone = once(response, 'close');
    sent.destroy();
    await gone;
    beKnown(userActor('ada'));
    expect((await stream()).status).toBe(200);
    expect(server.watched.size).toBe(1);
  });

  test('queries are answered at any number of streams', async () => {
    await start({ connections: { perAccount: 1, perAddress: 1 } });
    expect((await stream()).status).toBe(200);
    const { body } = await server.query('{ hello }', headersOf({}));
    expect(body.data).toEqual({ hello: 'world' });
  });
});

test('without limits there are none', async () => {
  await start();
  const found = await Promise.all(Array.from({ length: 60 }, () => connect()));
  expect(found.every(isOpen)).toBe(true);
});
