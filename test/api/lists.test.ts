import { beforeAll, describe, expect, test } from 'vitest';
import { openMerchant, type DemoMerchant } from '../../src/demo/merchant.ts';
import * as operations from '../../src/generated/documents.ts';
import { globalIdOf, rowIdOf } from '../testkit/facts.ts';
import { createMovableClock } from '../testkit/movable-clock.ts';
import { attempt } from '../testkit/outcome.ts';
import { usePlatform } from '../testkit/platform.ts';
import { errorCodes } from '../testkit/raw-graphql.ts';
import { cancel, createInvoice, createQuote, simulatePayment } from '../testkit/shop.ts';
import { statementsDuring } from '../testkit/statements.ts';

const clock = createMovableClock();
const kit = usePlatform({ overrides: { clock } });
type Variables = operations.InvoicesQueryVariables;
const NOWHERE = '019a0000-0000-7000-8000-000000000000';

const page = async (merchant: DemoMerchant, variables: Variables) =>
  (await merchant.test.send(operations.InvoicesDocument, variables)).invoices;
const listed = async (merchant: DemoMerchant, variables: Variables) =>
  (await page(merchant, variables)).edges.map((e) => e.node.id);

/** All invoices of the merchant as the list must have them: newest first. */
async function newestFirst(merchant: DemoMerchant): Promise<string[]> {
  const { rows } = await kit.database.pool.query<{ id: string }>(
    `SELECT id FROM invoice WHERE project_id = $1 AND mode = 'TEST' ORDER BY created_at DESC, id DESC`,
    [rowIdOf(merchant.projectId)],
  );
  return rows.map(({ id }) => globalIdOf('Invoice', id));
}

async function createMany(merchant: DemoMerchant, count: number): Promise<void> {
  for (let made = 0; made < count; made += 25) {
    await Promise.all(Array.from({ length: Math.min(25, count - made) }, () => createInvoice(merchant.test)));
  }
}

