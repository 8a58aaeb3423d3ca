import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { sendPages, type Sent, type Sending } from '../../../src/server/export/send-pages.ts';

const PAGE = 'x'.repeat(1_000_000);
const NEVER: Sending = { cut: new AbortController().signal, stallMs: 60_000 };

/** Sends pages to one client of ours, a socket that reads only what the test reads. */
async function sending(pages: AsyncIterable<string>, options: Sending, version: '1.0' | '1.1' = '1.1') {
  const { promise: sent, resolve, reject } = Promise.withResolvers<Sent>();
  const server = createServer((_request, response) => {
    sendPages(response, pages, options).then(resolve, reject);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1').pause();
  const ended = once(client, 'close').then(
    () => 'in order',
    () => 'by a reset',
  );
  client.write(`GET / HTTP/${version}\r\nHost: here\r\nConnection: close\r\n\r\n`);
  return { sent, client, ended, close: () => server.close() };
}

async function* endless(asked: { pages: number }): AsyncGenerator<string> {
  for (;;) {
    asked.pages += 1;
    yield PAGE;
  }
}

async function* broken(): AsyncGenerator<string> {
  yield PAGE;
  throw new Error('the database is gone');
}

test('a reader that takes nothing for too long is let go', async () => {
  const asked = { pages: 0 };
  const { sent, client, ended, close } = await sending(endless(asked), { ...NEVER, stallMs: 100 });
  expect(await sent).toBe('STALLED');
  client.resume();
  expect(await ended).toBe('by a reset');
  expect(asked.pages).toBeLessThan(50);
  close();
});

test.each(['1.0', '1.1'] as const)('a fault over HTTP/%s is told by a reset', async (version) => {
  const { sent, client, ended, close } = await sending(broken(), NEVER, version);
  client.resume();
  await expect(sent).rejects.toThrow('the database is gone');
  expect(await ended).toBe('by a reset');
  close();
});

test('a cut while the reader is waited for is done at once', async () => {
  const cut = new AbortController();
  const asked = { pages: 0 };
  const { sent, ended, client, close } = await sending(endless(asked), { ...NEVER, cut: cut.signal });
  await expect.poll(() => asked.pages).toBeGreaterThan(0);
  cut.abort();
  expect(await sent).toBe('CUT');
  client.resume();
  expect(await ended).toBe('by a reset');
  close();
});

test('a reader that leaves ends the pages', async () => {
  const asked = { pages: 0 };
  const { sent, client, close } = await sending(endless(asked), NEVER);
  await expect.poll(() => asked.pages).toBeGreaterThan(0);
  client.destroy();
  expect(await sent).toBe('LEFT');
  close();
});

test('what is read to its end ends in order', async () => {
  const { sent, client, ended, close } = await sending(
    (async function* () {
      yield PAGE;
      yield PAGE;
    })(),
    NEVER,
    '1.0',
  );
  let received = 0;
  client.on('data', (chunk: Buffer) => (received += chunk.length)).resume();
  expect(await sent).toBe('SENT');
  expect(await ended).toBe('in order');
  expect(received).toBeGreaterThan(2 * PAGE.length);
  close();
});
