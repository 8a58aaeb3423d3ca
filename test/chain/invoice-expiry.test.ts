import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createChainStore } from '../../src/adapters/db/chain-store.ts';
import { createInvoiceStore } from '../../src/adapters/db/invoice-store.ts';
import { uuidSource as ids } from '../../src/adapters/system/uuid-source.ts';
import { invoicesExpire } from '../../src/usecases/invoice/invoices-expire.ts';
import type { ExpiredInvoice } from '../../src/usecases/ports/invoice-store.ts';
import { createInvoiceExpiry } from '../../src/workers/invoice-expiry.ts';
import { createTestDatabase, type TestDatabase } from '../testkit/database.ts';

const EXPIRY = new Date('2026-11-21T08:00:00Z');
const after = (seconds: number) => new Date(EXPIRY.getTime() + seconds * 1000);
const HOUR = 3600;
const merchantId = ids.next();
const projectId = ids.next();

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await db.pool.query(
    `INSERT INTO merchant (id, name, type, created_at) VALUES ($1, 'Shop', 'BUSINESS', now())`,
    [merchantId],
  );
  await db.pool.query(
    `INSERT INTO project (id, merchant_id, name, moderation, invoice_lifetime_seconds, created_at)
     VALUES ($1, $2, 'Shop', 'ACTIVE', 600, now())`,
    [projectId, merchantId],
  );
});
afterAll(() => db.drop());
beforeEach(() => db.pool.query('TRUNCATE invoice, quote, chain_cursor, chain_block CASCADE'));

async function invoice(
  mode: 'LIVE' | 'TEST',
  networks: readonly string[],
  expiresAt = EXPIRY,
): Promise<string> {
  const id = ids.next();
  await db.pool.query(
    `INSERT INTO invoice (id, merchant_id, project_id, mode, currency, amount, created_at, expires_at)
     VALUES ($1, $2, $3, $4, 'USD', 1000, now(), $5)`,
    [id, merchantId, projectId, mode, expiresAt],
  );
  for (const network of networks) {
    await db.pool.query(
      `INSERT INTO quote (id, invoice_id, asset, network, price, amount, rate, rate_source, rate_at, address, created_at,
         expires_at) VALUES ($1, $2, 'USDT', $3, 1, 1, 1, 'test', now(), 'x', now(), $4)`,
      [ids.next(), id, network, expiresAt],
    );
  }
  return id;
}

const due = async (at: Date) =>
  (await createInvoiceStore(db.pool, ids).expired(at, 10, null)).map((found) => found.id);

describe('an invoice whose time is over', () => {
  const block = { height: 7n, hash: '0x7' };
  const store = () => createChainStore(db.pool);

  it('waits until its networks are read to a head of after its expiry', async () => {
    const waiting = await invoice('LIVE', ['ETHEREUM', 'NEVER_READ']);
    await store().advance('ETHEREUM', block, 3, EXPIRY);
    expect(await due(after(60))).toEqual([]);
    await store().caughtUp('ETHEREUM', block, after(-1));
    expect(await due(after(60))).toEqual([]);
    // Blocks of the past that are taken in now prove nothing.
    await store().advance('ETHEREUM', { height: 8n, hash: '0x8' }, 3, EXPIRY);
    expect(await due(after(60))).toEqual([]);
    await store().caughtUp('ETHEREUM', { height: 8n, hash: '0x8' }, EXPIRY);
    expect(await due(after(60))).toEqual([waiting]);
  });

  it('waits a day at most', async () => {
    const waiting = await invoice('LIVE', ['ETHEREUM']);
    await store().advance('ETHEREUM', block, 3, EXPIRY);
    expect(await due(after(24 * HOUR - 1))).toEqual([]);
    expect(await due(after(24 * HOUR))).toEqual([waiting]);
  });

  it('waits for no network that is not read, that it has no quote on, or in TEST mode', async () => {
    await store().advance('ETHEREUM', block, 3, EXPIRY);
    const free = [
      await invoice('LIVE', []),
      await invoice('LIVE', ['NEVER_READ']),
      await invoice('TEST', ['ETHEREUM']),
    ];
    expect((await due(EXPIRY)).toSorted()).toEqual(free.toSorted());
    expect(await due(after(-1))).toEqual([]);
  });
});

it('is read in pages that leave none out, though many end in one moment', async () => {
  const made = new Set<string>();
  for (let i = 0; i < 5; i++) made.add(await invoice('TEST', [], i < 3 ? EXPIRY : after(-1)));
  const { expired } = createInvoiceStore(db.pool, ids);
  const seen: ExpiredInvoice[] = [];
  for (let page = await expired(EXPIRY, 2, null); page.length > 0;) {
    seen.push(...page);
    page = await expired(EXPIRY, 2, seen.at(-1) ?? null);
  }
  expect(seen.length).toBe(5);
  expect(new Set(seen.map((found) => found.id))).toEqual(made);
});

it('goes past invoices that cannot be expired, and tells which', async () => {
  const poison = Array.from({ length: 250 }, (_, i) => ({ id: `poison ${i}`, expiresAt: after(i) }));
  const rows = [...poison, { id: 'sound', expiresAt: after(300) }];
  const ending = new AbortController();
  const told: object[] = [];
  const log = (fields: object) => void told.push(fields);
  const expiry = createInvoiceExpiry({
    invoicesExpire: invoicesExpire({
      ids,
      contextOf: () => Promise.reject(new Error('nobody asks')),
      clock: { now: () => after(HOUR) },
      invoices: {
        expired: (_at, limit, last) => {
          const from = last ? rows.findIndex((row) => row.id === last.id) + 1 : 0;
          return Promise.resolve(rows.slice(from, from + limit));
        },
      },
      writeInvoice(key) {
        if (!('invoiceId' in key && key.invoiceId === 'sound')) return Promise.reject(new Error('poison'));
        ending.abort();
        return Promise.resolve(null);
      },
    }),
    leader: { lead: (_name, signal, work) => work(signal) },
    logger: { info: log, warn: log, error: log },
  });
  await expiry.run(ending.signal);
  expect(told).toEqual(poison.map(({ id }) => ({ invoiceId: id, err: new Error('poison') })));
});
