import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { afterEach, expect, test, vi } from 'vitest';
import { startCoreServer, type CoreServer } from './core-server.ts';
import { flooded } from './tiny-schema.ts';

let server: CoreServer;
afterEach(() => server.close());

async function openStream(query: string): Promise<IncomingMessage> {
  const headers = { 'content-type': 'application/json', accept: 'text/event-stream' };
  const sent = request(server.url, { method: 'POST', headers });
  sent.end(JSON.stringify({ query }));
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  response.on('error', () => undefined);
  return response;
}

test('an event stream whose reader stopped reading is cut, and what feeds it stops', async () => {
  server = await startCoreServer({ stallMs: 50 });
  flooded.count = 0;
  const stream = await openStream('subscription { flood }');
  stream.pause();
  await vi.waitUntil(() => server.watched.size === 0, { timeout: 10_000 });
  const told = flooded.count;
  await server.query('{ hello }');
  expect(flooded.count).toBe(told);
  const closed = new Promise((resolve) => stream.once('close', resolve));
  stream.resume();
  await closed;
});

test('an idle stream and one that is read stay open', async () => {
  server = await startCoreServer({ stallMs: 500 });
  flooded.count = 0;
  const idle = await openStream('subscription { never }');
  const read = await openStream('subscription { flood }');
  let chunks = 0;
  read.on('data', () => (chunks += 1));
  await vi.waitUntil(() => chunks > 100, { timeout: 10_000 });
  expect(server.watched.size).toBe(2);
  idle.destroy();
  read.destroy();
  await vi.waitUntil(() => server.watched.size === 0);
});
