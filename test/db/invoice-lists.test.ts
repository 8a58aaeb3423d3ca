import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { v7 } from 'uuid';
import { createInvoiceReads } from '../../src/adapters/db/invoice-reads.ts';
import type {
  InvoiceConditions,
  InvoiceOrder,
  InvoicePageQuery,
  InvoiceReads,
} from '../../src/usecases/ports/invoice-reads.ts';
import { addMerchant } from '../bus/merchant-fixture.ts';
import { seededRandom, type Random } from '../fault/seed.ts';
import { createTestDatabase, type TestDatabase } from '../testkit/database.ts';

/** Long enough that no page is found by looking at the newest rows alone, and short of a common word's end. */
const ROWS = 6000;
const START = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;
const PROJECTS = [v7(), v7(), v7()] as const;
const [BIG, SMALL, STRANGE] = PROJECTS;

interface Row {
  readonly id: string;
  readonly projectId: string;
  readonly mode: 'TEST' | 'LIVE';
  readonly status: string;
  readonly exception: string;
  readonly currency: string;
  readonly amount: number;
  readonly orderId: string | null;
  readonly email: string | null;
  readonly description: string | null;
  readonly customerRef: string | null;
  readonly txId: string | null;
  readonly createdAt: number;
  readonly paidAt: number | null;
}

let db: TestDatabase;
let reads: InvoiceReads;
const rows: Row[] = [];

const txIdOf = (n: number): string => `0x${n.toString(16).padStart(60, '0')}beef`;

/** Some values are rare, some stand in the oldest rows only, and several rows share a moment. */
function rowOf(n: number, random: Random): Row {
  const isPaid = random.below(3) === 0;
  const status = isPaid
    ? n % 97 === 0
      ? 'OVERPAID'
      : 'PAID'
    : n % 401 === 0
      ? 'PARTIAL'
      : random.pick(['CREATED', 'CANCELED']);
  const createdAt = START + Math.floor(n / 3) * MINUTE;
  return {
    id: v7(),
    projectId: n % 20 === 0 ? SMALL : n % 50 === 2 ? STRANGE : BIG,
    mode: n % 31 === 0 ? 'TEST' : 'LIVE',
    status,
    exception: status === 'CANCELED' ? (n % 211 === 0 ? 'PAID_LATE' : 'EXPIRED') : 'NONE',
    currency: n % 13 === 0 ? 'USD' : n < 30 ? 'JPY' : 'EUR',
    amount: n < 50 ? 90_000 + n : 100 + (n % 900),
    orderId: n % 7 === 0 ? null : n % 5 === 0 ? `Shop-${n % 40}` : `order-${n}`,
    email: n % 3 === 0 ? null : `Payer${n % 300}@mail.example`,
    description: n % 11 === 0 ? null : `Red box ${n % 1500}${n < 20 ? ' of antique lace' : ''}`,
    customerRef: n % 100 === 0 ? 'customer-1' : null,
    txId: isPaid && n % 2 === 0 ? txIdOf(n) : null,
    createdAt,
    paidAt: isPaid ? createdAt + (n % 17 === 0 ? 3000 * MINUTE : 5 * MINUTE) : null,
  };
}

beforeAll(async () => {
  db = await createTestDatabase();
  reads = createInvoiceReads(db.pool);
  const merchantId = await addMerchant(db.pool);
  await db.pool.query(
    `INSERT INTO project (id, merchant_id, name, moderation, invoice_lifetime_seconds, created_at)
     SELECT id, $2, 'Shop', 'ACTIVE', 900, now() FROM unnest($1::uuid[]) AS id`,
    [PROJECTS, merchantId],
  );
  const random = seededRandomOnce();
  for (let n = 0; n < ROWS; n += 1) rows.push(rowOf(n, random));
  const client = await db.pool.connect();
  await client.query('SET session_replication_role = replica');
  await client.query(
    `INSERT INTO invoice (id, merchant_id, project_id, mode, currency, amount, status, exception, order_id, description,
       customer_email, customer_ref, created_at, expires_at, paid_at)
     SELECT r.id, $2, r."projectId", r.mode, r.currency, r.amount, r.status, r.exception, r."orderId", r.description,
       r.email, r."customerRef", to_timestamp(r."createdAt" / 1000.0), to_timestamp(r."createdAt" / 1000.0),
       to_timestamp(r."paidAt" / 1000.0)
     FROM jsonb_to_recordset($1::jsonb) AS r (id uuid, "projectId" uuid, mode "Mode", currency text, amount numeric,
       status "InvoiceStatus", exception "InvoiceException", "orderId" text, description text, email text,
       "customerRef" text, "createdAt" float8, "paidAt" float8)`,
    [JSON.stringify(rows), merchantId],
  );
  await client.query(
    `INSERT INTO payment (id, merchant_id, project_id, invoice_id, mode, network, tx_id, output_index, asset, amount,
       status, confirmations_required, detected_at)
     SELECT gen_random_uuid(), $2, r."projectId", r.id, r.mode, 'ETHEREUM', r."txId", 0, 'USDT', 1, 'CREDITED', 12, now()
     FROM jsonb_to_recordset($1::jsonb) AS r (id uuid, "projectId" uuid, mode "Mode", "txId" text)`,
    [JSON.stringify(rows.filter(({ txId }) => txId !== null)), merchantId],
  );
  await client.query('SET session_replication_role = DEFAULT');
  client.release();
  await db.pool.query('ANALYZE invoice');
});
afterAll(() => db.drop());

