import { beforeAll, expect, test } from 'vitest';
import { accepted } from '../../../src/demo/api-client.ts';
import type { DemoMerchant } from '../../../src/demo/merchant.ts';
import type * as operations from '../../../src/generated/documents.ts';
import { expectLedgerInBalance } from '../../fault/ledger-checks.ts';
import { createMovableClock } from '../../testkit/movable-clock.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { batch, openPayoutShop, PAYEE, traces, usdtOf } from './payout-shop.ts';

const clock = createMovableClock();
const kit = usePlatform({ overrides: { clock } });

let shop: DemoMerchant;
beforeAll(async () => {
  shop = await openPayoutShop(kit, clock, 'ada@batches.example');
});

type Row = operations.PayoutBatchRowInput;
const row = (more: Partial<Row> = {}): Row => ({
  currency: 'USDT',
  amount: '1',
  network: 'ETHEREUM',
  address: PAYEE,
  ...more,
});
const send = (rows: Row[], idempotencyKey: string, api = shop.live) =>
  batch(api, { merchantId: api === shop.owner ? shop.merchantId : null, rows, idempotencyKey });
const rowsOf = async (answer: ReturnType<typeof send>) =>
  accepted(await answer, 'PayoutBatchCreatePayload').rows;

async function unwritten(work: () => Promise<void>): Promise<void> {
  const before = await traces(kit.database.pool);
  await work();
  expect(await traces(kit.database.pool)).toEqual(before);
}

test('each row is made or refused by itself, and says where it is wrong', async () => {
  const before = await usdtOf(kit.database.pool, shop.merchantId);
  const rows = await rowsOf(
    send(
      [
        row({ reference: 'one' }),
        row({ address: 'nowhere' }),
        row({ amount: '0' }),
        row({ amount: '1000000' }),
        row({ network: 'BITCOIN' }),
        row({ reference: 'two' }),
      ],
      'salaries-11',
    ),
  );
  expect(rows.map(({ payout, error }) => payout?.reference ?? [error?.code, ...(error?.path ?? [])])).toEqual(
    [
      'one',
      ['INVALID_INPUT', 'input', 'rows', '1', 'address'],
      ['INVALID_INPUT', 'input', 'rows', '2', 'amount'],
      ['BALANCE_SHORT', 'input', 'rows', '3', 'amount'],
      ['INVALID_INPUT', 'input', 'rows', '4', 'network'],
      'two',
    ],
  );
  expect(rows.every(({ payout, error }) => (payout === null) !== (error === null))).toBe(true);
  const after = await usdtOf(kit.database.pool, shop.merchantId);
  expect(before.available - after.available).toBe(2_000_000n);
  const { rows: stored } = await kit.database.pool.query(
    'SELECT origin, batch_row, count(*) OVER (PARTITION BY batch_id)::int AS together FROM payout ORDER BY batch_row',
  );
  expect(stored).toEqual([
    { origin: 'BATCH', batch_row: 0, together: 2 },
    { origin: 'BATCH', batch_row: 5, together: 2 },
  ]);
  await expectLedgerInBalance(kit.database.pool);
});

test('a batch that is sent again makes nothing anew, also ten times at once', async () => {
  const rows = [row(), row({ amount: '2' }), row({ address: 'nowhere' })];
  const answers = await Promise.all(Array.from({ length: 10 }, () => rowsOf(send(rows, 'once'))));
  const ids = answers.map((answer) => answer.map(({ payout }) => payout?.id ?? null));
  for (const made of ids) expect(made).toEqual(ids[0]);
  await unwritten(async () => {
    for (const others of [
      [row(), row({ amount: '3' })],
      [...rows, row()],
    ])
      expect(await send(others, 'once')).toMatchObject({
        code: 'IDEMPOTENCY_KEY_REUSED',
        path: ['input', 'idempotencyKey'],
      });
  });
});

test('a batch of nothing, of too much, or of nobody who may is refused as a whole', async () => {
  await unwritten(async () => {
    for (const rows of [[], Array.from({ length: 201 }, () => row())])
      expect(await send(rows, 'size')).toMatchObject({ code: 'INVALID_INPUT', path: ['input', 'rows'] });
    for (const key of ['', 'x'.repeat(255), 'a\nb'])
      expect(await send([row()], key)).toMatchObject({ path: ['input', 'idempotencyKey'] });
    expect(
      await batch(shop.live, { merchantId: null, mode: 'TEST', rows: [row()], idempotencyKey: 'k' }),
    ).toMatchObject({ code: 'NOT_FOUND' });
    await kit.database.pool.query('UPDATE session SET stepped_up_at = NULL');
    expect(await send([row()], 'absent', shop.owner)).toMatchObject({ code: 'STEP_UP_REQUIRED' });
  });
});
