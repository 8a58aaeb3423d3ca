import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openMerchant, type DemoMerchant } from '../../src/demo/merchant.ts';
import * as operations from '../../src/generated/documents.ts';
import { usePlatform } from '../testkit/platform.ts';
import { createInvoice, createQuote, tryQuote } from '../testkit/shop.ts';
import {
  COINBASE_PATH,
  COINGECKO_PATH,
  ECB_PATH,
  KRAKEN_PATH,
  coingeckoAnswer,
  ecbSheet,
  krakenAnswer,
  startRateServer,
  status,
} from './rate-server.ts';

const server = await startRateServer();
afterAll(() => server.stop());

const NOW = new Date();
const YESTERDAY = new Date(NOW.getTime() - 24 * 3_600_000).toISOString().slice(0, 10);
const KEY = 'key-of-the-local-double';
server.answer(
  COINGECKO_PATH,
  coingeckoAnswer({ bitcoin: '"usd":50000,"eur":45000', tether: '"usd":1.0001,"mdl":17.2' }, NOW),
);
server.answer(KRAKEN_PATH, krakenAnswer({ XXBTZUSD: ['50100', '50100'], XXBTZEUR: ['90000', '90000'] }));
server.answer(COINBASE_PATH, status(503));
server.answer(ECB_PATH, ecbSheet(YESTERDAY, { USD: '1.25', SEK: '12.5' }));

const kit = usePlatform({
  env: {
    ROLES: 'api,worker',
    RATE_SOURCES: 'coingecko,coinbase,kraken,ecb',
    COINGECKO_API_ROOT: server.root,
    COINGECKO_API_KEY: KEY,
    COINBASE_API_ROOT: server.root,
    KRAKEN_API_ROOT: server.root,
    ECB_API_ROOT: server.root,
  },
});
let merchant: DemoMerchant;
beforeAll(async () => {
  merchant = await openMerchant(kit.platform, 'ada@shop.example');
});

type Pair = operations.RateQueryVariables;
const rate = async (asset: Pair['asset'], currency: Pair['currency'], api = merchant.live) =>
  (await api.send(operations.RateDocument, { asset, currency })).rate;

describe('a gateway with real sources', () => {
  test('tells a shop the rate, its sources and its age', async () => {
    expect(await rate('BTC', 'USD')).toEqual({
      value: '50050',
      source: 'median of coingecko, kraken',
      at: new Date(Math.floor(NOW.getTime() / 1_000) * 1_000).toISOString(),
    });
    expect(await rate('USDT', 'MDL')).toMatchObject({ value: '17.2', source: 'coingecko' });
    expect(await rate('BTC', 'EUR')).toBeNull();
    expect(await rate('CRO', 'USD')).toBeNull();
    expect(await rate('BTC', 'USD', merchant.test)).toMatchObject({ value: '50050' });
    expect(server.requests.some(({ headers }) => headers['x-cg-demo-api-key'] === KEY)).toBe(true);
  });

  test('crosses what a source does not price with the fiat rates of the bank', async () => {
    expect(await rate('BTC', 'SEK')).toMatchObject({
      value: '500500',
      source: 'median of coingecko, kraken; USD/SEK by ecb',
      at: `${YESTERDAY}T12:10:00.000Z`,
    });
  });

  test('quotes by it, and refuses where the sources disagree or say nothing', async () => {
    const { id } = await createInvoice(merchant.test, { amount: '100.10' });
    expect(await createQuote(merchant.test, id, { asset: 'BTC', network: 'BITCOIN' })).toMatchObject({
      amount: { amount: '0.00200000' },
      rate: '50050',
      rateSource: 'median of coingecko, kraken',
    });
    for (const [currency, asset] of [
      ['EUR', 'BTC'],
      ['USD', 'ETH'],
    ] as const) {
      const invoice = await createInvoice(merchant.test, { currency });
      const network = asset === 'BTC' ? 'BITCOIN' : 'ETHEREUM';
      expect(await tryQuote(merchant.test, invoice.id, { asset, network })).toMatchObject({
        code: 'RATE_UNAVAILABLE',
      });
    }
  });

  test('tells the age of each source that answered among its figures', async () => {
    await rate('BTC', 'USD');
    const text = await (await fetch(`${kit.platform.url}/metrics`)).text();
    const figures = [...text.matchAll(/^paybell_rate_age_seconds\{source="(\w+)"\} (\S+)$/gm)];
    // Coinbase did not answer yet.
    expect(figures.map(([, source]) => source)).toEqual(['coingecko', 'kraken', 'ecb']);
    for (const [, source, age] of figures) expect(Number(age), source).toBeGreaterThanOrEqual(0);
  });
});