/** The rows are the same in every run; what is asked of them is not. */
function seededRandomOnce(): Random {
  let state = 7;
  const next = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  const below = (limit: number) => Math.floor(next() * limit);
  return { next, below, pick: (items) => items[below(items.length)] ?? items[0] };
}

const NEWEST: InvoiceOrder = { by: 'createdAt', newestFirst: true };

/** What the list must have, in its order. */
function expected({
  projectIds,
  mode,
  order = NEWEST,
  ...filter
}: Pick<InvoicePageQuery, 'projectIds' | 'mode'> & InvoiceConditions & { order?: InvoiceOrder }): Row[] {
  const at = (row: Row) => (order.by === 'paidAt' ? row.paidAt : row.createdAt) ?? 0;
  const sign = order.newestFirst ? -1 : 1;
  return rows
    .filter((row) => projectIds.includes(row.projectId) && row.mode === mode && fits(row, filter))
    .filter((row) => order.by !== 'paidAt' || row.paidAt !== null)
    .toSorted((a, b) => sign * (at(a) - at(b) || (a.id < b.id ? -1 : 1)));
}

function fits(row: Row, f: InvoiceConditions): boolean {
  const within = (value: number | null, from?: Date, before?: Date) =>
    (from === undefined || (value !== null && value >= from.getTime())) &&
    (before === undefined || (value !== null && value < before.getTime()));
  const words = (text: string | null) => new Set((text ?? '').toLowerCase().split(' '));
  const search = f.search?.toLowerCase();
  return (
    (f.status?.some((status) => status === row.status) ?? true) &&
    (f.exception?.some((exception) => exception === row.exception) ?? true) &&
    (f.currency ?? row.currency) === row.currency &&
    BigInt(row.amount) >= (f.minAmount ?? 0n) &&
    BigInt(row.amount) <= (f.maxAmount ?? BigInt(row.amount)) &&
    (f.orderId === undefined || f.orderId === row.orderId) &&
    (f.customerRef === undefined || f.customerRef === row.customerRef) &&
    within(row.createdAt, f.createdFrom, f.createdBefore) &&
    within(row.paidAt, f.paidFrom, f.paidBefore) &&
    (search === undefined ||
      (row.orderId?.toLowerCase().startsWith(search) ?? false) ||
      (row.email?.toLowerCase().startsWith(search) ?? false) ||
      [...words(search)].every((word) => words(row.description).has(word)) ||
      row.txId === search)
  );
}

type List = Parameters<typeof expected>[0];

/** All pages of the list in one direction; gives up after a few, which have then been seen. */
async function walked(list: List, limit: number, pages: number, fromEnd = false): Promise<string[]> {
  const by = list.order?.by ?? 'createdAt';
  const ids: string[] = [];
  let place: { createdAt: Date; id: string } | undefined;
  for (let page = 0; page < pages; page += 1) {
    const found = await reads.page({
      ...list,
      limit,
      fromEnd,
      children: false,
      ...(place === undefined ? {} : fromEnd ? { before: place } : { after: place }),
    });
    ids.push(...found.map(({ id }) => id));
    const last = found.at(-1);
    if (found.length < limit || !last) break;
    place = { createdAt: (by === 'paidAt' ? last.paidAt : null) ?? last.createdAt, id: last.id };
  }
  return ids;
}

async function expectPages(list: List): Promise<void> {
  const ids = expected(list).map(({ id }) => id);
  expect(await walked(list, 21, 3)).toEqual(ids.slice(0, 63));
  expect(await walked(list, 21, 3, true)).toEqual(ids.toReversed().slice(0, 63));
}

const at = (n: number): Date => new Date(START + n * MINUTE);
const LIVE: Pick<List, 'projectIds' | 'mode'> = { projectIds: [BIG], mode: 'LIVE' };

