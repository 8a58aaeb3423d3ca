import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { afterEach, expect, test, vi } from 'vitest';
import { startCoreServer, type CoreServer } from './core-server.ts';

let server: CoreServer;
afterEach(() => server.close());

/** An event stream that is read by hand. */
async function openStream(query: string): Promise<IncomingMessage> {
  const headers = { 'content-type': 'application/json', accept: 'text/event-stream' };
  const sent = request(server.url, { method: 'POST', headers });
  sent.end(JSON.stringify({ query }));
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return response;
}
const revoke = (): void => server.watched.forEach((close) => close());

test('a stream on which nothing happens tells FORBIDDEN and ends', async () => {
  server = await startCoreServer();
  const stream = await openStream('subscription { never }');
  expect(server.watched.size).toBe(1);
  revoke();
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  expect(text).toMatch(/event: next\ndata: \{"errors":\[.*"code":"FORBIDDEN".*\n\nevent: complete\n/s);
  await vi.waitUntil(() => server.watched.size === 0);
});

test('a stream that its reader does not read is cut', async () => {
  server = await startCoreServer();
  const stream = await openStream('subscription { flood }');
  stream.pause();
  const cut = once(stream.socket, 'close');
  revoke();
  stream.socket.on('error', () => undefined);
  stream.on('error', () => undefined);
  await vi.waitUntil(() => server.watched.size === 0, { timeout: 5_000 });
  stream.resume();
  await cut;
});

test('a stream that ends by itself and a plain answer are watched no longer', async () => {
  server = await startCoreServer();
  const stream = await openStream('subscription { count(to: 3) }');
  for await (const _chunk of stream);
  await server.query('{ hello }', { accept: 'text/event-stream, application/json' }).catch(() => undefined);
  await vi.waitUntil(() => server.watched.size === 0);
});