describe('paging', () => {
  const ROWS = 253;
  let merchant: DemoMerchant;
  beforeAll(async () => {
    merchant = await openMerchant(kit.platform, 'ada@shop.example');
    await createMany(merchant, ROWS);
    await createInvoice(merchant.live);
  });

  /** Follows the cursor to the end; `between` runs after each page. */
  async function walk(first: number, between: () => Promise<unknown>): Promise<string[]> {
    const ids: string[] = [];
    let after: string | null = null;
    for (;;) {
      const { edges, pageInfo } = await page(merchant, { first, after });
      ids.push(...edges.map((e) => e.node.id));
      expect(pageInfo.endCursor).toBe(edges.at(-1)?.cursor ?? null);
      if (!pageInfo.hasNextPage) return ids;
      expect(edges).toHaveLength(first);
      after = pageInfo.endCursor ?? null;
      await between();
    }
  }

  test('gives every row once, newest first, while new ones come in between', async () => {
    const before = await newestFirst(merchant);
    expect(before).toHaveLength(ROWS);
    expect(await walk(20, () => createMany(merchant, 3))).toEqual(before);
    const now = await newestFirst(merchant);
    expect(now).toHaveLength(ROWS + 3 * 12);
    expect(await walk(100, async () => undefined)).toEqual(now);
  });

  test('ends exactly at the end', async () => {
    const all = await newestFirst(merchant);
    const rest = all.slice(-7);
    const { edges, pageInfo } = await page(merchant, { first: 100 });
    expect([edges.length, pageInfo.hasNextPage]).toEqual([100, true]);
    const cursorOf = async (id: string | undefined) => {
      let after: string | null = null;
      for (;;) {
        const { edges, pageInfo } = await page(merchant, { first: 100, after });
        const found = edges.find((e) => e.node.id === id);
        if (found) return found.cursor;
        if (!pageInfo.hasNextPage) throw new Error('not listed');
        after = pageInfo.endCursor ?? null;
      }
    };
    const after = await cursorOf(all.at(-8));
    const exact = await page(merchant, { first: 7, after });
    expect(exact.edges.map((e) => e.node.id)).toEqual(rest);
    expect(exact.pageInfo.hasNextPage).toBe(false);
    expect((await page(merchant, { first: 6, after })).pageInfo.hasNextPage).toBe(true);
    const beyond = await page(merchant, { first: 5, after: exact.pageInfo.endCursor ?? null });
    expect(beyond).toMatchObject({ edges: [], pageInfo: { hasNextPage: false } });
  });

  test('is of 1 to 100 rows, 20 unless asked', async () => {
    const all = await newestFirst(merchant);
    expect(await listed(merchant, {})).toEqual(all.slice(0, 20));
    expect(await listed(merchant, { first: 1 })).toEqual(all.slice(0, 1));
    expect(await listed(merchant, { first: 100 })).toEqual(all.slice(0, 100));
    for (const first of [0, -1, 101]) {
      expect(await errorCodes(page(merchant, { first }))).toEqual(['INVALID_INPUT']);
    }
    expect(await errorCodes(page(merchant, { first: 2 ** 31 - 1 }))).toEqual(['LIMIT_EXCEEDED']);
  });

  test.each<[string, string]>([
    ['nothing', ''],
    ['nonsense', 'nonsense'],
    ['a NUL', '\u0000'],
    ['a cursor without id', Buffer.from('GPC:S:').toString('base64')],
    ['a cursor with something else', Buffer.from("GPC:S:1' OR true").toString('base64')],
    ['a number', Buffer.from('GPC:N:1').toString('base64')],
    ['a date', Buffer.from('GPC:D:0').toString('base64')],
    ['a list', Buffer.from('GPC:J:[1]').toString('base64')],
    ['bad JSON', Buffer.from('GPC:J:{').toString('base64')],
    ['a place without a row', Buffer.from('1.1795250780930.').toString('base64url')],
    ['a moment that no calendar has', Buffer.from(`1.${'9'.repeat(20)}.${NOWHERE}`).toString('base64url')],
    ['a moment past PostgreSQL’s', Buffer.from(`1.8640000000000001.${NOWHERE}`).toString('base64url')],
    ['a cursor of another version', Buffer.from(`2.1795250780930.${NOWHERE}`).toString('base64url')],
  ])('behind %s is refused, never a fault', async (_what, after) => {
    // Pothos refuses what it cannot read itself; what looks like one of its own is ours to refuse.
    const refused = ['INVALID_INPUT', 'BAD_REQUEST'];
    expect(refused).toContain((await errorCodes(page(merchant, { after })))[0]);
    const { owner } = merchant;
    for (const document of [operations.CursorOfNotificationsDocument, operations.CursorOfProjectsDocument]) {
      expect(refused).toContain(
        (await errorCodes(owner.send<unknown, { after: string }>(document, { after })))[0],
      );
    }
    const keys = owner.send(operations.CursorOfApiKeysDocument, { after, id: merchant.projectId });
    expect(refused).toContain((await errorCodes(keys))[0]);
  });

  test('costs as many statements for 100 rows with quotes and payments as for one', async () => {
    for (const id of (await newestFirst(merchant)).slice(0, 20)) {
      const quote = await createQuote(merchant.test, id);
      await createQuote(merchant.test, id, { asset: 'ETH' });
      await simulatePayment(merchant.test, id, quote.id, '1');
    }
    const cost = (first: number) =>
      statementsDuring(
        /^(?!.*(expires_at <=|invoice[_-]day|sum\(i\.amount_paid\))).*\b(quote|payment|invoice)\b/s,
        async () => {
          const { invoices } = await merchant.test.send(operations.InvoicePageDocument, { first });
          expect(invoices.edges).toHaveLength(first);
          expect(invoices.edges[0]?.node).toMatchObject({ quotes: [{}, {}], payments: [{}] });
        },
      );
    const one = await cost(1);
    expect(one.length).toBeGreaterThan(0);
    expect(one.length).toBeLessThanOrEqual(3);
    // The texts tell more than their number, should there be one more.
    expect((await cost(20)).toSorted()).toEqual(one.toSorted());
    expect((await cost(100)).toSorted()).toEqual(one.toSorted());
  });
});

