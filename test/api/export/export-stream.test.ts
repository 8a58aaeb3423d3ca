import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import pg from 'pg';
import { openMerchant, type DemoMerchant } from '../../../src/demo/merchant.ts';
import * as operations from '../../../src/generated/documents.ts';
import { globalIdOf } from '../../testkit/facts.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { askExport, insertInvoices, linesOf, openExport } from './export-kit.ts';

const ROWS = 5_000;
/** So that an export is far longer than what the sockets of both sides hold. */
const LENGTH = 3_000;

const kit = usePlatform();
let merchant: DemoMerchant;
beforeAll(async () => {
  merchant = await openMerchant(kit.platform, 'ada@shop.example');
  await insertInvoices(kit.database.pool, merchant, ROWS, LENGTH);
});

const nameOf = (statement: unknown): string =>
  typeof statement === 'object' && statement !== null && 'name' in statement ? String(statement.name) : '';

/** Pages that were read of the database since the test began. */
let pages = (): number => 0;
beforeEach(() => {
  const spy = vi.spyOn(pg.Client.prototype, 'query');
  pages = () =>
    spy.mock.calls.filter(([statement]: readonly unknown[]) => nameOf(statement).startsWith('invoice_page_'))
      .length;
  return () => spy.mockRestore();
});

const asked = (token = merchant.testKey) => ({ token, columns: 'orderId,description' });
const open = (token?: string) => openExport(kit.platform.url, 'invoices.jsonl', asked(token));
const status = async (token = merchant.testKey) => {
  const response = await askExport(kit.platform.url, 'invoices.jsonl', {
    token,
    columns: 'id',
    filter: { orderId: 'nobody' },
  });
  return response.status;
};
const ALL = Array.from({ length: ROWS }, (_, n) => `order-${ROWS - n}`);

/** Waits until the server reads no more: its reader is full. */
async function settled(): Promise<number> {
  let before = -1;
  await vi.waitUntil(
    () => {
      const now = pages();
      const isSettled = now === before;
      before = now;
      return isSettled && now > 0;
    },
    { interval: 500, timeout: 10_000 },
  );
  return before;
}

describe('a slow reader', () => {
  test('is waited for: pages are read as it reads, and it gets every row once', async () => {
    const reader = await open();
    const atRest = await settled();
    const needed = (ROWS * LENGTH) / 1_000_000;
    expect(atRest).toBeLessThan(needed * 0.7);
    await reader.readSome(6_000_000);
    expect(await settled()).toBeGreaterThan(atRest);
    const text = await reader.rest();
    expect(linesOf(String(text)).map((row) => row['orderId'])).toEqual(ALL);
    expect(reader.response.complete).toBe(true);
  });

  test('that leaves stops the pages, and frees its turn', async () => {
    const readers = await Promise.all([open(), open(), open()]);
    await settled();
    expect(await status()).toBe(429);
    for (const reader of readers) reader.leave();
    await vi.waitUntil(async () => (await status()) === 200, { timeout: 10_000 });
    const left = await settled();
    expect(left).toBeLessThan(3 * ((ROWS * LENGTH) / 1_000_000));
  });
});

describe('too many at once', () => {
  test('of a merchant are told when to come again, and hold up no other', async () => {
    const other = await openMerchant(kit.platform, 'bea@shop.example');
    const readers = await Promise.all([open(), open(), open()]);
    const refused = await askExport(kit.platform.url, 'invoices.csv', { token: merchant.liveKey });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '5']);
    expect(await status(other.testKey)).toBe(200);
    for (const reader of readers) reader.leave();
    await vi.waitUntil(async () => (await status()) === 200, { timeout: 10_000 });
  });
});

describe('an export is cut, so that nobody takes it for a whole one', () => {
  const newKey = async () => {
    const { apiKeyCreate } = await merchant.owner.send(operations.ApiKeyCreateDocument, {
      input: { projectId: merchant.projectId, mode: 'TEST', kind: 'SECRET', name: 'export' },
    });
    if (apiKeyCreate.__typename !== 'ApiKeyCreatePayload') throw new Error(apiKeyCreate.__typename);
    return apiKeyCreate.secret;
  };

  test('when its key is revoked', async () => {
    const secret = await newKey();
    const reader = await open(secret);
    await reader.readSome(100_000);
    const { rows } = await kit.database.pool.query<{ id: string }>(
      `SELECT id FROM api_key WHERE name = 'export' AND revoked_at IS NULL`,
    );
    await merchant.owner.send(operations.ApiKeyRevokeDocument, {
      input: { apiKeyId: globalIdOf('ApiKey', rows[0]?.id ?? '') },
    });
    expect(await reader.rest()).toBeInstanceOf(Error);
    expect(reader.response.complete).toBe(false);
    expect(await status(secret)).toBe(401);
  });

  test('when its right is gone without a word: it is asked again every few pages', async () => {
    const secret = await newKey();
    const reader = await open(secret);
    await reader.readSome(100_000);
    await kit.database.pool.query(`UPDATE api_key SET scopes = '{}' WHERE name = 'export'`);
    expect(await reader.rest()).toBeInstanceOf(Error);
    expect(reader.response.complete).toBe(false);
  });

  test('when the list cannot be read any more', async () => {
    const reader = await open();
    await settled();
    await kit.database.pool.query('ALTER TABLE invoice RENAME COLUMN description TO hidden');
    try {
      expect(await reader.rest()).toBeInstanceOf(Error);
      expect(reader.response.complete).toBe(false);
      expect((await askExport(kit.platform.url, 'invoices.csv', asked())).status).toBe(500);
    } finally {
      await kit.database.pool.query('ALTER TABLE invoice RENAME COLUMN hidden TO description');
    }
    expect(await status()).toBe(200);
  });

  test('when the gateway stops and it is not read to its end soon; another one ends in order', async () => {
    const unread = await open();
    const read = await openExport(kit.platform.url, 'invoices.jsonl', {
      ...asked(),
      filter: { createdBefore: '2026-01-01T00:00:01.001Z' },
    });
    const stopped = kit.platform.gateway.stop();
    expect(linesOf(String(await read.rest()))).toHaveLength(1_000);
    expect(read.response.complete).toBe(true);
    await stopped;
    expect(await unread.rest()).toBeInstanceOf(Error);
    expect(unread.response.complete).toBe(false);
  });
});
