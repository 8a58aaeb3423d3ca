import { beforeAll, describe, expect, test } from 'vitest';
import { LIST_COLUMNS } from '../../../src/domain/export/lists.ts';
import { accepted } from '../../../src/demo/api-client.ts';
import { openMerchant, type DemoMerchant } from '../../../src/demo/merchant.ts';
import * as operations from '../../../src/generated/documents.ts';
import { globalIdOf } from '../../testkit/facts.ts';
import { createMovableClock } from '../../testkit/movable-clock.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { cancel, createInvoice, createQuote, simulatePayment } from '../../testkit/shop.ts';
import { parseCsv } from '../../unit/export/csv-parser.ts';
import { askExport, exported, linesOf } from './export-kit.ts';

const clock = createMovableClock();
const kit = usePlatform({ overrides: { clock } });

let merchant: DemoMerchant;
const NASTY = '=HYPERLINK("http://evil.example";"a,b")\r\n"quoted" 😀 ＋1';
beforeAll(async () => {
  merchant = await openMerchant(kit.platform, 'ada@shop.example');
  const paid = await createInvoice(merchant.test, {
    orderId: '-1',
    description: NASTY,
    metadata: { a: '=1' },
  });
  clock.advance({ seconds: 5 });
  const part = await createInvoice(merchant.test, { orderId: 'order-2', currency: 'USDT' });
  clock.advance({ seconds: 5 });
  const gone = await createInvoice(merchant.test, { orderId: 'order-3', customerEmail: '+a@shop.example' });
  clock.advance({ seconds: 5 });
  await createInvoice(merchant.test, { amount: '0.99', customerRef: '@ref' });
  await createInvoice(merchant.live, { orderId: 'live-1' });
  await simulatePayment(merchant.test, paid.id, (await createQuote(merchant.test, paid.id)).id);
  await simulatePayment(merchant.test, part.id, (await createQuote(merchant.test, part.id)).id, '1');
  await cancel(merchant.test, gone.id);
  await simulatePayment(merchant.test, paid.id, (await createQuote(merchant.test, paid.id)).id, '2');
});

const ask = (file: string, asked: Parameters<typeof askExport>[2] = {}) =>
  askExport(kit.platform.url, file, { token: merchant.testKey, ...asked });
const rows = (list: string, asked: Parameters<typeof askExport>[2] = {}) =>
  exported(kit.platform.url, list, { token: merchant.testKey, ...asked });

