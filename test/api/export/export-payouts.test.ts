import { beforeAll, expect, test } from 'vitest';
import { LIST_COLUMNS } from '../../../src/domain/export/lists.ts';
import { accepted } from '../../../src/demo/api-client.ts';
import type { DemoMerchant } from '../../../src/demo/merchant.ts';
import * as operations from '../../../src/generated/documents.ts';
import { openShop } from '../../testkit/open-shop.ts';
import { insertPayoutRow, payoutMade } from '../../testkit/payout-rows.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { createInvoice, createQuote, simulatePayment } from '../../testkit/shop.ts';
import { parseCsv } from '../../unit/export/csv-parser.ts';
import { paidInvoice, refund, claimed } from '../refund/refund-shop.ts';
import { askExport, exported } from './export-kit.ts';

const kit = usePlatform();
let merchant: DemoMerchant;
let refundId: string;
const made: string[] = [];
beforeAll(async () => {
  merchant = await openShop(kit, 'ada@shop.example');
  const at = (n: number) => new Date(Date.parse('2026-01-01T00:00:00Z') + n * 1000);
  const rows = [{ reference: '=1+1' }, { status: 'CONFIRMED', txId: '0xabc' }, { mode: 'LIVE' }] as const;
  for (const [n, row] of rows.entries())
    made.unshift(await insertPayoutRow(kit.database.pool, merchant.merchantId, { createdAt: at(n), ...row }));
  const invoiceId = await paidInvoice(merchant.test, { customerEmail: 'payer@mail.example' });
  refundId = (await refund(merchant.owner, { invoiceId, amount: '5', description: '@SUM(A1)' })).id;
  await claimed(kit, 'payer@mail.example');
  await payoutMade(kit.database.pool, refundId);
});

const asked = () => ({ token: merchant.sessionToken, merchantId: merchant.merchantId, mode: 'TEST' });
const ofProject = () => ({ token: merchant.testKey });

test.each<operations.PayoutFilter>([
  {},
  { status: ['CONFIRMED'] },
  { txId: '0xabc' },
  { origin: ['REFUND'] },
])('payouts by %j are those of the list, in its order', async (filter) => {
  const { owner, merchantId } = merchant;
  const variables = { merchantId, mode: 'TEST', filter } as const;
  const { payouts } = await owner.send(operations.PayoutListDocument, variables);
  const rows = await exported(kit.platform.url, 'payouts', { ...asked(), filter, columns: 'id' });
  expect(rows.map(({ id }) => id)).toEqual(payouts.edges.map(({ node }) => node.id));
  expect(rows.map(({ id }) => id)).not.toContain(made[0]);
});

test('payouts and refunds hold exact amounts, and compute nothing in a spreadsheet', async () => {
  const [row] = await exported(kit.platform.url, 'payouts', { ...asked(), filter: { origin: ['REFUND'] } });
  expect(Object.keys(row ?? {})).toEqual(LIST_COLUMNS.PAYOUTS);
  expect(row).toMatchObject({
    refundId,
    status: 'QUEUED',
    currency: 'USDT',
    debited: '5.000000',
    batchRow: null,
  });
  const [back] = await exported(kit.platform.url, 'refunds', ofProject());
  expect(Object.keys(back ?? {})).toEqual(LIST_COLUMNS.REFUNDS);
  expect(back).toMatchObject({ id: refundId, status: 'PREPARED', amount: '5.00', assetAmount: '5.000000' });
  const csv = async (file: string, columns: string, more: object) =>
    parseCsv(await (await askExport(kit.platform.url, file, { ...more, columns })).text()).slice(1);
  const filter = { reference: '=1+1' };
  expect(await csv('payouts.csv', 'reference,arrives', { ...asked(), filter })).toEqual([
    ["'=1+1", '4.999700'],
  ]);
  expect(await csv('refunds.csv', 'description,amount', ofProject())).toEqual([["'@SUM(A1)", '5.00']]);
  expect(await exported(kit.platform.url, 'rebounds', ofProject())).toEqual([]);
});

test('rebounds are those of the list, in its order and by its filter', async () => {
  const { owner, test: api, projectId } = merchant;
  const { projectUpdate } = await owner.send(operations.ProjectUpdateDocument, {
    input: { projectId, defaults: { policies: { overpaid: 'REBOUND' } } },
  });
  accepted(projectUpdate, 'Project');
  for (const customerEmail of ['first@mail.example', 'second@mail.example']) {
    const { id } = await createInvoice(api, { amount: '100', customerEmail });
    const quote = await createQuote(api, id);
    await simulatePayment(api, id, quote.id, String(Number(quote.amount.amount) + 20));
  }
  const listed = async (filter: operations.ReboundFilter) =>
    (
      await owner.send(operations.ReboundListDocument, { projectId, mode: 'TEST', filter })
    ).rebounds.edges.map(({ node }) => node);
  await expect.poll(async () => (await listed({ status: ['PENDING'] })).length, { timeout: 10_000 }).toBe(2);
  const rows = await exported(kit.platform.url, 'rebounds', ofProject());
  expect(Object.keys(rows[0] ?? {})).toEqual(LIST_COLUMNS.REBOUNDS);
  expect(rows.map(({ id }) => id)).toEqual((await listed({})).map(({ id }) => id));
  expect(rows).toMatchObject([
    { customerEmail: 'second@mail.example', reason: 'OVERPAID', amount: '20.000000' },
    { customerEmail: 'first@mail.example', status: 'PENDING' },
  ]);
  const [last] = await listed({});
  const { reboundReject } = await owner.send(operations.ReboundRejectDocument, {
    input: { reboundId: last?.id ?? '' },
  });
  accepted(reboundReject, 'Rebound');
  const filter = { status: ['REJECTED'] as const };
  expect(await exported(kit.platform.url, 'rebounds', { ...ofProject(), filter, columns: 'id' })).toEqual([
    { id: last?.id },
  ]);
});

test('what the lists do not know is refused', async () => {
  const status = async (file: string, more: object) => (await askExport(kit.platform.url, file, more)).status;
  expect(await status('payouts.csv', { ...asked(), filter: { status: ['LOST'] } })).toBe(400);
  expect(await status('payouts.csv', { ...asked(), projectId: merchant.projectId })).toBe(400);
  expect(await status('payouts.csv', ofProject())).toBe(403);
  expect(await status('refunds.csv', { ...ofProject(), filter: { payout: 'x' } })).toBe(400);
});
