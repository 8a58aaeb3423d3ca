import { beforeAll, describe, expect, test } from 'vitest';
import { accepted } from '../../src/demo/api-client.ts';
import { openMerchant, type DemoMerchant } from '../../src/demo/merchant.ts';
import * as operations from '../../src/generated/documents.ts';
import { createMovableClock } from '../testkit/movable-clock.ts';
import { usePlatform } from '../testkit/platform.ts';
import { errorCodes } from '../testkit/raw-graphql.ts';
import { cancel, createInvoice, createQuote, simulatePayment } from '../testkit/shop.ts';
import { join } from '../testkit/team.ts';

const clock = createMovableClock();
const kit = usePlatform({ overrides: { clock } });
type Variables = operations.ListOfInvoicesQueryVariables;

let merchant: DemoMerchant;
let stranger: DemoMerchant;
let second: string;
const id: Record<string, string> = {};
const moment: Record<string, string> = {};

const page = async (variables: Variables, api = merchant.test) =>
  (await api.send(operations.ListOfInvoicesDocument, variables)).invoices;
const names = async (variables: Variables, api = merchant.test) => {
  const byId = new Map(Object.entries(id).map(([name, value]) => [value, name]));
  return (await page(variables, api)).edges.map(({ node }) => byId.get(node.id));
};

async function make(name: string, input: Partial<operations.InvoiceCreateInput>, api = merchant.test) {
  clock.advance({ seconds: 5 });
  moment[name] = clock.now().toISOString();
  id[name] = (await createInvoice(api, input)).id;
}

async function pay(name: string, amount?: string) {
  const quote = await createQuote(merchant.test, id[name] ?? '');
  const paid = await simulatePayment(merchant.test, id[name] ?? '', quote.id, amount);
  return paid.payments[0]?.txId ?? '';
}

let txId: string;
beforeAll(async () => {
  merchant = await openMerchant(kit.platform, 'ada@shop.example');
  stranger = await openMerchant(kit.platform, 'eve@other.example');
  const { merchantId } = merchant;
  const created = await merchant.owner.send(operations.ProjectCreateDocument, {
    input: { merchantId, name: 'Second' },
  });
  second = accepted(created.projectCreate, 'Project').id;
  await make('tea', {
    orderId: 'Shop-100',
    description: 'Green tea, two boxes',
    customerRef: 'c1',
    amount: '10',
  });
  await make('cup', { orderId: 'shop-101', description: 'A blue cup', customerEmail: 'Bob@Mail.example' });
  await make('pot', { orderId: 'other', description: 'Tea-pot', currency: 'EUR', amount: '99.99' });
  await make('jar', {
    orderId: 'shop-1',
    customerEmail: 'ann@mail.example',
    subMerchantId: 'sub_1',
    currency: 'USDT',
  });
  await make('mug', { description: 'Blue mug for tea' });
  await make('far', { projectId: second, mode: 'TEST', orderId: 'shop-7' }, merchant.owner);
  await make('theirs', { orderId: 'shop-9', description: 'tea' }, stranger.test);
  clock.advance({ seconds: 60 });
  txId = await pay('jar');
  clock.advance({ seconds: 60 });
  moment['between'] = clock.now().toISOString();
  clock.advance({ seconds: 60 });
  await pay('tea');
  await cancel(merchant.test, id['pot'] ?? '');
});

describe('a filter', () => {
  test.each<[string, () => operations.InvoiceFilter, string[]]>([
    ['the beginning of an order id, in any case', () => ({ search: 'SHOP-1' }), ['jar', 'cup', 'tea']],
    ['the beginning of an e-mail address', () => ({ search: 'bob@m' }), ['cup']],
    ['a word', () => ({ search: 'tea' }), ['mug', 'pot', 'tea']],
    ['several words in any order', () => ({ search: 'tea green' }), ['tea']],
    ['a part of a word', () => ({ search: 'gree' }), []],
    ['a transaction', () => ({ search: txId }), ['jar']],
    ['the end of an order id', () => ({ search: '101' }), []],
    ['a quote and a wildcard', () => ({ search: "%' OR 1=1" }), []],
    ['a customer', () => ({ customerRef: 'c1' }), ['tea']],
    ['a sub-merchant', () => ({ subMerchantId: 'sub_1' }), ['jar']],
    ['a payment link', () => ({ paymentLinkId: merchant.projectId }), []],
    ['an exception', () => ({ exception: ['CANCELLED', 'EXPIRED'] }), ['pot']],
    ['none of them', () => ({ exception: ['NONE'] }), ['mug', 'jar', 'cup', 'tea']],
    ['an amount and more', () => ({ currency: 'USD', minAmount: '12.50' }), ['mug', 'cup']],
    ['an amount and less', () => ({ currency: 'USD', maxAmount: '12.49' }), ['tea']],
    ['the time of payment', () => ({ paidFrom: moment['between'] ?? '' }), ['tea']],
    ['the time before', () => ({ paidBefore: moment['between'] ?? '' }), ['jar']],
    [
      'all together',
      () => ({ search: 'shop', status: ['PAID'], currency: 'USDT', createdFrom: moment['cup'] ?? '' }),
      ['jar'],
    ],
  ])('by %s lists exactly those', async (_what, filter, expected) => {
    expect(await names({ filter: filter() })).toEqual(expected);
  });

  test.each<[string, operations.InvoiceFilter]>([
    ['two letters', { search: 'ab' }],
    ['blanks', { search: '      ' }],
    ['129 letters', { search: 'a'.repeat(129) }],
    ['a NUL', { search: 'abc\u0000' }],
    ['an amount without currency', { minAmount: '5' }],
    ['an amount that the currency does not have', { currency: 'USD', maxAmount: '5.001' }],
    ['a negative amount', { currency: 'USD', maxAmount: '-5' }],
  ])('by %s is refused', async (_what, filter) => {
    expect(await errorCodes(page({ filter }))).toEqual(['INVALID_INPUT']);
  });
});