describe('the rows', () => {
  const filters: readonly operations.InvoiceFilter[] = [
    {},
    { status: ['PAID'] },
    { status: ['CREATED', 'PARTIAL'] },
    { status: [] },
    { orderId: 'order-2' },
    { currency: 'USDT', status: ['PARTIAL'] },
    { createdBefore: '2020-01-01T00:00:00Z' },
    { createdFrom: '2020-01-01T02:00:00+02:00', orderId: null },
    { search: 'order-' },
    { currency: 'USD', minAmount: '1.00' },
    { exception: ['CANCELLED'] },
    { paymentLinkId: globalIdOf('PaymentLink', '019a0000-0000-7000-8000-000000000000') },
  ];
  test.each(filters)('of invoices by %j are those of the list, in its order', async (filter) => {
    const { invoices } = await merchant.test.send(operations.InvoicesDocument, { first: 100, filter });
    expect((await rows('invoices', { filter, columns: 'id' })).map(({ id }) => id)).toEqual(
      invoices.edges.map(({ node }) => node.id),
    );
  });

  test.each(['CREATED_DESC', 'CREATED_ASC', 'PAID_DESC', 'PAID_ASC'] as const)(
    'of invoices in the order %s are those of the list',
    async (sort) => {
      const { invoices } = await merchant.test.send(operations.SortedInvoicesDocument, { sort });
      expect((await rows('invoices', { sort, columns: 'id' })).map(({ id }) => id)).toEqual(
        invoices.edges.map(({ node }) => node.id),
      );
    },
  );

  test('of the statement are those of the list, negative amounts numbers', async () => {
    const filter: operations.StatementFilter = { account: ['PENDING', 'AVAILABLE', 'HELD'] };
    const { statement } = await merchant.test.send(operations.ExportedStatementDocument, { filter });
    const lines = statement.edges.map(({ node }) => [node.id, node.amount.amount, node.account]);
    const exportedLines = await rows('statement', { filter });
    expect(exportedLines.map((r) => [r['id'], r['amount'], r['account']])).toEqual(lines);
    expect(lines.some(([, amount]) => amount?.startsWith('-'))).toBe(true);
    const cells = parseCsv(
      await (await ask('statement.csv', { filter, columns: 'id,amount,account' })).text(),
    );
    expect(cells.slice(1)).toEqual(lines);
  });

  test('of static wallets are those of the list', async () => {
    const made: string[] = [];
    for (const customerRef of ['=a', 'b', 'c']) {
      const { staticWalletCreate } = await merchant.test.send(operations.StaticWalletCreateDocument, {
        input: { customerRef, network: 'ETHEREUM' },
      });
      made.unshift(accepted(staticWalletCreate, 'StaticWallet').id);
      clock.advance({ seconds: 1 });
    }
    expect((await rows('static-wallets', {})).map(({ id }) => id)).toEqual(made);
    expect(
      await rows('static-wallets', { filter: { customerRef: 'b' }, columns: 'customerRef,status' }),
    ).toEqual([{ customerRef: 'b', status: 'ACTIVE' }]);
  });

  test.each<operations.PaymentFilter>([
    {},
    { unresolved: true },
    { unresolved: false },
    { status: ['CREDITED'] },
    { heldReason: ['DUPLICATE'], network: 'ETHEREUM', asset: 'USDT' },
    { decision: 'REBOUND' },
  ])('of payments by %j are those of the list, in its order', async (filter) => {
    const { payments } = await merchant.test.send(operations.ExportedPaymentsDocument, { filter });
    expect(await rows('payments', { filter, columns: 'id,txId,amount,credited,held' })).toEqual(
      payments.edges.map(({ node }) => ({
        id: node.id,
        txId: node.txId,
        amount: node.amount.amount,
        credited: node.credited.amount,
        held: node.held.amount,
      })),
    );
  });

  test('hold exact texts in JSONL', async () => {
    const [row] = await rows('invoices', { filter: { orderId: '-1' } });
    expect(Object.keys(row ?? {})).toEqual(LIST_COLUMNS.INVOICES);
    expect(row).toMatchObject({
      status: 'PAID',
      amount: '12.50',
      currency: 'USD',
      amountPaid: '12.50',
      accepted: null,
      orderId: '-1',
      description: NASTY,
      metadata: { a: '=1' },
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    });
  });

  test('compute nothing in a spreadsheet', async () => {
    const columns = 'orderId,description,customerEmail,customerRef,amount,metadata';
    const response = await ask('invoices.csv', { columns });
    const [header, ...cells] = parseCsv(await response.text());
    expect(header).toEqual(columns.split(','));
    expect(cells).toEqual([
      ['', '', '', "'@ref", '0.99', '{}'],
      ['order-3', '', "'+a@shop.example", '', '12.50', '{}'],
      ['order-2', '', '', '', '12.500000', '{}'],
      ["'-1", `'${NASTY}`, '', '', '12.50', '{"a":"=1"}'],
    ]);
  });

  test('come in the order of the columns, and all of them unless some are named', async () => {
    const some = await ask('payments.csv', { columns: 'status,amount' });
    expect((await some.text()).split('\r\n')[0]).toBe('status,amount');
    const all = await ask('payments.csv');
    expect((await all.text()).split('\r\n')[0]).toBe(LIST_COLUMNS.PAYMENTS.join(','));
  });

  test('of nothing are a header in CSV and nothing in JSONL', async () => {
    const filter = { orderId: 'nobody' };
    expect(await (await ask('invoices.csv', { filter, columns: 'id,status' })).text()).toBe('id,status\r\n');
    expect(await (await ask('invoices.jsonl', { filter })).text()).toBe('');
  });
});

