import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCoinbase } from '../../src/adapters/rates/coinbase.ts';
import { createCoinGecko } from '../../src/adapters/rates/coingecko.ts';
import { createEcb } from '../../src/adapters/rates/ecb.ts';
import { createKraken } from '../../src/adapters/rates/kraken.ts';
import type { RateSource } from '../../src/adapters/rates/rate-source.ts';
import { createSourceHttp } from '../../src/adapters/rates/source-http.ts';
import { formatRate } from '../../src/domain/money/rate.ts';
import {
  COINBASE_PATH,
  COINGECKO_PATH,
  ECB_PATH,
  KRAKEN_PATH,
  coinbaseAnswer,
  coingeckoAnswer,
  ecbSheet,
  krakenAnswer,
  krakenError,
  startRateServer,
  type RateServer,
} from './rate-server.ts';

const NOW = new Date('2026-11-06T12:00:00Z');
const clock = { now: () => NOW };

let server: RateServer;
beforeAll(async () => {
  server = await startRateServer();
});
afterAll(() => server.stop());

const get = createSourceHttp();
const coingecko = (apiKey: string | null = null) => createCoinGecko({ get, apiRoot: server.root, apiKey });
const coinbase = () => createCoinbase({ get, apiRoot: server.root, clock });
const kraken = () => createKraken({ get, apiRoot: server.root, clock });
const ecb = () => createEcb({ get, apiRoot: server.root });

/** What a source says, as lines; and the one moment of all of it. */
async function said(source: RateSource) {
  const observations = await source.read(new AbortController().signal);
  return {
    lines: observations.map(({ base, quote, price }) => `${base}/${quote} ${formatRate(price)}`),
    times: [...new Set(observations.map(({ at }) => at.toISOString()))],
  };
}
const lines = async (source: RateSource) => (await said(source)).lines;

describe('CoinGecko', () => {
  const updated = new Date('2026-11-06T11:59:30Z');

  test('prices every asset in every fiat currency that it knows, exactly, with its time', async () => {
    server.answer(
      COINGECKO_PATH,
      coingeckoAnswer(
        {
          bitcoin: '"usd":67187.3358936566,"eur":61000,"jpy":1.0123e+7',
          'crypto-com-chain': '"usd":9.12e-2,"btc":1e-7,"idr":1435.1234567890123456789',
        },
        updated,
      ),
    );
    expect(await said(coingecko())).toEqual({
      lines: [
        'BTC/USD 67187.3358936566',
        'BTC/EUR 61000',
        'BTC/JPY 10123000',
        'CRO/USD 0.0912',
        'CRO/IDR 1435.123456789012345678',
      ],
      times: ['2026-11-06T11:59:30.000Z'],
    });
    const { searchParams } = server.requests.at(-1)?.url ?? new URL(server.root);
    expect(searchParams.get('ids')).toBe('bitcoin,litecoin,ethereum,crypto-com-chain,usd-coin,tether');
    expect(searchParams.get('vs_currencies')?.split(',')).toHaveLength(33);
    expect(searchParams.get('include_last_updated_at')).toBe('true');
  });

  test('leaves out what is no price, and a coin without its time', async () => {
    server.answer(
      COINGECKO_PATH,
      '{"bitcoin":{"usd":0,"eur":-5,"gbp":null,"chf":1e-30,"sek":1e99,"nok":"NaN","dkk":7,"last_updated_at":1794000000},' +
        '"litecoin":{"usd":100},"ethereum":{"usd":3000,"last_updated_at":null},"tether":{}}',
    );
    expect(await lines(coingecko())).toEqual(['BTC/DKK 7']);
  });

  test('gets the key in a header: a demo key, and a paid one at its own address', async () => {
    server.answer(COINGECKO_PATH, '{}');
    const key = 'key-of-the-local-double';
    await said(coingecko(key));
    expect(server.requests.at(-1)?.headers['x-cg-demo-api-key']).toBe(key);
    await said(coingecko());
    expect(server.requests.at(-1)?.headers['x-cg-demo-api-key']).toBeUndefined();
    const asked: (readonly [string, unknown])[] = [];
    const paid = createCoinGecko({
      get: async (url, _signal, headers) => {
        asked.push([new URL(url).origin, headers]);
        return '{}';
      },
      apiRoot: 'https://pro-api.coingecko.com',
      apiKey: key,
    });
    await said(paid);
    expect(asked).toEqual([['https://pro-api.coingecko.com', { 'x-cg-pro-api-key': key }]]);
  });
});

