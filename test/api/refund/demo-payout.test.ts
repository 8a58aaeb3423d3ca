import { afterEach, expect, test, vi } from 'vitest';
import { payOutAndRefund } from '../../../src/demo/payout.ts';
import { openShop } from '../../testkit/open-shop.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { balanceOf } from './refund-shop.ts';

const kit = usePlatform();
afterEach(() => vi.restoreAllMocks());

test('the demo pays out, and refunds over the link in the mail to the payer, and says so', async () => {
  const shop = await openShop(kit, 'ada@shop.example');
  const told = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  await payOutAndRefund(kit.platform, shop);
  const lines = told.mock.calls.map(([line]) => String(line).slice('  0.00 s  '.length).trimEnd());
  const of = (where: string) =>
    lines.filter((line) => line.startsWith(`${where} `)).map((line) => line.slice(where.length).trimStart());
  const to = '0x71C7656EC7ab88b098defB751B7401B5f6d8976F';
  expect(of('payout')).toEqual([`40.000000 USDT to ${to}: QUEUED`, 'carried out by simulation: CONFIRMED']);
  expect(of('refund')).toEqual([
    '25.00 USD of order-1002: PREPARED, the payer is asked by e-mail',
    `SUCCEEDED: 25.000000 USDT to ${to}`,
  ]);
  expect(of('ledger')).toEqual(['TEST available: 35.000000 USDT']);
  expect(of('WebSocket').map((line) => line.split(' ')[0])).toEqual(
    expect.arrayContaining(['payout.confirmed', 'refund.claim_sent', 'refund.claimed']),
  );
  const { rows } = await kit.database.pool.query('SELECT origin, status FROM payout ORDER BY created_at');
  expect(rows).toEqual([
    { origin: 'REQUEST', status: 'CONFIRMED' },
    { origin: 'REFUND', status: 'CONFIRMED' },
  ]);
  expect(await balanceOf(kit.database.pool, shop.merchantId, 'USDT')).toEqual({
    available: 35_000_000n,
    held: 0n,
  });
});
