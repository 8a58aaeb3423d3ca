import { beforeAll, describe, expect, test } from 'vitest';
import { uuidSource } from '../../src/adapters/system/uuid-source.ts';
import type { ApiClient } from '../../src/demo/api-client.ts';
import type { DemoMerchant } from '../../src/demo/merchant.ts';
import * as operations from '../../src/generated/documents.ts';
import { globalIdOf, rowIdOf } from '../testkit/facts.ts';
import { openShop } from '../testkit/open-shop.ts';
import { insertPayoutRow, type PayoutRowInput } from '../testkit/payout-rows.ts';
import { usePlatform } from '../testkit/platform.ts';
import { errorCodes } from '../testkit/raw-graphql.ts';
import { statementsDuring } from '../testkit/statements.ts';
import { join } from '../testkit/team.ts';
import { createInvoice } from '../testkit/shop.ts';

const kit = usePlatform();
const START = Date.parse('2026-01-01T00:00:00Z');
const moment = (n: number): Date => new Date(START + n * 1000);
const ADDRESS = '0x000000000000000000000000000000000000dEaD';
const batch = uuidSource.next();

let merchant: DemoMerchant;
let stranger: DemoMerchant;
let ownerId: string;
const id: Record<string, string> = {};

let made = 0;
async function payout(name: string, row: PayoutRowInput): Promise<void> {
  const createdAt = moment(made++);
  id[name] = await insertPayoutRow(kit.database.pool, merchant.merchantId, { createdAt, ...row });
}

beforeAll(async () => {
  merchant = await openShop(kit, 'ada@shop.example');
  stranger = await openShop(kit, 'eve@other.example');
  const { viewer } = await merchant.owner.send(operations.ViewerDocument, {});
  ownerId = rowIdOf(viewer.id);
  const projectId = rowIdOf(merchant.projectId);
  await payout('waiting', { status: 'PENDING_APPROVAL', origin: 'AUTO_WITHDRAWAL', reference: 'ref-1' });
  await payout('mine', { status: 'PENDING_APPROVAL', actorId: ownerId });
  await payout('queued', { projectId, batchId: batch, batchRow: 1, origin: 'BATCH' });
  await payout('first', { projectId, batchId: batch, batchRow: 0, origin: 'BATCH' });
  await payout('sent', { status: 'BROADCAST', txId: '0xabc', address: ADDRESS });
  await payout('done', { status: 'CONFIRMED', currency: 'BTC', network: 'BITCOIN' });
  await payout('live', { mode: 'LIVE' });
});

const listed = async (
  filter: operations.PayoutFilter,
  api: ApiClient = merchant.owner,
  merchantId: string | null = merchant.merchantId,
) =>
  (await api.send(operations.PayoutListDocument, { merchantId, mode: 'TEST', filter })).payouts.edges.map(
    ({ node }) => Object.entries(id).find(([, one]) => one === node.id)?.[0] ?? node.id,
  );

