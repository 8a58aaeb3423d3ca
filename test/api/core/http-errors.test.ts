import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCoreServer } from './core-server.ts';
import type { CoreServer } from './core-server.ts';

let server: CoreServer;
beforeAll(async () => {
  server = await startCoreServer();
});
afterAll(() => server.close());

test('a fault is masked, told with the request id and logged with its cause', async () => {
  const { response, body } = await server.query('{ fault }');
  const requestId = response.headers.get('x-request-id');
  expect(body.errors).toEqual([
    expect.objectContaining({
      message: 'Internal server error',
      extensions: { code: 'INTERNAL_SERVER_ERROR', requestId },
    }),
  ]);
  expect(JSON.stringify(body)).not.toContain('hunter2');
  const logged = server.lines.filter((line) => line.includes(String(requestId)));
  expect(logged).toHaveLength(1);
  expect(logged[0]).toContain('hunter2');
});

test.each([
  ['missing', { code: 'NOT_FOUND', path: ['id'] }],
  ['closed', { code: 'UNAUTHENTICATED' }],
  ['denied', { code: 'FORBIDDEN' }],
])('%s is told with its code and not logged', async (field, extensions) => {
  const before = server.lines.length;
  const { body } = await server.query(`{ ${field} }`);
  expect(body.errors?.[0]?.extensions).toEqual(extensions);
  expect(server.lines).toHaveLength(before);
});

test('variables of a wrong type are the caller’s mistake', async () => {
  const { body } = await server.query('query($n: Int!) { echo(n: $n) }', {}, { n: 'x' });
  expect(body.errors?.[0]?.message).toMatch(/Variable "\$n" got invalid value/);
  expect(body.errors?.[0]?.extensions?.['code']).not.toBe('INTERNAL_SERVER_ERROR');
});

test('a prototype key in variables harms nothing', async () => {
  const response = await fetch(server.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"query":"{ hello }","variables":{"__proto__":{"polluted":true}}}',
  });
  expect(response.status).toBe(200);
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
});