describe('the order', () => {
  test('is by creation or by payment, from either end', async () => {
    expect(await names({ sort: 'CREATED_ASC' })).toEqual(['tea', 'cup', 'pot', 'jar', 'mug']);
    expect(await names({ sort: 'PAID_DESC' })).toEqual(['tea', 'jar']);
    expect(await names({ sort: 'PAID_ASC' })).toEqual(['jar', 'tea']);
    const first = await page({ sort: 'PAID_ASC', first: 1 });
    expect(await names({ sort: 'PAID_ASC', first: 1, after: first.pageInfo.endCursor ?? '' })).toEqual([
      'tea',
    ]);
    const oldest = await page({ sort: 'CREATED_ASC', first: 2 });
    expect(await names({ sort: 'CREATED_ASC', after: oldest.pageInfo.endCursor ?? '' })).toEqual([
      'pot',
      'jar',
      'mug',
    ]);
  });
});

describe('several projects', () => {
  const mode = 'TEST' as const;
  test('are listed together', async () => {
    const projectIds = [merchant.projectId, second];
    const all = ['far', 'mug', 'jar', 'pot', 'cup', 'tea'];
    expect(await names({ projectIds, mode }, merchant.owner)).toEqual(all);
    expect(await names({ merchantId: merchant.merchantId, mode }, merchant.owner)).toEqual(all);
    expect(await names({ projectIds, mode, filter: { search: 'shop-' } }, merchant.owner)).toEqual([
      'far',
      'jar',
      'cup',
      'tea',
    ]);
    expect(
      await names({ projectIds, mode, filter: { status: ['PAID'] }, sort: 'PAID_ASC' }, merchant.owner),
    ).toEqual(['jar', 'tea']);
    expect(await names({ projectIds: [second], mode }, merchant.owner)).toEqual(['far']);
  });

  test('of a key are its own', async () => {
    expect(await names({ merchantId: merchant.merchantId })).toEqual(['mug', 'jar', 'pot', 'cup', 'tea']);
    expect(await errorCodes(page({ projectIds: [merchant.projectId, second] }))).toEqual(['INVALID_INPUT']);
  });

  test('of a restricted member are those that are open', async () => {
    const { api } = await join(kit, merchant, 'rex@shop.example', { projectIds: [second] });
    expect(await names({ merchantId: merchant.merchantId, mode }, api)).toEqual(['far']);
    expect(await errorCodes(page({ projectIds: [merchant.projectId], mode }, api))).toEqual([
      'INVALID_INPUT',
    ]);
  });

  test('of others are not there', async () => {
    const { owner } = merchant;
    const { merchantId, projectId } = stranger;
    for (const variables of [
      { merchantId },
      { projectIds: [projectId] },
      { projectIds: [second, projectId] },
    ]) {
      expect(await errorCodes(page({ ...variables, mode }, owner))).toEqual(['INVALID_INPUT']);
    }
  });

  test.each<[string, () => Variables]>([
    ['nothing', () => ({})],
    ['two ways at once', () => ({ projectIds: [second], merchantId: merchant.merchantId })],
    ['no project', () => ({ projectIds: [] })],
  ])('named by %s are refused', async (_what, variables) => {
    expect(await errorCodes(page(variables(), merchant.owner))).toEqual(['INVALID_INPUT']);
  });
});

test('a cursor is good for its own list only', async () => {
  const after = (await page({ first: 1 })).pageInfo.endCursor ?? '';
  expect(await names({ after, first: 1 })).toEqual(['jar']);
  const others: Variables[] = [
    { sort: 'CREATED_ASC' },
    { sort: 'PAID_DESC' },
    { filter: { currency: 'EUR' } },
    { filter: { search: 'shop' } },
    { filter: { exception: ['NONE'] } },
  ];
  for (const other of others) expect(await errorCodes(page({ ...other, after }))).toEqual(['INVALID_INPUT']);
  const both = { projectIds: [merchant.projectId, second], mode: 'TEST' as const };
  expect(await errorCodes(page({ ...both, after }, merchant.owner))).toEqual(['INVALID_INPUT']);
});