describe('Coinbase', () => {
  test('is asked asset by asset, and its prices count as of that moment', async () => {
    for (const [asset, usd] of [
      ['BTC', '64372.215'],
      ['LTC', '99.5'],
      ['ETH', '3000'],
      ['USDC', '1'],
      ['USDT', '0.99985'],
    ] as const)
      server.answer(
        `${COINBASE_PATH}?currency=${asset}`,
        coinbaseAnswer(asset, { USD: usd, MDL: '17.1', XAU: '0.01' }),
      );
    // It does not list CRO: 400, with its own error.
    server.answer(`${COINBASE_PATH}?currency=CRO`, (response) =>
      response.writeHead(400).end('{"errors":[{"id":"invalid_request","message":"Currency is invalid"}]}'),
    );
    const { lines: prices, times } = await said(coinbase());
    expect(prices).toEqual([
      'BTC/USD 64372.215',
      'BTC/MDL 17.1',
      'LTC/USD 99.5',
      'LTC/MDL 17.1',
      'ETH/USD 3000',
      'ETH/MDL 17.1',
      'USDC/USD 1',
      'USDC/MDL 17.1',
      'USDT/USD 0.99985',
      'USDT/MDL 17.1',
    ]);
    expect(times).toEqual([NOW.toISOString()]);
  });

  test('is refused when it answers with the rates of another asset', async () => {
    server.answer(`${COINBASE_PATH}?currency=ETH`, coinbaseAnswer('BTC', { USD: '64372' }));
    await expect(said(coinbase())).rejects.toThrow('rates of something else');
    server.answer(`${COINBASE_PATH}?currency=ETH`, coinbaseAnswer('ETH', { USD: '3000' }));
  });
});

describe('Kraken', () => {
  const TICKERS = {
    XXBTZUSD: ['64395.10000', '64395.00000'],
    XXBTZEUR: ['59000.20000', '59000.00000'],
    XETHZUSD: ['3000.02', '3000.00'],
    XLTCZEUR: ['91.02', '91.00'],
    USDTZUSD: ['0.99990', '0.99989'],
    USDCUSD: ['1.0000', '0.9999'],
  } as const;

  test('names pairs in its own way, and the price is the middle of ask and bid', async () => {
    server.answer(KRAKEN_PATH, krakenAnswer(TICKERS));
    expect(await said(kraken())).toEqual({
      lines: [
        'BTC/USD 64395.05',
        'BTC/EUR 59000.1',
        'LTC/EUR 91.01',
        'ETH/USD 3000.01',
        'USDC/USD 0.99995',
        'USDT/USD 0.999895',
      ],
      times: [NOW.toISOString()],
    });
    expect(server.requests.at(-1)?.url.searchParams.get('pair')).toBe(
      'XBTUSD,XBTEUR,LTCUSD,LTCEUR,ETHUSD,ETHEUR,CROUSD,CROEUR,USDCUSD,USDCEUR,USDTUSD,USDTEUR',
    );
  });

  test('a market without ask or bid, crossed, or with a gap has no price', async () => {
    server.answer(
      KRAKEN_PATH,
      krakenAnswer({
        XXBTZUSD: ['64395.1', '0.00000'],
        XXBTZEUR: ['-1', '-2'],
        XETHZUSD: ['3000', '3001'],
        XLTCZUSD: ['106', '100'],
        USDCUSD: ['1.05', '1.00'],
        USDTZUSD: ['NaN', 'NaN'],
      }),
    );
    expect(await lines(kraken())).toEqual(['USDC/USD 1.025']);
  });

  test('refuses all for one pair that it does not list: the others are found, and it is left out for a day', async () => {
    let now = NOW;
    const source = createKraken({ get, apiRoot: server.root, clock: { now: () => now } });
    server.answer(KRAKEN_PATH, (response, url) => {
      const asked = url.searchParams.get('pair')?.split(',') ?? [];
      response.end(
        asked.includes('CROEUR')
          ? krakenError('EQuery:Unknown asset pair')
          : krakenAnswer(asked.includes('XBTUSD') ? { XXBTZUSD: ['2', '2'] } : { CROUSD: ['0.1', '0.1'] }),
      );
    });
    expect((await lines(source)).toSorted()).toEqual(['BTC/USD 2', 'CRO/USD 0.1']);
    const asked = async () => {
      const before = server.requests.length;
      await said(source);
      return server.requests.slice(before).map(({ url }) => url.searchParams.get('pair')?.split(',').length);
    };
    expect(await asked()).toEqual([11]);
    now = new Date(NOW.getTime() + 25 * 3_600_000);
    expect((await asked())[0]).toBe(12);
  });

  test('that knows no pair at all is asked for all of them again', async () => {
    const source = kraken();
    server.answer(KRAKEN_PATH, krakenError('EQuery:Unknown asset pair'));
    expect(await lines(source)).toEqual([]);
    server.answer(KRAKEN_PATH, krakenAnswer(TICKERS));
    expect(await lines(source)).toHaveLength(6);
  });

  test('an error with 200 is a failure, a warning is none', async () => {
    server.answer(KRAKEN_PATH, krakenError('EAPI:Rate limit exceeded'));
    await expect(said(kraken())).rejects.toThrow('an error of its own');
    server.answer(
      KRAKEN_PATH,
      krakenAnswer(TICKERS).replace('"error":[]', '"error":["WGeneral:Maintenance"]'),
    );
    expect(await lines(kraken())).toHaveLength(6);
  });
});