describe('payouts', () => {
  const cases: readonly [string, () => operations.PayoutFilter, string[]][] = [
    ['nothing', () => ({}), ['done', 'sent', 'first', 'queued', 'mine', 'waiting']],
    ['some statuses', () => ({ status: ['BROADCAST', 'CONFIRMED'] }), ['done', 'sent']],
    ['no status at all', () => ({ status: [] }), []],
    ['a currency', () => ({ currency: 'BTC' }), ['done']],
    ['a network', () => ({ network: 'BITCOIN' }), ['done']],
    ['origins', () => ({ origin: ['BATCH', 'AUTO_WITHDRAWAL'] }), ['first', 'queued', 'waiting']],
    ['a project', () => ({ projectId: merchant.projectId }), ['first', 'queued']],
    ['an address', () => ({ address: ADDRESS }), ['sent']],
    ['a part of an address', () => ({ address: ADDRESS.slice(0, 20) }), []],
    ['a reference', () => ({ reference: 'ref-1' }), ['waiting']],
    ['a transaction', () => ({ txId: '0xabc' }), ['sent']],
    ['a batch', () => ({ batchId: globalIdOf('PayoutBatch', batch) }), ['first', 'queued']],
    [
      'a span',
      () => ({ createdFrom: moment(1).toISOString(), createdBefore: moment(3).toISOString() }),
      ['queued', 'mine'],
    ],
    ['what needs my approval', () => ({ needsMyApproval: true }), ['waiting']],
    ['approval and a currency', () => ({ needsMyApproval: true, currency: 'BTC' }), []],
    [
      'no need of approval',
      () => ({ needsMyApproval: false, status: ['PENDING_APPROVAL'] }),
      ['mine', 'waiting'],
    ],
  ];
  test.each(cases)('by %s are exactly those', async (_what, filter, names) => {
    expect(await listed(filter())).toEqual(names);
  });

  test('that I agreed to do not need my approval', async () => {
    const { api, email } = await join(kit, merchant, 'fin@shop.example', { role: 'FINANCE' });
    expect(await listed({ needsMyApproval: true }, api)).toEqual(['mine', 'waiting']);
    await kit.database.pool.query(
      `INSERT INTO payout_approval (id, payout_id, user_id, revision, at)
       SELECT gen_random_uuid(), $1, u.id, 0, now() FROM "user" u WHERE u.email = $2`,
      [rowIdOf(id['mine'] ?? ''), email],
    );
    expect(await listed({ needsMyApproval: true }, api)).toEqual(['waiting']);
  });

  test('go over pages, and their cursors are good for this list alone', async () => {
    const { owner, merchantId } = merchant;
    const page = (variables: operations.PayoutListQueryVariables) =>
      owner.send(operations.PayoutListDocument, { merchantId, mode: 'TEST', first: 4, ...variables });
    const first = (await page({})).payouts;
    const after = first.pageInfo.endCursor ?? '';
    expect(first.pageInfo.hasNextPage).toBe(true);
    const rest = (await page({ after })).payouts;
    expect(rest.edges.map(({ node }) => node.id)).toEqual([id['mine'], id['waiting']]);
    const others: operations.PayoutFilter[] = [{ status: ['QUEUED'] }, { needsMyApproval: true }];
    for (const filter of others) expect(await errorCodes(page({ after, filter }))).toEqual(['INVALID_INPUT']);
  });

  test('are refused what no payout can have', async () => {
    for (const filter of [{ address: '' }, { reference: 'a\u0000' }, { txId: 'x'.repeat(129) }]) {
      expect(await errorCodes(listed(filter))).toEqual(['INVALID_INPUT']);
    }
  });

  test('are nobody else’s', async () => {
    expect(await errorCodes(listed({}, stranger.owner))).toEqual(['FORBIDDEN']);
    expect(await listed({ projectId: merchant.projectId }, stranger.owner, stranger.merchantId)).toEqual([]);
    expect(await errorCodes(listed({}, merchant.test, null))).toEqual(['FORBIDDEN']);
    const { payoutBatch } = await stranger.owner.send(operations.PayoutBatchRowsDocument, {
      id: globalIdOf('PayoutBatch', batch),
    });
    expect(payoutBatch).toBeNull();
  });

  test('of a batch come in the order of its rows, those of a project below it', async () => {
    const { owner, projectId } = merchant;
    const asked = await owner.send(operations.PayoutBatchRowsDocument, {
      id: globalIdOf('PayoutBatch', batch),
    });
    expect(asked.payoutBatch?.payouts.map((row) => [row.id, row.batchRow])).toEqual([
      [id['first'], 0],
      [id['queued'], 1],
    ]);
    const { node } = await owner.send(operations.ProjectPayoutsDocument, { id: projectId, mode: 'TEST' });
    const rows = node && 'payouts' in node ? (node.payouts?.edges ?? []) : [];
    expect(rows.map((edge) => edge.node.id)).toEqual([id['first'], id['queued']]);
  });
});