describe('a filter', () => {
  let merchant: DemoMerchant;
  const id: Record<string, string> = {};
  const moment: Record<string, string> = {};
  const row = async (name: string, input: Partial<operations.InvoiceCreateInput>): Promise<string> => {
    const invoice = await createInvoice(merchant.test, input);
    clock.advance({ seconds: 5 });
    const kept = await merchant.test.send(operations.InvoiceInFullDocument, { id: invoice.id });
    moment[name] = kept.invoice?.createdAt ?? '';
    return (id[name] = invoice.id);
  };

  beforeAll(async () => {
    merchant = await openMerchant(kit.platform, 'bea@shop.example');
    await row('open', { orderId: 'order-1' });
    const paid = await row('paid', { orderId: 'order-2' });
    const part = await row('part', { orderId: 'order-2', currency: 'USDT' });
    const over = await row('over', { currency: 'USDT' });
    const cancelled = await row('cancelled', { orderId: 'order-1', currency: 'EUR' });
    await simulatePayment(merchant.test, paid, (await createQuote(merchant.test, paid)).id);
    await simulatePayment(merchant.test, part, (await createQuote(merchant.test, part)).id, '1');
    await simulatePayment(merchant.test, over, (await createQuote(merchant.test, over)).id, '99');
    await cancel(merchant.test, cancelled);
  });

  const filters: readonly [string, () => operations.InvoiceFilter, string[]][] = [
    ['nothing', () => ({}), ['cancelled', 'over', 'part', 'paid', 'open']],
    ['one status', () => ({ status: ['PAID'] }), ['paid']],
    [
      'any of some statuses',
      () => ({ status: ['CREATED', 'PARTIAL', 'OVERPAID'] }),
      ['over', 'part', 'open'],
    ],
    ['no status at all', () => ({ status: [] }), []],
    ['a status that none has', () => ({ status: ['CONFIRMING'] }), []],
    ['an order', () => ({ orderId: 'order-2' }), ['part', 'paid']],
    ['the beginning of an order', () => ({ orderId: 'order' }), []],
    ['an order with a wildcard', () => ({ orderId: 'order-%' }), []],
    ['an order in capitals', () => ({ orderId: 'ORDER-2' }), []],
    ['a currency', () => ({ currency: 'USDT' }), ['over', 'part']],
    [
      'from a moment, inclusive',
      () => ({ createdFrom: moment['part'] ?? '' }),
      ['cancelled', 'over', 'part'],
    ],
    ['before a moment, exclusive', () => ({ createdBefore: moment['part'] ?? '' }), ['paid', 'open']],
    [
      'between two moments',
      () => ({ createdFrom: moment['paid'] ?? '', createdBefore: moment['over'] ?? '' }),
      ['part', 'paid'],
    ],
    [
      'everything together',
      () => ({
        status: ['PARTIAL', 'PAID'],
        orderId: 'order-2',
        currency: 'USDT',
        createdFrom: moment['open'] ?? '',
      }),
      ['part'],
    ],
  ];
  test.each(filters)('by %s lists exactly those', async (_what, filter, names) => {
    expect(await listed(merchant, { filter: filter() })).toEqual(names.map((name) => id[name]));
  });

  test('holds over pages', async () => {
    const filter: operations.InvoiceFilter = { status: ['CREATED', 'PARTIAL', 'OVERPAID'] };
    const first = await page(merchant, { first: 2, filter });
    expect(first.edges.map((e) => e.node.id)).toEqual([id['over'], id['part']]);
    expect(first.pageInfo.hasNextPage).toBe(true);
    const second = await page(merchant, { first: 2, filter, after: first.pageInfo.endCursor ?? null });
    expect(second.edges.map((e) => e.node.id)).toEqual([id['open']]);
    expect(second.pageInfo.hasNextPage).toBe(false);
  });

  test.each<[string, operations.InvoiceFilter]>([
    ['a NUL in the order', { orderId: 'order\u0000' }],
    ['half a character in the order', { orderId: '\uD800' }],
    ['an empty order', { orderId: '' }],
    ['129 characters of order', { orderId: 'o'.repeat(129) }],
  ])('by %s is refused, never a fault', async (_what, filter) => {
    expect(await errorCodes(page(merchant, { filter }))).toEqual(['INVALID_INPUT']);
  });

  test('of a person names the project', async () => {
    expect(await attempt(operations.InvoicesDocument, {})(merchant.owner)).toMatchObject({
      errors: [{ code: 'INVALID_INPUT' }],
    });
  });
});
