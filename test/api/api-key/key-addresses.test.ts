import { beforeAll, describe, expect, test } from 'vitest';
import { createLogger } from '../../../src/server/logging.ts';
import { accepted } from '../../../src/demo/api-client.ts';
import { openMerchant, type DemoMerchant } from '../../../src/demo/merchant.ts';
import * as operations from '../../../src/generated/documents.ts';
import { rowCounts, rowIdOf } from '../../testkit/facts.ts';
import { connectWebSocket } from '../../testkit/live-clients.ts';
import { createMovableClock } from '../../testkit/movable-clock.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { postGraphQL } from '../../testkit/raw-graphql.ts';
import { createInvoice } from '../../testkit/shop.ts';
import { make, tryRevoke, tryUpdate } from './key-shop.ts';

const lines: string[] = [];
const clock = createMovableClock();
const log = createLogger('warn', { write: (line: string) => void lines.push(line) });
const kit = usePlatform({ env: { TRUSTED_PROXIES: '127.0.0.0/8' }, overrides: { clock, log } });
let shop: DemoMerchant;
beforeAll(async () => {
  shop = await openMerchant(kit.platform, 'ranges@shop.example');
});

/** One request with a secret, as it comes through the proxy from an address. */
const from = (address: string, secret: string) =>
  postGraphQL(
    kit.platform.url,
    operations.OwnProjectDocument,
    {},
    { authorization: `Bearer ${secret}`, 'x-forwarded-for': address },
  );
const listedKey = (ipRanges: string[]) => make(shop.owner, { projectId: shop.projectId, ipRanges });

describe('a key with addresses', () => {
  test('works from them, however they are written, and from nowhere else', async () => {
    const { apiKey, secret } = await listedKey(['203.0.113.77/24', '2001:DB8::/32', '::ffff:192.0.2.7']);
    expect(apiKey.ipRanges).toEqual(['203.0.113.0/24', '2001:db8::/32', '192.0.2.7/32']);
    for (const address of ['203.0.113.9', '::ffff:203.0.113.9', '2001:db8:5::1', '192.0.2.7'])
      expect((await from(address, secret)).status, address).toBe(200);
    const before = await rowCounts(kit.database.pool, ['event']);
    for (const address of ['203.0.112.255', '::ffff:198.51.100.1', '2001:db9::1', '192.0.2.8', 'rubbish', ''])
      expect(await from(address, secret), address).toMatchObject({
        status: 401,
        body: {
          errors: [
            {
              message: 'This API key may not be used from this address.',
              extensions: { code: 'UNAUTHENTICATED' },
            },
          ],
        },
      });
    // What stands left of the proxy's own entry is whatever the caller wrote there.
    expect((await from('203.0.113.9, 198.51.100.1', secret)).status).toBe(401);
    expect(await rowCounts(kit.database.pool, ['event'])).toEqual(before);
  });

  test('is logged when it is refused, without the key', async () => {
    const { apiKey, secret } = await listedKey(['203.0.113.0/24']);
    await from('198.51.100.77', secret);
    const said = lines.filter((line) => line.includes('198.51.100.77'));
    expect(said).toHaveLength(1);
    expect(said[0]).toContain(rowIdOf(apiKey.id));
    expect(lines.join('\n')).not.toContain(secret);
  });

  test('was not used when it was refused', async () => {
    const { apiKey, secret } = await listedKey(['203.0.113.0/24']);
    const used = async () => {
      const { rows } = await kit.database.pool.query(
        'SELECT last_used_at AS at, last_used_ip AS ip FROM api_key WHERE id = $1',
        [rowIdOf(apiKey.id)],
      );
      return rows[0];
    };
    await from('198.51.100.1', secret);
    expect(await used()).toEqual({ at: null, ip: null });
    await from('203.0.113.9', secret);
    expect(await used()).toMatchObject({ ip: '203.0.113.9' });
    const { at } = await used();
    await from('203.0.113.10', secret);
    expect(await used()).toEqual({ at, ip: '203.0.113.9' });
    clock.advance({ seconds: 61 });
    await from('203.0.113.10', secret);
    expect(await used()).toMatchObject({ ip: '203.0.113.10' });
  });

  test('is open to every address again with an empty list', async () => {
    const { apiKey, secret } = await listedKey(['203.0.113.0/24']);
    expect((await from('198.51.100.1', secret)).status).toBe(401);
    accepted(await tryUpdate(shop.owner, { apiKeyId: apiKey.id, ipRanges: [] }), 'ApiKey');
    expect((await from('198.51.100.1', secret)).status).toBe(200);
  });
});

