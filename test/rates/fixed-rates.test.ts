import { expect, test } from 'vitest';
import { createFixedRates, noRates } from '../../src/adapters/rates/fixed-rates.ts';
import { CURRENCIES } from '../../src/domain/money/currencies.ts';
import { formatRate } from '../../src/domain/money/rate.ts';

const NOW = new Date('2026-11-06T12:00:00Z');

test('the table for development prices every currency in every other, and says that it is one', async () => {
  const table = await createFixedRates({ now: () => NOW }).table();
  for (const { code: asset } of CURRENCIES)
    for (const { code: currency } of CURRENCIES.filter(({ code }) => code !== asset))
      expect(table.rateOf(asset, currency), `${asset}/${currency}`).toMatchObject({
        source: 'fixed table for development',
        at: NOW,
      });
  expect(formatRate(table.rateOf('BTC', 'USD')?.scaled ?? 0n)).toBe('90000');
  expect(formatRate(table.rateOf('ETH', 'EUR')?.scaled ?? 0n)).toBe('2700');
});

test('without a source there is no rate', async () => {
  expect((await noRates.table()).rateOf('BTC', 'USD')).toBeNull();
});