describe('the European Central Bank', () => {
  test('gives the rates of a day, and the lev by its fixed rate', async () => {
    server.answer(
      ECB_PATH,
      ecbSheet('2026-11-05', { USD: '1.1435', JPY: '185.72', CZK: '24.254', GBP: '0.85363' }),
    );
    expect(await said(ecb())).toEqual({
      lines: ['EUR/USD 1.1435', 'EUR/JPY 185.72', 'EUR/GBP 0.85363', 'EUR/BGN 1.95583'],
      times: ['2026-11-05T12:10:00.000Z'],
    });
  });

  test('is read with other quotes and spaces too, and leaves out what is no price', async () => {
    server.answer(
      ECB_PATH,
      `<Cube><Cube time="2026-11-05"><Cube currency="USD"  rate="1.1435" /><Cube currency='SEK' rate='N/A'/>
       <Cube currency='NOK' rate='-1'/><Cube currency='BGN' rate='1.9'/></Cube></Cube>`,
    );
    expect(await lines(ecb())).toEqual(['EUR/USD 1.1435', 'EUR/BGN 1.9']);
  });

  test.each([
    ['no day', "<Cube currency='USD' rate='1.1'/>"],
    ['no rate', ecbSheet('2026-11-05', {})],
    ['a day that is none', ecbSheet('2026-13-45', { USD: '1.1' })],
    ['several days', ecbSheet('2026-11-05', { USD: '1.1' }) + ecbSheet('2026-11-04', { USD: '1.2' })],
    ['a page', '<!doctype html><html><body>Maintenance</body></html>'],
    ['nothing', ''],
  ])('%s is refused', async (_what, body) => {
    server.answer(ECB_PATH, body);
    await expect(said(ecb())).rejects.toThrow('something else than the reference rates of a day');
  });
});

describe('every source with JSON', () => {
  const sources = () => [
    [coingecko(), COINGECKO_PATH] as const,
    [coinbase(), `${COINBASE_PATH}?currency=BTC`] as const,
    [kraken(), KRAKEN_PATH] as const,
  ];

  test.each([
    ['a page with 200', '<!doctype html><html>Checking your browser</html>', 'something else than JSON'],
    ['half an answer', '{"bitcoin":{"usd":67', 'something else than JSON'],
    ['nothing', '', 'something else than JSON'],
    ['a list', '[1,2,3]', 'JSON of another shape'],
    ['null', 'null', 'JSON of another shape'],
    ['a number', '5', 'JSON of another shape'],
    [
      'other fields',
      '{"error":"no","result":7,"data":{"rates":[]},"bitcoin":"high"}',
      'JSON of another shape',
    ],
  ])('refuses %s', async (_what, body, message) => {
    for (const [source, path] of sources()) {
      server.answer(path, body);
      await expect(said(source), source.name).rejects.toThrow(message);
    }
  });
});
