import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { accepted, type ApiClient } from '../../../src/demo/api-client.ts';
import type { DemoMerchant } from '../../../src/demo/merchant.ts';
import * as operations from '../../../src/generated/documents.ts';
import { globalIdOf, rowCounts, rowIdOf } from '../../testkit/facts.ts';
import { openShop } from '../../testkit/open-shop.ts';
import { openOperator, type TestOperator } from '../../testkit/operator.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { createInvoice, createQuote, simulatePayment, balancesOf } from '../../testkit/shop.ts';

const kit = usePlatform();
type Input = operations.FeeScheduleSetMutationVariables['input'];

let admin: TestOperator;
let merchant: DemoMerchant;
let merchants = 0;
beforeAll(async () => {
  admin = await openOperator(kit.platform, kit.database, 'ADMIN');
});
beforeEach(async () => {
  await kit.database.pool.query('DELETE FROM fee_schedule');
  merchants += 1;
  merchant = await openShop(kit, `fees${merchants}@shop.example`);
});

const trySet = async (input: Input, api: ApiClient = admin.api) =>
  (await api.send(operations.FeeScheduleSetDocument, { input })).feeScheduleSet;
const set = async (input: Input) => accepted(await trySet(input), 'FeeSchedule');
const tryRemove = async (feeScheduleId: string, api: ApiClient = admin.api) =>
  (await api.send(operations.FeeScheduleRemoveDocument, { input: { feeScheduleId } })).feeScheduleRemove;
const feesOf = async (api: ApiClient, projectId?: string) =>
  (await api.send(operations.ProjectFeesDocument, { projectId })).projectFees;

const eventsOf = async (scheduleId: string) => {
  const { rows } = await kit.database.pool.query<{ data: Record<string, unknown> }>(
    `SELECT type, merchant_id, project_id, mode, subject_type, actor ->> 'id' AS actor, data FROM event
     WHERE subject_id = $1 ORDER BY txid, seq`,
    [rowIdOf(scheduleId)],
  );
  return rows;
};

async function unchanged(work: () => Promise<unknown>): Promise<void> {
  const rows = async () => (await kit.database.pool.query('SELECT * FROM fee_schedule ORDER BY id')).rows;
  const before = [await rowCounts(kit.database.pool, ['event']), await rows()];
  await work();
  expect([await rowCounts(kit.database.pool, ['event']), await rows()]).toEqual(before);
}

const FULL = {
  percent: '1.5',
  fixed: [
    { asset: 'USDT', amount: '0.50' },
    { asset: 'BTC', amount: '0.00001' },
  ],
  network: [{ asset: 'USDT', network: 'ETHEREUM', amount: '2' }],
} as const;
const FULL_FEES = {
  percent: '1.50',
  fixed: [
    { amount: '0.00001000', currency: { code: 'BTC' } },
    { amount: '0.500000', currency: { code: 'USDT' } },
  ],
  network: [{ asset: 'USDT', network: 'ETHEREUM', fee: { amount: '2.000000' } }],
};
const NONE = { percent: '0.00', fixed: [], network: [] };

