import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { answerParent } from './answer-parent.ts';
import { createByStatement, createByTransaction, type Caller } from './bare-create.ts';
import { payOutByStatement } from './bare-payout.ts';
import { invoiceById, invoicePage } from './bare-reads.ts';

/** What a server costs at least: node:http, JSON and prepared statements, with nothing in between. */
type Route = (pool: pg.Pool, caller: Caller, body: never) => Promise<unknown>;

const ROUTES: Readonly<Record<string, Route>> = {
  '/invoice': invoiceById,
  '/invoices': invoicePage,
  '/create-by-transaction': createByTransaction,
  '/create-by-statement': createByStatement,
  '/pay-out-by-statement': payOutByStatement,
};

const pool = new pg.Pool({
  connectionString: process.env['DATABASE_URL'],
  max: Number(process.env['DATABASE_POOL_SIZE']),
});

const server = createServer((request, response) => {
  void serve(request, response);
});

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const data = await answer(request);
    response.setHeader('content-type', 'application/json; charset=utf-8');
    response.end(JSON.stringify({ data }));
  } catch (error) {
    response.statusCode = 500;
    response.end(String(error));
  }
}

async function answer(request: IncomingMessage): Promise<unknown> {
  const route = ROUTES[request.url ?? ''];
  if (!route) throw new Error('no route');
  const body: unknown = JSON.parse(await readText(request));
  const caller = await callerOf(request);
  return route(pool, caller, body as never);
}

const readText = (request: IncomingMessage): Promise<string> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.once('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    request.once('error', reject);
  });

async function callerOf({ headers }: IncomingMessage): Promise<Caller> {
  const key = headers.authorization?.slice('Bearer '.length) ?? '';
  const { rows } = await pool.query<Caller>({
    name: 'key',
    text: `SELECT id, merchant_id AS "merchantId", project_id AS "projectId", mode FROM api_key
      WHERE token_hash = $1 AND revoked_at IS NULL`,
    values: [createHash('sha256').update(key).digest()],
  });
  if (!rows[0]) throw new Error('no such key');
  return rows[0];
}

await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
answerParent({ url: () => `http://127.0.0.1:${(server.address() as AddressInfo).port}` }, async () => {
  server.closeAllConnections();
  await pool.end();
});