describe('a page of invoices', () => {
  test.each<[string, InvoiceConditions]>([
    ['nothing', {}],
    ['a status', { status: ['PAID'] }],
    ['rare statuses among several', { status: ['PARTIAL', 'OVERPAID', 'CONFIRMING'] }],
    ['no status', { status: [] }],
    ['an exception', { exception: ['PAID_LATE', 'PAID_WITHIN_THRESHOLD'] }],
    ['no exception', { exception: ['NONE'], status: ['CANCELED'] }],
    ['a currency that only the oldest have', { currency: 'JPY' }],
    [
      'three filters',
      { status: ['PAID', 'PARTIAL'], currency: 'USD', createdFrom: at(300), createdBefore: at(1500) },
    ],
    ['an amount that only the oldest have', { currency: 'EUR', minAmount: 90_000n }],
    ['an amount that many have', { currency: 'EUR', minAmount: 150n, maxAmount: 800n }],
    ['an order id of many', { orderId: 'Shop-5' }],
    ['an order id in other letters', { orderId: 'shop-5' }],
    ['a customer', { customerRef: 'customer-1' }],
    ['a customer and a status', { customerRef: 'customer-1', status: ['PAID'] }],
    ['the time of payment', { paidFrom: at(700), paidBefore: at(720) }],
    ['a time of payment and a status that has none', { paidFrom: at(700), status: ['CREATED'] }],
    ['the beginning of an order id', { search: 'ORDER-12' }],
    ['the beginning of all order ids', { search: 'order-' }],
    ['the beginning of an e-mail address', { search: 'payer29' }],
    ['a word that all have', { search: 'box' }],
    ['words that only the oldest have', { search: 'Lace antique' }],
    ['two words', { search: 'red 77' }],
    ['the beginning of a word', { search: 'antiq' }],
    ['what nobody has', { search: 'nothing at all' }],
    ['what is no word', { search: '---' }],
    ['wildcards', { search: 'order-%' }],
    ['a transaction id', { search: txIdOf(2000).toUpperCase() }],
    ['a common beginning that the rest denies', { search: 'order-', currency: 'JPY', status: ['PARTIAL'] }],
  ])('by %s has exactly those, from both ends, in either order', async (_what, filter) => {
    await expectPages({ ...LIVE, ...filter });
    await expectPages({ ...LIVE, ...filter, order: { by: 'createdAt', newestFirst: false } });
    await expectPages({ ...LIVE, ...filter, order: { by: 'paidAt', newestFirst: true } });
    await expectPages({ ...LIVE, ...filter, order: { by: 'paidAt', newestFirst: false } });
    await expectPages({ projectIds: [BIG, SMALL], mode: 'LIVE', ...filter });
  });

  test('has the rows of its projects and mode only', async () => {
    await expectPages({ projectIds: [], mode: 'LIVE' });
    await expectPages({ projectIds: [SMALL], mode: 'TEST', search: 'order-' });
    await expectPages({ projectIds: [SMALL, STRANGE], mode: 'TEST' });
    const stranger = rows.find(
      (row) => row.projectId === STRANGE && row.txId !== null && row.mode === 'LIVE',
    );
    expect(await walked({ ...LIVE, search: stranger?.txId ?? '' }, 21, 1)).toEqual([]);
    await expectPages({ projectIds: [STRANGE], mode: 'LIVE', search: stranger?.txId ?? '' });
  });

  test('is right whatever is asked together', async () => {
    const random = seededRandom();
    const maybe = <T>(value: T): T | undefined => (random.below(3) === 0 ? value : undefined);
    for (let round = 0; round < 120; round += 1) {
      const currency = maybe(random.pick(['EUR', 'USD', 'JPY']));
      const from = random.below(2000);
      const given = {
        status: maybe([
          random.pick(['PAID', 'CREATED', 'PARTIAL', 'CANCELED'] as const),
          'OVERPAID' as const,
        ]),
        exception: maybe([random.pick(['NONE', 'EXPIRED', 'PAID_LATE'] as const)]),
        currency,
        minAmount: currency === undefined ? undefined : maybe(BigInt(random.below(1000))),
        orderId: maybe(`Shop-${random.below(8) * 5}`),
        createdFrom: maybe(at(from)),
        createdBefore: maybe(at(from + random.below(800))),
        paidFrom: maybe(at(random.below(2000))),
        paidBefore: maybe(at(500 + random.below(1500))),
        search: maybe(random.pick(['order-1', 'payer', 'box', 'red 4', 'shop-', 'lace'])),
      };
      const filter = Object.fromEntries(
        Object.entries(given).filter(([, value]) => value !== undefined),
      ) as InvoiceConditions;
      const order = { by: random.pick(['createdAt', 'paidAt'] as const), newestFirst: random.below(2) === 0 };
      const list: List = { projectIds: random.pick([[BIG], [BIG, SMALL]]), mode: 'LIVE', order, ...filter };
      const ids = expected(list).map(({ id }) => id);
      expect([list, await walked(list, 11, 2)]).toEqual([list, ids.slice(0, 22)]);
    }
  });
});
