import { get, type IncomingMessage } from 'node:http';
import type { Pool } from 'pg';
import type { DemoMerchant } from '../../../src/demo/merchant.ts';
import { rowIdOf } from '../../testkit/facts.ts';

export interface Asked {
  /** Session token or API key; null for nobody. */
  readonly token?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: string;
  readonly projectId?: string;
  readonly projectIds?: string;
  readonly merchantId?: string;
  readonly sort?: string;
  readonly mode?: string;
  readonly columns?: string;
  readonly filter?: unknown;
  /** Parameters as they are. */
  readonly more?: Readonly<Record<string, string>>;
}

const NAMED = ['projectId', 'projectIds', 'merchantId', 'mode', 'columns', 'sort'] as const;

export const exportUrl = (url: string, file: string, asked: Asked = {}): string => {
  const { filter, more } = asked;
  const query = new URLSearchParams({
    ...Object.fromEntries(NAMED.flatMap((name) => (asked[name] === undefined ? [] : [[name, asked[name]]]))),
    ...(filter === undefined ? {} : { filter: JSON.stringify(filter) }),
    ...more,
  });
  return `${url}/export/${file}?${query}`;
};

const headersOf = ({ token, headers }: Asked): Record<string, string> => ({
  ...(token === null || token === undefined ? {} : { authorization: `Bearer ${token}` }),
  ...headers,
});

export const askExport = (url: string, file: string, asked: Asked = {}): Promise<Response> =>
  fetch(exportUrl(url, file, asked), { headers: headersOf(asked), method: asked.method ?? 'GET' });

export const linesOf = (text: string): Record<string, unknown>[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

/** The rows of an export as JSONL. Throws when it is refused. */
export async function exported(url: string, list: string, asked: Asked): Promise<Record<string, unknown>[]> {
  const response = await askExport(url, `${list}.jsonl`, asked);
  if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
  return linesOf(await response.text());
}

/** An answer that is read only when the test says so. */
export interface SlowReader {
  readonly response: IncomingMessage;
  /** Reads to the end: what came in all, or the error with which it ended. */
  rest(): Promise<string | Error>;
  /** Reads until at least so many characters have come. */
  readSome(characters: number): Promise<void>;
  leave(): void;
}

export function openExport(url: string, file: string, asked: Asked): Promise<SlowReader> {
  return new Promise((resolve, reject) => {
    const request = get(exportUrl(url, file, asked), { headers: headersOf(asked), agent: false });
    request.once('error', reject);
    request.once('response', (response) => {
      response.pause();
      let text = '';
      response.setEncoding('utf8').on('error', () => undefined);
      request.on('error', () => undefined);
      resolve({
        response,
        async rest() {
          try {
            for await (const chunk of response) text += String(chunk);
            return text;
          } catch (error) {
            return error instanceof Error ? error : new Error(String(error));
          }
        },
        readSome: (characters) =>
          new Promise((done) => {
            const take = (chunk: string): void => {
              text += chunk;
              if (text.length < characters) return;
              response.off('data', take);
              response.pause();
              done();
            };
            response.on('data', take);
            response.resume();
          }),
        leave: () => void response.destroy(),
      });
    });
  });
}

const INSERT_MANY = `
  INSERT INTO invoice (id, merchant_id, project_id, mode, currency, amount, order_id, description, created_at,
    expires_at)
  SELECT gen_random_uuid(), $1, $2, 'TEST', 'USD', 1000 + n, 'order-' || n, repeat('語', $4::int),
    timestamptz '2026-01-01Z' + n * interval '1 millisecond', timestamptz '2026-02-01Z'
  FROM generate_series(1, $3::int) n`;

/** Invoices straight into the table, of which each is `length` characters of three bytes long. */
export async function insertInvoices(
  pool: Pool,
  { merchantId, projectId }: DemoMerchant,
  count: number,
  length: number,
): Promise<void> {
  await pool.query(INSERT_MANY, [rowIdOf(merchantId), rowIdOf(projectId), count, length]);
}