describe('a fee schedule', () => {
  test('holds for the gateway, unless the merchant or the project has its own', async () => {
    expect(await feesOf(merchant.owner, merchant.projectId)).toEqual(NONE);
    expect(await feesOf(merchant.test)).toEqual(NONE);

    const gateway = await set(FULL);
    expect(gateway).toMatchObject({ scope: 'GATEWAY', merchantId: null, projectId: null, fees: FULL_FEES });
    expect(await feesOf(merchant.test)).toEqual(FULL_FEES);

    const { merchantId, projectId } = merchant;
    const own = await set({ merchantId, percent: '1' });
    expect(own).toMatchObject({ scope: 'MERCHANT', merchantId, projectId: null });
    expect(await feesOf(merchant.test)).toEqual({ ...NONE, percent: '1.00' });

    const narrow = await set({ projectId, percent: '0' });
    expect(narrow).toMatchObject({ scope: 'PROJECT', merchantId, projectId });
    expect(await feesOf(merchant.test)).toEqual(NONE);

    const stranger = await openShop(kit, `stranger${merchants}@shop.example`);
    expect(await feesOf(stranger.test)).toEqual(FULL_FEES);
    expect(await feesOf(stranger.owner, projectId)).toBeNull();
    expect(await feesOf(stranger.test, projectId)).toBeNull();

    expect(await tryRemove(narrow.id)).toEqual({
      __typename: 'FeeScheduleRemoved',
      feeScheduleId: narrow.id,
    });
    expect(await feesOf(merchant.test)).toEqual({ ...NONE, percent: '1.00' });
    await tryRemove(own.id);
    expect(await feesOf(merchant.test)).toEqual(FULL_FEES);
  });

  test('is replaced as a whole, and told once for each change', async () => {
    const { merchantId } = merchant;
    const first = await set({ merchantId, ...FULL });
    await unchanged(() => set({ merchantId, ...FULL, fixed: FULL.fixed.toReversed() }));
    const payoutMinimums = [{ currency: 'USD', amount: '120' }] as const;
    const second = await set({ merchantId, percent: '2.25', payoutMinimums: [...payoutMinimums] });
    expect(second).toMatchObject({ id: first.id, fees: { ...NONE, percent: '2.25' } });
    await unchanged(() => set({ merchantId, percent: '2.25', payoutMinimums: [...payoutMinimums] }));
    const { projectFees } = await merchant.test.send(operations.FeesMinimumsDocument, {});
    const least = projectFees?.payoutMinimums.map(({ amount, currency }) => `${amount} ${currency.code}`);
    expect(least).toContain('120.00 USD');
    expect(least).toContain('130.00 EUR');
    await tryRemove(first.id);
    await unchanged(async () => {
      expect(await tryRemove(first.id)).toMatchObject({
        code: 'NOT_FOUND',
        path: ['input', 'feeScheduleId'],
      });
    });
    const place = {
      type: 'fee_schedule.changed',
      merchant_id: rowIdOf(merchantId),
      project_id: null,
      mode: null,
      subject_type: 'FEE_SCHEDULE',
      actor: admin.userId,
    };
    const scope = { scope: 'MERCHANT', removed: false };
    expect(await eventsOf(first.id)).toEqual([
      {
        ...place,
        data: {
          ...scope,
          percent: '1.50',
          fixed: '0.00001000 BTC, 0.500000 USDT',
          network: '2.000000 USDT/ETHEREUM',
          payoutMinimums: '',
        },
      },
      { ...place, data: { ...scope, percent: '2.25', fixed: '', network: '', payoutMinimums: '120.00 USD' } },
      {
        ...place,
        data: {
          scope: 'MERCHANT',
          removed: true,
          percent: null,
          fixed: null,
          network: null,
          payoutMinimums: null,
        },
      },
    ]);
  });

  test('is made once when ten set it at once', async () => {
    const all = await Promise.all(
      Array.from({ length: 10 }, (_, i) => set({ projectId: merchant.projectId, percent: `${i % 2}` })),
    );
    expect(new Set(all.map(({ id }) => id)).size).toBe(1);
    expect((await kit.database.pool.query('SELECT FROM fee_schedule')).rowCount).toBe(1);
    const told = (await eventsOf(all[0]?.id ?? '')).map(({ data }) => data['percent']);
    // No change is told twice in a row.
    expect(told.filter((percent, i) => percent === told[i - 1])).toEqual([]);
  });

  const wrong: readonly [what: string, input: Input, path: string][] = [
    ['more than everything', { percent: '100.01' }, 'percent'],
    ['less than nothing', { percent: '-1' }, 'percent'],
    ['too exact a part', { percent: '0.005' }, 'percent'],
    [
      'a least payout of nothing',
      { percent: '1', payoutMinimums: [{ currency: 'EUR', amount: '0' }] },
      'payoutMinimums',
    ],
    ['a fixed fee of nothing', { percent: '1', fixed: [{ asset: 'USDT', amount: '0' }] }, 'fixed'],
    ['too exact a fixed fee', { percent: '1', fixed: [{ asset: 'USDT', amount: '0.0000001' }] }, 'fixed'],
    [
      'an asset twice',
      {
        percent: '1',
        fixed: [
          { asset: 'USDT', amount: '1' },
          { asset: 'USDT', amount: '2' },
        ],
      },
      'fixed',
    ],
    [
      'a way that there is not',
      { percent: '1', network: [{ asset: 'BTC', network: 'ETHEREUM', amount: '1' }] },
      'network',
    ],
    [
      'a negative network fee',
      { percent: '1', network: [{ asset: 'USDT', network: 'ETHEREUM', amount: '-1' }] },
      'network',
    ],
  ];
  test.each(wrong)('does not take %s', async (_what, input, path) => {
    await unchanged(async () => {
      expect(await trySet(input)).toMatchObject({ code: 'INVALID_INPUT', path: ['input', path] });
    });
  });

  test('is for one of both, and for what there is', async () => {
    const nowhere = (type: string) => globalIdOf(type, '019a0000-0000-7000-8000-000000000000');
    const { merchantId, projectId } = merchant;
    await unchanged(async () => {
      expect(await trySet({ merchantId, projectId, percent: '1' })).toMatchObject({ code: 'INVALID_INPUT' });
      expect(await trySet({ merchantId: nowhere('Merchant'), percent: '1' })).toMatchObject({
        code: 'NOT_FOUND',
        path: ['input', 'merchantId'],
      });
      expect(await trySet({ projectId: nowhere('Project'), percent: '1' })).toMatchObject({
        code: 'NOT_FOUND',
        path: ['input', 'projectId'],
      });
    });
  });

  test('is set by operators who proved to be there, and read by those who help', async () => {
    const schedule = await set({ percent: '1' });
    const stale = await openOperator(kit.platform, kit.database, 'ADMIN', { steppedUpAt: null });
    const support = await openOperator(kit.platform, kit.database, 'SUPPORT');
    await unchanged(async () => {
      expect(await trySet({ percent: '2' }, stale.api)).toMatchObject({ code: 'STEP_UP_REQUIRED' });
      expect(await tryRemove(schedule.id, stale.api)).toMatchObject({ code: 'STEP_UP_REQUIRED' });
      for (const api of [support.api, merchant.owner]) {
        await expect(trySet({ percent: '2' }, api)).rejects.toThrow(/FORBIDDEN|allowed/);
        await expect(tryRemove(schedule.id, api)).rejects.toThrow(/FORBIDDEN|allowed/);
      }
    });
    const { node } = await support.api.send(operations.FeeScheduleNodeDocument, { id: schedule.id });
    expect(node).toMatchObject({ __typename: 'FeeSchedule', id: schedule.id });
    expect(
      (await merchant.owner.send(operations.FeeScheduleNodeDocument, { id: schedule.id })).node,
    ).toBeNull();
  });

  test('stands in a list, newest first', async () => {
    const ids = [
      (await set({ percent: '1' })).id,
      (await set({ merchantId: merchant.merchantId, percent: '2' })).id,
      (await set({ projectId: merchant.projectId, percent: '3' })).id,
    ];
    const page = async (after?: string) =>
      (await admin.api.send(operations.FeeSchedulesDocument, { first: 2, ...(after ? { after } : {}) }))
        .feeSchedules;
    const first = await page();
    const second = await page(first.pageInfo.endCursor ?? '');
    expect([...first.edges, ...second.edges].map(({ node }) => node.id)).toEqual(ids.toReversed());
    expect([first.pageInfo.hasNextPage, second.pageInfo.hasNextPage]).toEqual([true, false]);
  });
});

