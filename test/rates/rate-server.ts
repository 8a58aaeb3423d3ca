import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What to answer a request with: a body with 200, or whatever the function does. */
export type Reply = string | ((response: ServerResponse, url: URL) => void);

export interface RateServer {
  /** Base address, without a slash at the end. */
  readonly root: string;
  readonly requests: readonly { readonly url: URL; readonly headers: IncomingHttpHeaders }[];
  /** From now on for paths that begin so; the longest beginning counts. */
  answer(path: string, reply: Reply): void;
  stop(): Promise<void>;
}

/** An HTTP server on loopback that stands for the sources of rates. What it was not told to answer is a 404. */
export async function startRateServer(): Promise<RateServer> {
  const requests: { url: URL; headers: IncomingHttpHeaders }[] = [];
  const replies = new Map<string, Reply>();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://rates.test');
    requests.push({ url, headers: request.headers });
    const asked = url.pathname + url.search;
    const path = [...replies.keys()]
      .filter((start) => asked.startsWith(start))
      .toSorted((a, b) => b.length - a.length)[0];
    const reply = replies.get(path ?? '');
    if (reply === undefined) response.writeHead(404).end();
    else if (typeof reply === 'string') response.end(reply);
    else reply(response, url);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    root: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    answer: (path, reply) => void replies.set(path, reply),
    async stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Refuses with a status and headers. */
export const status =
  (code: number, headers: Record<string, string> = {}): Reply =>
  (response) =>
    response.writeHead(code, headers).end('{"status":{"error_code":1}}');

export const COINGECKO_PATH = '/api/v3/simple/price';
export const COINBASE_PATH = '/v2/exchange-rates';
export const KRAKEN_PATH = '/0/public/Ticker';
export const ECB_PATH = '/stats/eurofxref/eurofxref-daily.xml';

const seconds = (at: Date): number => Math.floor(at.getTime() / 1_000);

/** As CoinGecko answers: by coin id, JSON text of the prices by currency. */
export const coingeckoAnswer = (coins: Record<string, string>, at: Date): string =>
  `{${Object.entries(coins)
    .map(([id, prices]) => `"${id}":{${prices},"last_updated_at":${seconds(at)}}`)
    .join(',')}}`;

/** As Coinbase answers for one asset. */
export const coinbaseAnswer = (currency: string, rates: Record<string, string>): string =>
  JSON.stringify({ data: { currency, rates: { AED: '1', [currency]: '1.0', ...rates } } });

/** As Kraken answers: by its own names of pairs, best ask and best bid. */
export const krakenAnswer = (tickers: Record<string, readonly [ask: string, bid: string]>): string =>
  JSON.stringify({
    error: [],
    result: Object.fromEntries(
      Object.entries(tickers).map(([pair, [ask, bid]]) => [
        pair,
        {
          a: [ask, '9', '9.000'],
          b: [bid, '1', '1.000'],
          c: [ask, '0.00015150'],
          v: ['211.25271021', '411.15151866'],
          p: ['64409.69609', '64323.99965'],
          t: [12099, 24375],
          l: ['64230.90000', '64053.20000'],
          h: ['64595.90000', '64595.90000'],
          o: '64312.90000',
        },
      ]),
    ),
  });

export const krakenError = (...error: string[]): string => JSON.stringify({ error });

/** As the European Central Bank publishes its sheet of a day. */
export const ecbSheet = (day: string, rates: Record<string, string>): string =>
  [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">',
    '\t<gesmes:subject>Reference rates</gesmes:subject>',
    '\t<gesmes:Sender>\n\t\t<gesmes:name>European Central Bank</gesmes:name>\n\t</gesmes:Sender>',
    `\t<Cube>\n\t\t<Cube time='${day}'>`,
    ...Object.entries(rates).map(([code, rate]) => `\t\t\t<Cube currency='${code}' rate='${rate}'/>`),
    '\t\t</Cube>\n\t</Cube>\n</gesmes:Envelope>',
  ].join('\n');