const INSERT_REFUND = `
  INSERT INTO refund (id, merchant_id, project_id, mode, invoice_id, status, reason, currency, amount, debit_currency,
    debit_amount, asset, network, asset_amount, network_fee, rate, debit_rate, rate_source, rate_at, sub_merchant_id,
    actor_type, created_at)
  VALUES ($1, $2, $3, 'TEST', $4, $5::"RefundStatus", $6::"RefundReason", 'USD', 100, 'USDT', 1000000, 'USDT', 'ETHEREUM',
    1000000, 0, 1, 1, 'test', now(), $7, 'SYSTEM', $8)`;

/** What the API reads; the workers of the same process look at payouts too. */
const READS = /^SELECT (?:"public"|.*FROM invoice i WHERE)/s;
/** Lists of ids are as long as the page. */
const withoutNumbers = (text: string): string => text.replaceAll(/(?:\$\d+,?)+/g, '$');

describe('refunds', () => {
  const refunds: string[] = [];
  const invoices: string[] = [];
  beforeAll(async () => {
    const { pool } = kit.database;
    const kinds = [
      ['SUCCEEDED', 'DUPLICATE', null],
      ['PREPARED', 'FRAUDULENT', 'sub_1'],
      ['PENDING', null, null],
    ] as const;
    for (const [n, [status, reason, subMerchantId]] of kinds.entries()) {
      const invoice = await createInvoice(merchant.test);
      invoices.push(invoice.id);
      const refundId = uuidSource.next();
      const { merchantId, projectId } = merchant;
      const values = [
        rowIdOf(merchantId),
        rowIdOf(projectId),
        rowIdOf(invoice.id),
        status,
        reason,
        subMerchantId,
      ];
      await pool.query(INSERT_REFUND, [refundId, ...values, moment(n)]);
      refunds.push(globalIdOf('Refund', refundId));
      await insertPayoutRow(pool, merchantId, {
        origin: 'REFUND',
        sourceId: refundId,
        projectId: rowIdOf(projectId),
        createdAt: moment(1000 + n),
      });
    }
  });
  const list = async (filter: operations.RefundFilter) =>
    (await merchant.test.send(operations.FilteredRefundsDocument, { filter })).refunds.edges.map(({ node }) =>
      refunds.indexOf(node.id),
    );
  const cases: readonly [string, () => operations.RefundFilter, number[]][] = [
    ['nothing', () => ({}), [2, 1, 0]],
    ['some statuses', () => ({ status: ['PENDING', 'SUCCEEDED'] }), [2, 0]],
    ['a reason', () => ({ reason: ['DUPLICATE'] }), [0]],
    ['an invoice', () => ({ invoiceId: invoices[1] ?? '' }), [1]],
    ['a sub-merchant', () => ({ subMerchantId: 'sub_1' }), [1]],
    ['a span', () => ({ createdFrom: moment(1).toISOString(), createdBefore: moment(2).toISOString() }), [1]],
  ];
  test.each(cases)('by %s are exactly those', async (_what, filter, expected) => {
    expect(await list(filter())).toEqual(expected);
  });

  test('with invoice and payout, and payouts with all they lead to, cost as many statements for three as for one', async () => {
    const { owner, merchantId, projectId } = merchant;
    const ofRefunds = (first: number) =>
      statementsDuring(READS, async () => {
        const { refunds: rows } = await owner.send(operations.FilteredRefundsDocument, {
          projectId,
          mode: 'TEST',
          first,
        });
        expect(rows.edges.filter(({ node }) => node.payout !== null && node.invoice.id !== '')).toHaveLength(
          first,
        );
      });
    const ofPayouts = (first: number) =>
      statementsDuring(READS, async () => {
        const filter: operations.PayoutFilter = { origin: ['REFUND'] };
        const asked = { merchantId, mode: 'TEST', filter, first } as const;
        const { payouts } = await owner.send(operations.PayoutsInFullDocument, asked);
        expect(
          payouts.edges.filter(({ node }) => node.refund !== null && node.project !== null),
        ).toHaveLength(first);
      });
    for (const cost of [ofRefunds, ofPayouts]) {
      const one = await cost(1);
      expect(one.length).toBeGreaterThan(0);
      expect((await cost(3)).map(withoutNumbers).toSorted()).toEqual(one.map(withoutNumbers).toSorted());
    }
  });
});
