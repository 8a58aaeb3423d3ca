import { afterEach, describe, expect, test } from 'vitest';
import { createClient } from 'graphql-sse';
import { startCoreServer } from './core-server.ts';
import type { CoreServer, CoreServerOptions } from './core-server.ts';

let server: CoreServer;
const start = async (options?: CoreServerOptions) => (server = await startCoreServer(options));
afterEach(() => server.close());

describe('health', () => {
  test('readiness gives the reasons of what is not ready', async () => {
    await start({ checks: { database: async () => 'no connection', bus: async () => null } });
    expect((await fetch(`${server.base}/healthz`)).status).toBe(200);
    const ready = await fetch(`${server.base}/readyz`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toEqual({ status: 'not ready', reasons: { database: 'no connection' } });
  });

  test('a check that throws tells no secret', async () => {
    await start({ checks: { database: () => Promise.reject(new Error('hunter2')) } });
    expect(await (await fetch(`${server.base}/readyz`)).json()).toMatchObject({
      reasons: { database: 'fails' },
    });
  });

  test('a draining server is not ready', async () => {
    await start();
    expect((await fetch(`${server.base}/readyz`)).status).toBe(200);
    server.health.drain();
    expect((await fetch(`${server.base}/readyz`)).status).toBe(503);
  });
});

describe('metrics', () => {
  test('requests and operations are counted', async () => {
    await start();
    await server.query('{ hello }');
    await server.query('{ fault }');
    const text = await (await fetch(`${server.base}/metrics`)).text();
    expect(text).toContain('paybell_graphql_operations_total{kind="query",outcome="ok"} 1');
    expect(text).toContain('paybell_graphql_operations_total{kind="query",outcome="error"} 1');
    expect(text).toContain(
      'paybell_http_request_duration_seconds_count{route="/graphql",method="POST",status="200"} 2',
    );
  });
});

describe('pages', () => {
  const page = () => fetch(server.url, { headers: { accept: 'text/html' } });

  test('GraphiQL only where it is switched on', async () => {
    await start({ graphiql: true });
    const response = await page();
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html']);
    await server.close();
    await start({ graphiql: false });
    const refused = await page();
    expect(refused.headers.get('content-type') ?? '').not.toContain('html');
    expect(refused.status).toBeGreaterThanOrEqual(400);
  });

  test('unknown paths are 404 and carry the security headers', async () => {
    await start();
    const response = await fetch(`${server.base}/admin`);
    expect(response.status).toBe(404);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('content-security-policy')).toBe(
      "default-src 'none'; frame-ancestors 'none'",
    );
  });
});

describe('server-sent events', () => {
  test('the official client follows a subscription to its end', async () => {
    await start();
    const client = createClient({ url: server.url, retryAttempts: 0 });
    const seen: unknown[] = [];
    for await (const { data } of client.iterate({ query: 'subscription { count(to: 3) }' })) seen.push(data);
    expect(seen).toEqual([{ count: 1 }, { count: 2 }, { count: 3 }]);
  });

  test('a stop ends open streams at once', async () => {
    await start();
    const client = createClient({ url: server.url, retryAttempts: 0 });
    const followed = new Promise((resolve) => {
      client.subscribe(
        { query: 'subscription { never }' },
        { next: () => {}, error: () => resolve('ended'), complete: () => resolve('ended') },
        { message: () => {} },
      );
    });
    await expect.poll(() => connections(server)).toBe(1);
    await server.http.close(5_000);
    expect(await followed).toBe('ended');
  });
});

const connections = ({ http }: CoreServer): Promise<number> =>
  new Promise((resolve, reject) => http.server.getConnections((e, n) => (e ? reject(e) : resolve(n))));
