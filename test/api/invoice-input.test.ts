import { beforeAll, describe, expect, test } from 'vitest';
import { openMerchant, type DemoMerchant } from '../../src/demo/merchant.ts';
import * as operations from '../../src/generated/documents.ts';
import { rowCounts } from '../testkit/facts.ts';
import { usePlatform } from '../testkit/platform.ts';
import { errorCodes } from '../testkit/raw-graphql.ts';
import { createInvoice, createQuote, tryInvoice } from '../testkit/shop.ts';

const kit = usePlatform();
type Input = Partial<operations.InvoiceCreateInput>;
let merchant: DemoMerchant;
beforeAll(async () => {
  merchant = await openMerchant(kit.platform, 'ada@shop.example');
});

const written = () => rowCounts(kit.database.pool, ['invoice', 'event', 'idempotency_key']);
const keys = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`key ${i}`, 'text']));
const path = (length: number): string =>
  `https://shop.example/${'p'.repeat(length - 'https://shop.example/'.length)}`;

describe('the amount', () => {
  test.each<[string, operations.CurrencyCode, string, string]>([
    ['12.50', 'USD', '12.50', '1250'],
    ['12.5', 'USD', '12.50', '1250'],
    ['12.5000', 'USD', '12.50', '1250'],
    ['0012', 'USD', '12.00', '1200'],
    ['0.01', 'USD', '0.01', '1'],
    ['1000000000000000', 'USD', '1000000000000000.00', '100000000000000000'],
    ['1500', 'JPY', '1500', '1500'],
    ['1500.0', 'JPY', '1500', '1500'],
    ['0.00000001', 'BTC', '0.00000001', '1'],
    ['0.000000000000000001', 'ETH', '0.000000000000000001', '1'],
  ])('%s %s is taken as %s, exactly', async (amount, currency, shown, minorUnits) => {
    const invoice = await createInvoice(merchant.test, { amount, currency });
    expect(invoice.amount).toEqual({ amount: shown, currency: { code: currency } });
    const { rows } = await kit.database.pool.query<{ amount: string }>(
      'SELECT amount::text FROM invoice ORDER BY created_at DESC, id DESC LIMIT 1',
    );
    expect(rows).toEqual([{ amount: minorUnits }]);
  });

  test.each<[string, string, operations.CurrencyCode]>([
    ['nothing', '0', 'USD'],
    ['nothing with digits', '0.00', 'USD'],
    ['less than nothing', '-1', 'USD'],
    ['less than a cent', '0.001', 'USD'],
    ['a cent and a bit', '12.345', 'USD'],
    ['half a yen', '1.5', 'JPY'],
    ['half a satoshi', '0.000000005', 'BTC'],
    ['more than there is', '1000000000000000.01', 'USD'],
    ['as much as a Decimal holds', '9'.repeat(78), 'USD'],
  ])('%s is refused', async (_what, amount, currency) => {
    const before = await written();
    expect(await tryInvoice(merchant.test, { amount, currency })).toMatchObject({
      __typename: 'InvalidInputError',
      code: 'INVALID_INPUT',
      path: ['input', 'amount'],
    });
    expect(await written()).toEqual(before);
  });

  test.each([
    '',
    ' ',
    'abc',
    '1e3',
    '+1',
    '1,5',
    ' 1',
    '1 ',
    '1.',
    '.5',
    '0x10',
    'NaN',
    'Infinity',
    '١٢',
    '9'.repeat(79),
  ])('"%s" is no Decimal', async (amount) => {
    const before = await written();
    expect(await errorCodes(tryInvoice(merchant.test, { amount }))).toEqual(['BAD_USER_INPUT']);
    expect(await written()).toEqual(before);
  });

  test('is never a JSON number, which was a float', async () => {
    const amount = 12.5 as unknown as string;
    expect(await errorCodes(tryInvoice(merchant.test, { amount }))).toEqual(['BAD_USER_INPUT']);
  });

  test('can be quoted and paid at both ends of what is taken', async () => {
    for (const amount of ['0.01', '1000000000000000']) {
      const invoice = await createInvoice(merchant.test, { amount });
      for (const asset of ['ETH', 'USDT'] as const) {
        const quote = await createQuote(merchant.test, invoice.id, { asset });
        expect(BigInt(quote.amount.minorUnits)).toBeGreaterThan(0n);
      }
    }
  });
});

