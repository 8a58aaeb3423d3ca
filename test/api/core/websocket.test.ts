import { once } from 'node:events';
import { createClient } from 'graphql-ws';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { ClientOptions } from 'ws';
import { startCoreServer } from './core-server.ts';
import type { CoreServer, CoreServerOptions } from './core-server.ts';
import { flooded } from './tiny-schema.ts';

let server: CoreServer;
const start = async (options?: CoreServerOptions['sockets']) =>
  (server = await startCoreServer(options ? { sockets: options } : {}));
afterEach(() => server.close());

/** A bare socket that speaks what it is told, and remembers what it heard. */
async function dial(options: ClientOptions = {}, protocols = ['graphql-transport-ws']) {
  const socket = new WebSocket(server.wsUrl, protocols, options);
  const heard: { type: string; id?: string; payload?: unknown }[] = [];
  socket.on('message', (data) => heard.push(JSON.parse((data as Buffer).toString('utf8'))));
  const closed = once(socket, 'close').then(([code]) => Number(code));
  closed.catch(() => {});
  await once(socket, 'open');
  const say = (message: object | string) =>
    socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  return { socket, heard, closed, say };
}

const INIT = { type: 'connection_init' };
const subscribe = (id: string, query: string) => ({ id, type: 'subscribe', payload: { query } });

describe('the protocol’s own close codes', () => {
  test('4400: a message that is none', async () => {
    await start();
    const { say, closed } = await dial();
    say('hello');
    expect(await closed).toBe(4400);
  });

  test('4401: subscribe before connection_init', async () => {
    await start();
    const { say, closed } = await dial();
    say(subscribe('1', 'subscription { never }'));
    expect(await closed).toBe(4401);
  });

  test('4403: credentials that name nobody', async () => {
    await start();
    const { say, closed, heard } = await dial();
    say({ ...INIT, payload: { authorization: 'Bearer bad' } });
    expect(await closed).toBe(4403);
    expect(heard).toEqual([]);
  });

  test('4406: the legacy protocol', async () => {
    await start();
    const socket = new WebSocket(server.wsUrl, 'graphql-ws');
    const [error] = await once(socket, 'error');
    expect(String(error)).toMatch(/subprotocol/);
    const bare = await dial({}, []);
    expect(await bare.closed).toBe(4406);
  });

  test('4408: no connection_init in time', async () => {
    await start({ initTimeoutMs: 30 });
    const { closed } = await dial();
    expect(await closed).toBe(4408);
  });

  test('4409: an id in use', async () => {
    await start();
    const { say, heard, closed } = await dial();
    say(INIT);
    await expect.poll(() => heard.length).toBe(1);
    say(subscribe('1', 'subscription { never }'));
    say(subscribe('1', 'subscription { never }'));
    expect(await closed).toBe(4409);
  });

  test('4429: connection_init twice', async () => {
    await start();
    const { say, closed } = await dial();
    say(INIT);
    say(INIT);
    expect(await closed).toBe(4429);
  });
});

