import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCoreServer } from './core-server.ts';
import type { CoreServer } from './core-server.ts';

let server: CoreServer;
beforeAll(async () => {
  server = await startCoreServer({ introspection: false });
});
afterAll(() => server.close());

const limitOf = (body: { errors?: readonly { extensions?: Record<string, unknown> }[] }) =>
  body.errors?.[0]?.extensions?.['limit'];

const nested = (levels: number) =>
  `{ tree ${'{ child '.repeat(levels - 1)}{ name }${' }'.repeat(levels - 1)} }`;

describe('a document may not ask for too much', () => {
  test('12 levels pass, 13 do not', async () => {
    expect((await server.query(nested(11))).status).toBe(200);
    const { body } = await server.query(nested(12));
    expect(limitOf(body)).toEqual({ kind: 'depth', found: 13, allowed: 12 });
  });

  test('depth counts through fragments', async () => {
    const fragments = 'fragment A on Tree { child { child { child { child { ...B } } } } } ';
    const more =
      'fragment B on Tree { child { child { child { child { child { child { child { name } } } } } } } }';
    const { body } = await server.query(`{ tree { ...A } } ${fragments}${more}`);
    expect(limitOf(body)).toEqual({ kind: 'depth', found: 13, allowed: 12 });
  });

  test('15 aliases pass, 16 do not, spread fragments counted each time', async () => {
    const aliased = (count: number) => Array.from({ length: count }, (_, i) => `a${i}: hello`).join(' ');
    expect((await server.query(`{ ${aliased(15)} }`)).body.errors).toBeUndefined();
    expect(limitOf((await server.query(`{ ${aliased(16)} }`)).body)).toMatchObject({
      kind: 'aliases',
      found: 16,
    });
    const spread = `{ tree { child { ...F } children { ...F } } } fragment F on Tree { ${'abcdefgh'
      .split('')
      .map((letter) => `${letter}: name`)
      .join(' ')} }`;
    expect(limitOf((await server.query(spread)).body)).toMatchObject({ kind: 'aliases', found: 16 });
  });

  test('1000 tokens pass, 1001 do not', async () => {
    const fields = (count: number) => `{ ${'hello '.repeat(count)}}`;
    expect(limitOf((await server.query(fields(998))).body)).toBeUndefined();
    const { body, status } = await server.query(fields(999), { accept: 'application/graphql-response+json' });
    expect([status, limitOf(body)]).toEqual([400, { kind: 'tokens', allowed: 1000 }]);
  });

  test('51 directives are refused', async () => {
    const { body } = await server.query(`{ ${'hello @include(if: true) '.repeat(51)}}`);
    expect(limitOf(body)).toEqual({ kind: 'directives', found: 51, allowed: 50 });
  });

  test('a fragment bomb is refused in under 100 ms', async () => {
    const inline = Array.from({ length: 200 }, () => `... on Query { ${'hello '.repeat(100)} }`).join(' ');
    const started = performance.now();
    const { body } = await server.query(`{ ${inline} }`);
    expect(limitOf(body)).toMatchObject({ kind: 'tokens' });
    expect(performance.now() - started).toBeLessThan(100);
  });

  test('the cost is told, and refused above the limit', async () => {
    expect((await server.query('{ hello tree { name } }')).body.extensions).toEqual({
      cost: { estimated: 3, limit: 10_000 },
    });
    const { body } = await server.query(
      '{ tree { children { children { children { children { name } } } } } }',
    );
    expect(body.data).toBeUndefined();
    expect(limitOf(body)).toEqual({ kind: 'cost', found: 11_112, allowed: 10_000 });
    expect(body.extensions).toEqual({ cost: { estimated: 11_112, limit: 10_000 } });
  });
});

describe('the schema is not told in production', () => {
  test('introspection is refused', async () => {
    const { body } = await server.query('{ __schema { queryType { name } } }');
    expect(body.errors?.[0]?.message).toMatch(/introspection/);
    expect(body.data).toBeUndefined();
  });

  test('nothing is suggested, in documents or variables', async () => {
    const wrong = await server.query('{ helo }');
    expect(wrong.body.errors?.[0]?.message).toBe('Cannot query field "helo" on type "Query".');
    const open = await startCoreServer({ introspection: true });
    expect((await open.query('{ helo }')).body.errors?.[0]?.message).toMatch(/Did you mean/);
    await open.close();
  });
});

describe('the body is bounded', () => {
  const post = (chunked: boolean, bytes: number) =>
    new Promise<number | undefined>((resolve, reject) => {
      const headers: Record<string, string> = { 'content-type': 'application/json' };
      if (!chunked) headers['content-length'] = String(bytes);
      const sent = request(server.url, { method: 'POST', headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      sent.once('error', reject);
      sent.write(' '.repeat(bytes));
      if (!chunked) sent.end();
    });

  test.each([
    ['with a length', false],
    ['chunked and without an end', true],
  ])('1 MiB and more is 413: %s', async (_name, chunked) => {
    expect(await post(chunked, 1024 * 1024 + 1)).toBe(413);
  });
});

describe('requests that are not GraphQL over JSON are refused', () => {
  const send = (contentType: string, body: string) =>
    fetch(server.url, { method: 'POST', headers: { 'content-type': contentType }, body }).then(
      (r) => r.status,
    );

  test.each([
    ['application/graphql', '{ hello }', 415],
    ['application/x-www-form-urlencoded', 'query={hello}', 415],
    ['text/plain', '{"query":"{ hello }"}', 415],
    ['multipart/form-data; boundary=x', '--x--', 415],
    ['application/json', '[{"query":"{ hello }"}]', 400],
    ['application/json', '{', 400],
    ['application/json', '{}', 400],
  ])('%s %s is %i', async (type, body, status) => {
    expect(await send(type, body)).toBe(status);
  });

  test('a mutation by GET changes nothing', async () => {
    const before = (await server.query('mutation { change }')).body.data?.['change'];
    const response = await fetch(`${server.url}?query=${encodeURIComponent('mutation { change }')}`);
    expect(response.status).toBe(405);
    expect((await server.query('mutation { change }')).body.data?.['change']).toBe(Number(before) + 1);
  });

  test.each(['PUT', 'DELETE', 'PATCH'])('%s is 405', async (method) => {
    const response = await fetch(server.url, { method, body: '{"query":"{ hello }"}' });
    expect(response.status).toBe(405);
  });

  test('a subscription that could not be streamed is refused', async () => {
    const { status } = await subscribeAsJson();
    expect(status).toBe(406);
  });
});

/** A subscription whose answer may be plain JSON only. */
const subscribeAsJson = () =>
  fetch(server.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ query: 'subscription { count(to: 1) }' }),
  });