describe('everything else of a new invoice', () => {
  test.each<[string, Input, string]>([
    ['an empty order id', { orderId: '' }, 'orderId'],
    ['129 characters of order id', { orderId: 'o'.repeat(129) }, 'orderId'],
    ['a NUL in the order id', { orderId: 'o\u0000' }, 'orderId'],
    ['an escape character in the order id', { orderId: '\u001b[31m' }, 'orderId'],
    ['half a character in the order id', { orderId: 'o\uD800' }, 'orderId'],
    ['an empty description', { description: '' }, 'description'],
    ['1,001 characters of description', { description: 'd'.repeat(1001) }, 'description'],
    ['a NUL in the description', { description: '\u0000' }, 'description'],
    ['a lifetime of 59 seconds', { lifetimeSeconds: 59 }, 'lifetimeSeconds'],
    ['no lifetime at all', { lifetimeSeconds: 0 }, 'lifetimeSeconds'],
    ['a lifetime in the past', { lifetimeSeconds: -60 }, 'lifetimeSeconds'],
    ['a lifetime of 7 days and a second', { lifetimeSeconds: 604_801 }, 'lifetimeSeconds'],
    ['a return URL of 2,001 characters', { returnUrl: path(2001) }, 'returnUrl'],
    ['a cancel URL of 2,001 characters', { cancelUrl: path(2001) }, 'cancelUrl'],
    ['an empty e-mail address', { customerEmail: '' }, 'customerEmail'],
    ['no e-mail address', { customerEmail: 'someone' }, 'customerEmail'],
    ['two e-mail addresses', { customerEmail: 'a@shop.example,b@shop.example' }, 'customerEmail'],
    [
      'a line break in the e-mail address',
      { customerEmail: 'a@shop.example\nBcc: b@shop.example' },
      'customerEmail',
    ],
    ['a NUL in the e-mail address', { customerEmail: 'a\u0000@shop.example' }, 'customerEmail'],
    ['a comment in the e-mail address', { customerEmail: 'a(b)@c.dd' }, 'customerEmail'],
    ['a bracket in the e-mail address', { customerEmail: 'a[b@c.dd' }, 'customerEmail'],
    ['an empty idempotency key', { idempotencyKey: '' }, 'idempotencyKey'],
    ['256 characters of idempotency key', { idempotencyKey: 'k'.repeat(256) }, 'idempotencyKey'],
    ['a NUL in the idempotency key', { idempotencyKey: 'k\u0000' }, 'idempotencyKey'],
    ['metadata that is a list', { metadata: ['a'] }, 'metadata'],
    ['metadata that is a text', { metadata: 'a' }, 'metadata'],
    ['metadata that is a number', { metadata: 1 }, 'metadata'],
    ['a number in the metadata', { metadata: { a: 1 } }, 'metadata'],
    ['a null in the metadata', { metadata: { a: null } }, 'metadata'],
    ['depth in the metadata', { metadata: { a: { b: 'c' } } }, 'metadata'],
    ['a key of metadata named __proto__', { metadata: JSON.parse('{"__proto__":"a"}') }, 'metadata'],
    ['a key of metadata named constructor', { metadata: { constructor: 'a' } }, 'metadata'],
    ['a key of metadata named prototype', { metadata: { prototype: 'a' } }, 'metadata'],
    ['51 keys of metadata', { metadata: keys(51) }, 'metadata'],
    ['an empty key of metadata', { metadata: { '': 'a' } }, 'metadata'],
    ['65 characters of metadata key', { metadata: { ['k'.repeat(65)]: 'a' } }, 'metadata'],
    ['501 characters of metadata', { metadata: { a: 'v'.repeat(501) } }, 'metadata'],
    ['a NUL in the metadata', { metadata: { a: '\u0000' } }, 'metadata'],
    ['a NUL in a key of metadata', { metadata: { '\u0000': 'a' } }, 'metadata'],
    ['half a character in the metadata', { metadata: { a: '\uDC00' } }, 'metadata'],
    ['halves of a character on both sides of a colon', { metadata: { 'a\uD83D': '\uDC0E' } }, 'metadata'],
  ])('%s is refused with its place', async (_what, input, field) => {
    const before = await written();
    const refused = await tryInvoice(merchant.test, input);
    expect(refused).toMatchObject({ __typename: 'InvalidInputError', code: 'INVALID_INPUT' });
    expect('path' in refused ? refused.path?.slice(0, 2) : null).toEqual(['input', field]);
    expect(await written()).toEqual(before);
  });

  test.each<[string, object]>([
    ['a currency that is none', { currency: 'XXX' }],
    ['a currency in small letters', { currency: 'usd' }],
    ['a mode that is none', { mode: 'REAL' }],
    ['half a second', { lifetimeSeconds: 60.5 }],
    ['a lifetime as text', { lifetimeSeconds: '60' }],
    ['a lifetime past 32 bits', { lifetimeSeconds: 2 ** 31 }],
    ['a relative URL', { returnUrl: '/thanks' }],
    ['a script as URL', { returnUrl: 'javascript:alert(1)' }],
    ['data as URL', { cancelUrl: 'data:text/html,x' }],
    ['a file as URL', { returnUrl: 'file:///etc/passwd' }],
    ['a password in a URL', { returnUrl: 'https://ada:secret@shop.example/' }],
    ['an URL of 2,049 characters', { returnUrl: path(2049) }],
    ['a field that is none', { surprise: 1 }],
    ['a list as order id', { orderId: ['a', 'b'] }],
    ['a number as order id', { orderId: 7 }],
  ])('%s does not fit the schema', async (_what, input) => {
    const before = await written();
    const codes = await errorCodes(tryInvoice(merchant.test, input));
    expect(['BAD_USER_INPUT', 'BAD_REQUEST']).toContain(codes[0]);
    expect(await written()).toEqual(before);
  });

  test('is kept as it was given, at its bounds', async () => {
    const metadata = { ...keys(48), ['k'.repeat(64)]: 'v'.repeat(500), '🐎': 'line\nbreak' };
    const invoice = await createInvoice(merchant.test, {
      orderId: '💶'.repeat(64),
      description: 'd'.repeat(1000),
      customerEmail: "o'hara+tag@shop.example",
      returnUrl: path(2000),
      cancelUrl: 'http://localhost:3000/cancel?a=b#c',
      lifetimeSeconds: 604_800,
      idempotencyKey: 'k'.repeat(255),
      metadata,
    });
    const { invoice: kept } = await merchant.test.send(operations.InvoiceInFullDocument, { id: invoice.id });
    expect(invoice.orderId).toBe('💶'.repeat(64));
    expect(kept).toMatchObject({
      description: 'd'.repeat(1000),
      customerEmail: "o'hara+tag@shop.example",
      returnUrl: path(2000),
      cancelUrl: 'http://localhost:3000/cancel?a=b#c',
      metadata,
      quotes: [],
    });
    expect(Date.parse(kept?.expiresAt ?? '') - Date.parse(kept?.createdAt ?? '')).toBe(604_800_000);
  });

  test('has its e-mail address without the spaces around it', async () => {
    const { id } = await createInvoice(merchant.test, { customerEmail: ' sam@shop.example\n' });
    const { invoice } = await merchant.test.send(operations.InvoiceInFullDocument, { id });
    expect(invoice?.customerEmail).toBe('sam@shop.example');
  });

  test('lives ten minutes unless it says otherwise', async () => {
    const { id } = await createInvoice(merchant.test);
    const { invoice } = await merchant.test.send(operations.InvoiceInFullDocument, { id });
    expect(Date.parse(invoice?.expiresAt ?? '') - Date.parse(invoice?.createdAt ?? '')).toBe(600_000);
  });

  test('a person names the project', async () => {
    const { owner, projectId } = merchant;
    expect(await tryInvoice(owner, {})).toMatchObject({
      code: 'INVALID_INPUT',
      path: ['input', 'projectId'],
    });
    const invoice = await createInvoice(owner, { projectId, mode: 'TEST' });
    expect(invoice.status).toBe('CREATED');
  });
});