describe('the bounds of a connection', () => {
  test('a message above 64 KiB closes it with 1009', async () => {
    await start();
    const { say, closed } = await dial();
    say(`"${'x'.repeat(64 * 1024)}"`);
    expect(await closed).toBe(1009);
  });

  test('operations past the limit are refused, those before stay', async () => {
    await start({ maxOperations: 2 });
    const { say, heard } = await dial();
    say(INIT);
    await expect.poll(() => heard.length).toBe(1);
    for (const id of ['1', '2', '3']) say(subscribe(id, 'subscription { never }'));
    await expect.poll(() => heard.length).toBe(2);
    expect(heard[1]).toMatchObject({
      id: '3',
      type: 'error',
      payload: [{ extensions: { code: 'LIMIT_EXCEEDED' } }],
    });
    say({ id: '1', type: 'complete' });
    say(subscribe('4', '{ hello }'));
    await expect
      .poll(() => heard.slice(2))
      .toMatchObject([
        { id: '4', type: 'next' },
        { id: '4', type: 'complete' },
      ]);
  });

  test('a socket that does not read is closed with 1013', async () => {
    await start();
    const { socket, say, heard, closed } = await dial();
    say(INIT);
    await expect.poll(() => heard.length).toBe(1);
    socket.pause();
    Object.assign(flooded, { count: 0, goesOn: true });
    for (let id = 0; id < 30; id++) say(subscribe(String(id), 'subscription { flood }'));
    await expect.poll(() => flooded.count).toBeGreaterThanOrEqual(30);
    // One more of each finds the socket full, and what is offered after that only costs time.
    await expect.poll(() => flooded.count).toBeGreaterThanOrEqual(60);
    flooded.goesOn = false;
    socket.resume();
    expect(await closed).toBe(1013);
  });

  test('a socket that answers no ping is dropped', async () => {
    await start({ keepAliveMs: 20 });
    const { closed } = await dial({ autoPong: false });
    expect(await closed).toBe(1006);
  });

  test('a foreign origin gets no socket, a listed one does', async () => {
    await start();
    const foreign = new WebSocket(server.wsUrl, 'graphql-transport-ws', { origin: 'https://evil.test' });
    const [error] = await once(foreign, 'error');
    expect(String(error)).toContain('403');
    const { say, heard } = await dial({ origin: 'https://app.test' });
    say(INIT);
    await expect.poll(() => heard).toEqual([{ type: 'connection_ack' }]);
  });

  test('limits and masking are those of HTTP', async () => {
    await start();
    const { say, heard } = await dial();
    say(INIT);
    await expect.poll(() => heard.length).toBe(1);
    say(subscribe('a', `{ ${'hello '.repeat(1000)} }`));
    say(subscribe('b', '{ fault }'));
    say(subscribe('c', 'subscription { breaks }'));
    say(subscribe('d', '{'));
    await expect
      .poll(() => heard.filter(({ type }) => type === 'complete' || type === 'error').length)
      .toBe(4);
    const by = (id: string) => heard.filter((message) => message.id === id).map(({ payload }) => payload);
    expect(by('a')).toMatchObject([[{ extensions: { code: 'LIMIT_EXCEEDED', limit: { kind: 'tokens' } } }]]);
    expect(by('b')[0]).toMatchObject({ errors: [{ message: 'Internal server error' }] });
    expect(by('c')).toMatchObject([{ data: { breaks: 1 } }, [{ message: 'Internal server error' }]]);
    expect(by('d')).toMatchObject([[{ message: expect.stringContaining('Syntax Error') as string }]]);
    expect(JSON.stringify(heard)).not.toContain('hunter2');
  });
});

describe('the caller of a socket', () => {
  const whoIs = async (options: ClientOptions, payload: object = {}) => {
    const { say, heard } = await dial(options);
    say({ ...INIT, payload });
    await expect.poll(() => heard.length).toBe(1);
    say(subscribe('1', '{ whoAmI }'));
    await expect.poll(() => heard.length).toBe(3);
    return heard[1]?.payload;
  };
  const cookie = 'paybell_session=good';

  test.each([
    ['connection_init', {}, { authorization: 'Bearer good' }, 'alice'],
    ['the upgrade request', { headers: { authorization: 'Bearer good' } }, {}, 'alice'],
    ['nobody', {}, {}, 'ANONYMOUS'],
    ['a cookie of our page', { headers: { cookie }, origin: 'http://shop.test' }, {}, 'alice'],
    ['a cookie without an origin', { headers: { cookie } }, {}, 'ANONYMOUS'],
  ])('%s', async (_name, options, payload, whoAmI) => {
    await start();
    expect(await whoIs(options, payload)).toMatchObject({ data: { whoAmI } });
  });

  test('rights that are gone close it with 4403', async () => {
    await start();
    const { say, heard, closed } = await dial();
    say(INIT);
    await expect.poll(() => heard.length).toBe(1);
    server.rights.held = false;
    say(subscribe('1', 'subscription { guarded }'));
    expect(await closed).toBe(4403);
    expect(heard.filter(({ type }) => type === 'next')).toEqual([]);
  });
});

test('the official client follows a subscription and queries', async () => {
  await start();
  const client = createClient({ url: server.wsUrl, webSocketImpl: WebSocket, retryAttempts: 0 });
  const seen: unknown[] = [];
  for await (const { data } of client.iterate({ query: 'subscription { count(to: 3) }' })) seen.push(data);
  for await (const { data } of client.iterate({ query: '{ hello }' })) seen.push(data);
  expect(seen).toEqual([{ count: 1 }, { count: 2 }, { count: 3 }, { hello: 'world' }]);
  await client.dispose();
});

test('a stop tells every socket to go away', async () => {
  await start();
  const { closed } = await dial();
  await server.sockets.close(2_000);
  expect(await closed).toBe(1001);
});