describe('the answer', () => {
  test('is a file that no browser opens or keeps', async () => {
    const { headers } = await ask('invoices.csv');
    expect(headers.get('content-type')).toMatch(/^text\/csv; charset=utf-8/);
    expect(headers.get('content-disposition')).toMatch(
      /^attachment; filename="paybell-invoices-test-\d{4}-\d\d-\d\d\.csv"$/,
    );
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
    expect((await ask('payments.jsonl')).headers.get('content-type')).toBe(
      'application/jsonl; charset=utf-8',
    );
  });

  test('begins with a byte order mark only when asked', async () => {
    const first = async (more: Record<string, string>) => [
      ...new Uint8Array(await (await ask('invoices.csv', { more })).arrayBuffer()).subarray(0, 3),
    ];
    expect(await first({ bom: '1' })).toEqual([0xef, 0xbb, 0xbf]);
    expect(await first({})).toEqual([...Buffer.from('id,')]);
  });

  test.each(['POST', 'PUT', 'DELETE', 'HEAD'])('to %s is 405', async (method) => {
    const response = await ask('invoices.csv', { method });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET']);
  });

  const refused: readonly [what: string, asked: Parameters<typeof askExport>[2], code: string][] = [
    ['an unknown parameter', { more: { colums: 'id' } }, 'colums'],
    ['an unknown column', { columns: 'id,password' }, 'columns'],
    ['a column of an object', { columns: '__proto__' }, 'columns'],
    ['a column twice', { columns: 'id,id' }, 'columns'],
    ['no column', { columns: '' }, 'columns'],
    ['an unknown filter', { filter: { orderID: 'x' } }, 'filter: Field "orderID" is not defined'],
    ['a filter of an object', { more: { filter: '{"__proto__":{}}' } }, 'filter'],
    ['an unknown status', { filter: { status: ['PAYED'] } }, 'filter.status'],
    ['a local time', { filter: { createdFrom: '2026-01-01T00:00:00' } }, 'filter.createdFrom'],
    ['a number for a text', { filter: { orderId: 1 } }, 'filter.orderId'],
    ['an empty order', { filter: { orderId: '' } }, 'filter.orderId'],
    ['a NUL in the order', { filter: { orderId: 'a\u0000' } }, 'filter.orderId'],
    ['half a character', { filter: { orderId: '\uD800' } }, 'filter.orderId'],
    ['a list for the filter', { filter: [] }, 'filter'],
    ['null for the filter', { more: { filter: 'null' } }, 'filter'],
    ['a filter that is no JSON', { more: { filter: '{' } }, 'filter'],
    ['an amount without a currency', { filter: { minAmount: '1' } }, 'filter.minAmount'],
    ['an id that does not fit', { filter: { paymentLinkId: 'SW52b2ljZTox' } }, 'filter.paymentLinkId'],
    ['an unknown order', { sort: 'constructor' }, 'sort'],
    ['a project and a merchant', { projectId: 'PROJECT', merchantId: 'MERCHANT' }, 'projectId'],
    ['an unknown mode', { mode: 'test' }, 'mode'],
    ['an id of something else', { projectId: 'SW52b2ljZTox' }, 'projectId'],
  ];
  test.each(refused)('to %s is 400 and says where', async (_what, asked, where) => {
    const named = {
      ...(asked?.projectId === 'PROJECT' ? { projectId: merchant.projectId } : {}),
      ...(asked?.merchantId === 'MERCHANT' ? { merchantId: merchant.merchantId } : {}),
    };
    const response = await ask('invoices.jsonl', { ...asked, ...named });
    const { errors } = (await response.json()) as { errors: { message: string; extensions: object }[] };
    expect([response.status, errors[0]?.extensions]).toEqual([400, { code: 'INVALID_INPUT' }]);
    expect(errors[0]?.message.startsWith(where)).toBe(true);
    expect(errors[0]?.message).not.toContain('Did you mean');
  });

  test('to a parameter that stands twice, and a mark before JSONL, is 400', async () => {
    const get = async (query: string) =>
      (
        await fetch(`${kit.platform.url}/export/invoices.jsonl?${query}`, {
          headers: { authorization: `Bearer ${merchant.testKey}` },
        })
      ).status;
    expect(await Promise.all([get('mode=TEST&mode=LIVE'), get('bom=1'), get('mode=TEST')])).toEqual([
      400, 400, 200,
    ]);
  });

  test.each(['customers.csv', 'invoices.xml', 'invoices', 'constructor.csv', '.csv', 'INVOICES.csv'])(
    'to /export/%s is 404',
    async (file) => {
      expect((await ask(file)).status).toBe(404);
    },
  );

  test('never mixes modes', async () => {
    expect(
      linesOf(await (await ask('invoices.jsonl', { token: merchant.liveKey })).text()).map(
        (r) => r['orderId'],
      ),
    ).toEqual(['live-1']);
  });
});
