import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RateSourceError } from '../../src/adapters/rates/rate-source.ts';
import { createSourceHttp, type SourceHttpOptions } from '../../src/adapters/rates/source-http.ts';
import { startRateServer, status, type RateServer, type Reply } from './rate-server.ts';

let server: RateServer;
beforeAll(async () => {
  server = await startRateServer();
});
afterAll(() => server.stop());

let asked = 0;
async function ask(reply: Reply, options: SourceHttpOptions = {}, signal = new AbortController().signal) {
  asked += 1;
  server.answer(`/${asked}/`, reply);
  return createSourceHttp(options)(`${server.root}/${asked}/`, signal);
}
/** The failure of a question. */
async function failure(...question: Parameters<typeof ask>): Promise<RateSourceError> {
  try {
    await ask(...question);
  } catch (error) {
    if (error instanceof RateSourceError) return error;
    throw error;
  }
  throw new Error('it was answered');
}

describe('a question over HTTP', () => {
  test('gets the body', async () => {
    expect(await ask('{"ok":"grün"}')).toBe('{"ok":"grün"}');
  });

  test.each([500, 502, 503, 403, 404, 204, 429])('fails with %i', async (code) => {
    expect(await failure(status(code))).toMatchObject({
      message: `answered ${code}`,
      status: code,
      retryAfterSeconds: null,
    });
  });

  test.each([
    ['17', 17],
    [' 0 ', 0],
    ['-5', null],
    ['soon', null],
    ['Fri, 06 Nov 2026 12:01:30 GMT', 90],
    ['Fri, 06 Nov 2026 11:00:00 GMT', null],
  ])('learns from a 429 to wait %j', async (header, seconds) => {
    const reply = status(429, { 'retry-after': header, date: 'Fri, 06 Nov 2026 12:00:00 GMT' });
    expect(await failure(reply)).toMatchObject({ status: 429, retryAfterSeconds: seconds });
  });

  test('is not led elsewhere', async () => {
    server.answer('/elsewhere', 'led');
    for (const code of [301, 302, 307, 308])
      expect(await failure(status(code, { location: `${server.root}/elsewhere` }))).toMatchObject({
        message: `answered ${code}`,
      });
    expect(server.requests.filter(({ url }) => url.pathname === '/elsewhere')).toEqual([]);
  });

  test('fails when no answer comes in time, neither its head nor the rest of its body', async () => {
    const soon = { timeoutMilliseconds: 150 };
    expect((await failure(() => undefined, soon)).message).toBe('no answer within 150 ms');
    const slow: Reply = (response) => void response.writeHead(200).write('{"bitcoin":');
    expect((await failure(slow, soon)).message).toBe('no answer within 150 ms');
  });

  test('ends at a bound of size, told or not, packed or not', async () => {
    const small = { maxBytes: 1_000 };
    expect(await ask('x'.repeat(1_000), small)).toHaveLength(1_000);
    expect((await failure('x'.repeat(1_001), small)).message).toBe('answered more than 1000 bytes');
    const endless: Reply = (response) => {
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      };
      response.on('drain', more);
      more();
    };
    expect((await failure(endless, small)).message).toBe('answered more than 1000 bytes');
    const packed: Reply = (response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('x'.repeat(10_000_000)));
    expect((await failure(packed)).message).toBe(`answered more than ${512 * 1024} bytes`);
  });

  test('fails when nobody is there, or the connection breaks', async () => {
    const gone = await startRateServer();
    await gone.stop();
    const get = createSourceHttp();
    await expect(get(`${gone.root}/`, new AbortController().signal)).rejects.toThrow('cannot be reached');
    expect((await failure((response) => response.destroy())).message).toBe('cannot be reached');
    const torn: Reply = (response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{"bitcoin"');
      setImmediate(() => response.destroy());
    };
    expect((await failure(torn)).message).toBe('cannot be reached');
  });

  test('ends at once when the gateway closes, with no failure of the source', async () => {
    const closing = new AbortController();
    const reply: Reply = () => closing.abort();
    await expect(ask(reply, {}, closing.signal)).rejects.toThrow(/abort/i);
  });
});
