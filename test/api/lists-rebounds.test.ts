import { beforeAll, expect, test } from 'vitest';
import { uuidSource } from '../../src/adapters/system/uuid-source.ts';
import type { DemoMerchant } from '../../src/demo/merchant.ts';
import * as operations from '../../src/generated/documents.ts';
import { globalIdOf, rowIdOf } from '../testkit/facts.ts';
import { openShop } from '../testkit/open-shop.ts';
import { insertPayoutRow } from '../testkit/payout-rows.ts';
import { usePlatform } from '../testkit/platform.ts';
import { errorCodes } from '../testkit/raw-graphql.ts';
import { statementsDuring } from '../testkit/statements.ts';
import { paidInvoice } from './refund/refund-shop.ts';

const kit = usePlatform({ env: { ROLES: 'api' } });
const START = Date.parse('2026-01-01T00:00:00Z');
const moment = (n: number): Date => new Date(START + n * 1000);

const INSERT = `
  INSERT INTO rebound (id, merchant_id, project_id, mode, payment_id, invoice_id, status, reason, asset, network, amount,
    network_fee, created_at)
  SELECT $1, p.merchant_id, p.project_id, p.mode, p.id, p.invoice_id, $3::"ReboundStatus", $4, p.asset, p.network, 1, 0, $5
  FROM payment p WHERE p.invoice_id = $2`;
const ROWS = [
  ['REJECTED', 'UNDERPAID'],
  ['PENDING', 'OVERPAID'],
  ['WITHDRAW_REQUESTED', 'LATE'],
  ['COMPLETED', 'OVERPAID'],
  // Two of one moment are told apart by their ids.
  ['REJECTED', 'OVERPAID'],
] as const;

let merchant: DemoMerchant;
let stranger: DemoMerchant;
/** Oldest first. */
const rebounds: string[] = [];
const payments: string[] = [];

beforeAll(async () => {
  merchant = await openShop(kit, 'ada@shop.example');
  stranger = await openShop(kit, 'eve@other.example');
  const { pool } = kit.database;
  for (const [n, [status, reason]] of ROWS.entries()) {
    const invoiceId = await paidInvoice(merchant.test);
    const id = uuidSource.next();
    const createdAt = moment(Math.min(n, 3));
    await pool.query(INSERT, [id, rowIdOf(invoiceId), status, reason, createdAt]);
    const { rows } = await pool.query<{ id: string }>('SELECT id FROM payment WHERE invoice_id = $1', [
      rowIdOf(invoiceId),
    ]);
    rebounds.push(globalIdOf('Rebound', id));
    payments.push(globalIdOf('Payment', rows[0]?.id ?? ''));
    const projectId = rowIdOf(merchant.projectId);
    await insertPayoutRow(pool, merchant.merchantId, { origin: 'REBOUND', sourceId: id, projectId });
  }
});

const page = async (variables: operations.FilteredReboundsQueryVariables, api = merchant.test) =>
  (await api.send(operations.FilteredReboundsDocument, variables)).rebounds;
const numbers = ({ edges }: operations.FilteredReboundsQuery['rebounds']): number[] =>
  edges.map(({ node }) => rebounds.indexOf(node.id));

test.each<[string, () => operations.ReboundFilter, number[]]>([
  ['nothing', () => ({}), [4, 3, 2, 1, 0]],
  ['some statuses', () => ({ status: ['REJECTED', 'PENDING'] }), [4, 1, 0]],
  ['no status at all', () => ({ status: [] }), []],
  ['a reason', () => ({ reason: ['OVERPAID'] }), [4, 3, 1]],
  ['reasons and a status', () => ({ reason: ['OVERPAID', 'LATE'], status: ['COMPLETED'] }), [3]],
  ['a payment', () => ({ paymentId: payments[2] ?? '' }), [2]],
  ['a payment that is none', () => ({ paymentId: globalIdOf('Payment', uuidSource.next()) }), []],
  [
    'a span',
    () => ({ createdFrom: moment(1).toISOString(), createdBefore: moment(3).toISOString() }),
    [2, 1],
  ],
])('rebounds by %s are exactly those', async (_what, filter, expected) => {
  expect(numbers(await page({ filter: filter() }))).toEqual(expected);
});

test('rebounds go over pages both ways, none twice and none left out', async () => {
  const first = await page({ first: 1 });
  const second = await page({ first: 2, after: first.pageInfo.endCursor ?? null });
  const third = await page({ first: 2, after: second.pageInfo.endCursor ?? null });
  expect([first, second, third].map(numbers)).toEqual([[4], [3, 2], [1, 0]]);
  expect([first, second, third].map(({ pageInfo }) => pageInfo.hasNextPage)).toEqual([true, true, false]);
  expect(numbers(await page({ last: 2, before: third.edges[0]?.cursor ?? null }))).toEqual([3, 2]);
});

test('cursors of rebounds are good for their list alone', async () => {
  const after = (await page({ first: 1 })).pageInfo.endCursor ?? '';
  const { owner, projectId } = merchant;
  const others: (() => Promise<unknown>)[] = [
    () => page({ after, filter: { status: ['REJECTED'] } }),
    () => page({ after, projectId, mode: 'LIVE' }, owner),
    () => merchant.test.send(operations.FilteredRefundsDocument, { after }),
  ];
  for (const other of others) expect(await errorCodes(other())).toEqual(['INVALID_INPUT']);
});

test('rebounds are nobody else’s', async () => {
  const { projectId } = merchant;
  expect(await errorCodes(page({ projectId, mode: 'TEST' }, stranger.owner))).toEqual(['INVALID_INPUT']);
  expect(await errorCodes(page({ projectId }, stranger.test))).toEqual(['INVALID_INPUT']);
  const ofStranger = { projectId: stranger.projectId, mode: 'TEST' } as const;
  const filters: operations.ReboundFilter[] = [{}, { paymentId: payments[0] ?? '' }];
  for (const filter of filters)
    expect(numbers(await page({ ...ofStranger, filter }, stranger.owner))).toEqual([]);
  expect(numbers(await page({}, merchant.live))).toEqual([]);
});

test('rebounds with payment and payout cost as many statements for three as for one', async () => {
  const cost = (first: number) =>
    statementsDuring(/^SELECT "public"|FROM payment p/, async () => {
      const { owner, projectId } = merchant;
      const { edges } = await page({ projectId, mode: 'TEST', first }, owner);
      expect(edges.filter(({ node }) => node.payment && node.payout)).toHaveLength(first);
    });
  const one = await cost(1);
  expect(one.length).toBeGreaterThan(0);
  expect(await cost(3)).toHaveLength(one.length);
});