describe('an open socket', () => {
  test('is not opened from another address', async () => {
    const { secret } = await listedKey(['203.0.113.0/24']);
    const connection = connectWebSocket(kit.platform.url, secret);
    const refused = connection.iterate(operations.OwnProjectDocument, {}).next();
    await expect(refused).rejects.toMatchObject({ code: 4403 });
    connection.dispose();
  });

  test.each([
    ['its address is taken off the list', { ipRanges: ['203.0.113.0/24'] }],
    ['its scope is taken away', { scopes: ['PROJECT_READ' as const] }],
    ['it is revoked', null],
  ])('of a key is closed with the next event when %s', async (_name, change) => {
    const { apiKey, secret } = await listedKey(['127.0.0.0/8']);
    const connection = connectWebSocket(kit.platform.url, secret);
    const events = connection.iterate(operations.EventsDocument, {});
    let seen = false;
    const first = events.next().then((next) => ((seen = true), next));
    // Subscribing is told to nobody: invoices come until the first is seen.
    await expect.poll(async () => (await createInvoice(shop.test), seen), { timeout: 10_000 }).toBe(true);
    expect((await first).done).toBe(false);
    const rest = (async () => {
      for await (const _event of events);
    })();
    rest.catch(() => undefined);
    if (change) accepted(await tryUpdate(shop.owner, { apiKeyId: apiKey.id, ...change }), 'ApiKey');
    else accepted(await tryRevoke(shop.owner, apiKey.id), 'ApiKey');
    await createInvoice(shop.test);
    expect(await connection.closed).toBe(4403);
    connection.dispose();
  });
});

describe('secrets that nobody has', () => {
  const strange = (i: number) => (i % 2 === 0 ? `pbsk_live_${'x'.repeat(43)}` : `pbss_${'y'.repeat(43)}`);

  test('are refused by address after a hundred; right ones from there are not held up', async () => {
    const { secret } = await make(shop.owner, { projectId: shop.projectId });
    const answers = await Promise.all(
      Array.from({ length: 120 }, async (_, i) => (await from('198.51.100.9', strange(i))).status),
    );
    expect(answers.filter((status) => status === 401)).toHaveLength(100);
    expect(answers.filter((status) => status === 429)).toHaveLength(20);
    const counted = async () =>
      (await kit.database.pool.query(`SELECT sum(count) FROM attempt_count WHERE key LIKE 'token/%'`)).rows;
    const before = await counted();
    const refused = await from('198.51.100.9', strange(0));
    // A flood does not queue up for a row that it has filled.
    expect(await counted()).toEqual(before);
    expect(refused.body.errors).toMatchObject([{ extensions: { code: 'RATE_LIMITED' } }]);
    const seconds = Number(refused.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(300);
    expect((await from('198.51.100.9', secret)).status).toBe(200);
    expect((await from('198.51.100.9', shop.testKey)).status).toBe(200);
    expect((await from('198.51.100.10', strange(0))).status).toBe(401);
    clock.advance({ seconds: 301 });
    expect((await from('198.51.100.9', strange(0))).status).toBe(401);
  });

  test('and keys from a wrong address are counted together', async () => {
    const { secret } = await listedKey(['203.0.113.0/24']);
    const logged = () => lines.filter((line) => line.includes('198.51.100.11')).length;
    const answers = await Promise.all(
      Array.from(
        { length: 110 },
        async (_, i) => (await from('198.51.100.11', i < 60 ? secret : strange(i))).status,
      ),
    );
    expect(answers.filter((status) => status === 429)).toHaveLength(10);
    // The log is no place to be flooded either.
    expect(logged()).toBeLessThanOrEqual(60);
    expect((await from('203.0.113.9', secret)).status).toBe(200);
  });
});