describe('what a payer is asked for and a shop receives', () => {
  const quoted = async () => {
    const { id } = await createInvoice(merchant.test, { amount: '100' });
    await createQuote(merchant.test, id);
    const { invoice } = await merchant.test.send(operations.QuoteFeesDocument, { invoiceId: id });
    const [quote] = invoice?.quotes ?? [];
    if (!quote) throw new Error('no quote');
    return { id, quote };
  };

  test('shows the fees before, and takes those that were shown', async () => {
    await set(FULL);
    const { id, quote } = await quoted();
    expect(quote).toMatchObject({
      amount: { amount: '100.000000' },
      fee: { amount: '2.000000', currency: { code: 'USDT' } },
      networkFee: { amount: '2.000000' },
    });
    await set({ percent: '50' });
    await simulatePayment(merchant.test, id, quote.id);
    expect((await balancesOf(merchant.test))['USDT']).toEqual(['0.000000', '96.000000', '0.000000']);
  });

  test('adds the network fee to what the payer sends, if the payer bears it', async () => {
    await set(FULL);
    const { projectUpdate } = await merchant.owner.send(operations.ProjectUpdateDocument, {
      input: { projectId: merchant.projectId, defaults: { networkFeePayer: 'PAYER' } },
    });
    accepted(projectUpdate, 'Project');
    const { id, quote } = await quoted();
    expect(quote).toMatchObject({
      amount: { amount: '102.000000' },
      fee: { amount: '2.030000' },
      networkFee: { amount: '2.000000' },
    });
    await simulatePayment(merchant.test, id, quote.id);
    expect((await balancesOf(merchant.test))['USDT']).toEqual(['0.000000', '97.970000', '0.000000']);
  });
});
