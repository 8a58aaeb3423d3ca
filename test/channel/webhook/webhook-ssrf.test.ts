import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { AddressRefusedError, checkedLookup } from '../../../src/adapters/webhook/checked-lookup.ts';
import {
  createWebhookSender,
  type WebhookSenderOptions,
} from '../../../src/adapters/webhook/webhook-sender.ts';
import { startShop, type ShopServer } from './shop-server.ts';

/** A server inside the network: whatever reaches it is a hole (FEATURES W6). */
let canary: ShopServer;
beforeAll(async () => {
  canary = await startShop((_request, response) => response.end('secret'));
});
afterAll(() => canary.stop());

const STRICT = { allowHttp: true, allowPrivate: false };
const LOOSE = { allowHttp: true, allowPrivate: true };
const PUBLIC = ['93.184.215.14', '2606:4700::1111'];

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A resolver whose answers are these, one after the other, and the last one ever after. */
function answering(...answers: readonly (readonly string[])[]) {
  const asked: string[] = [];
  const resolve = async (name: string) => {
    asked.push(name);
    return answers[Math.min(asked.length, answers.length) - 1] ?? [];
  };
  return { asked, resolve };
}

async function send(url: string, options: WebhookSenderOptions) {
  const sender = createWebhookSender(options);
  closing.push(() => sender.close());
  return sender.send({ url, headers: {}, body: '{}' });
}

test('the canary is there', async () => {
  const server = await startShop((_request, response) => response.end('secret'));
  closing.push(() => server.stop());
  expect(await send(`http://127.0.0.1:${server.port}/`, LOOSE)).toMatchObject({ body: 'secret' });
  expect(server.connections()).toBe(1);
});

describe('nothing arrives when the URL is', () => {
  test.each([
    'http://127.0.0.1:PORT/',
    'http://2130706433:PORT/',
    'http://017700000001:PORT/',
    'http://0x7f000001:PORT/',
    'http://0177.0.0.1:PORT/',
    'http://0x7f.1:PORT/',
    'http://127.1:PORT/',
    'http://127.0.0.1.:PORT/',
    'http://0:PORT/',
    'http://0.0.0.0:PORT/',
    'http://%31%32%37.0.0.1:PORT/',
    'http://①②⑦.⓪.⓪.①:PORT/',
    'http://[::1]:PORT/',
    'http://[::]:PORT/',
    'http://[::ffff:127.0.0.1]:PORT/',
    'http://[::ffff:7f00:1]:PORT/',
    'http://[::127.0.0.1]:PORT/',
    'http://[64:ff9b::7f00:1]:PORT/',
    'http://[2002:7f00:1::]:PORT/',
    'http://[::1%25lo]:PORT/',
    'http://localhost:PORT/',
    'http://localhost.:PORT/',
    'http://shop.localhost:PORT/',
    'http://good.example@127.0.0.1:PORT/',
    'http://good.example:80@127.0.0.1:PORT/',
    'http://127.0.0.1:PORT#@good.example/',
    'http://127.0.0.1:PORT?@good.example/',
    'http://good.example\\@127.0.0.1:PORT/',
    'http://127.0.0.1:PORT\\@good.example/',
    'gopher://127.0.0.1:PORT/_POST',
    'file://127.0.0.1:PORT/',
  ])('%s', async (url) => {
    const { asked, resolve } = answering(['127.0.0.1']);
    const answer = await send(url.replace('PORT', String(canary.port)), { ...STRICT, resolve });
    expect(answer).toEqual({ kind: 'refused', error: expect.stringMatching(/^the URL must /) });
    expect(asked).toEqual([]);
    expect(canary.connections()).toBe(0);
  });
});

describe('nothing arrives when the name leads to', () => {
  test.each([
    [['127.0.0.1']],
    [['0.0.0.0']],
    [['10.0.0.1']],
    [['169.254.169.254']],
    [['::1']],
    [['::ffff:127.0.0.1']],
    [['fe80::1']],
    [['fe80::1%lo']],
    [['fd00:ec2::254']],
    [['64:ff9b::7f00:1']],
    [[...PUBLIC, '127.0.0.1']],
    [['127.0.0.1', ...PUBLIC]],
    [['::ffff:7f00:1', ...PUBLIC]],
    [[...PUBLIC, ...PUBLIC, ...PUBLIC, ...PUBLIC, '127.0.0.1']],
    [[...PUBLIC, '']],
    [['localhost']],
  ])('%j', async (addresses) => {
    const { asked, resolve } = answering(addresses);
    expect(await send(`http://good.example:${canary.port}/`, { ...STRICT, resolve })).toEqual({
      kind: 'refused',
      error: 'the name leads to a private or reserved address',
    });
    expect(asked).toEqual(['good.example']);
    expect(canary.connections()).toBe(0);
  });

  test('nothing', async () => {
    const { resolve } = answering([]);
    expect(await send(`http://good.example:${canary.port}/`, { ...STRICT, resolve })).toMatchObject({
      kind: 'failed',
      error: 'the name has no address',
    });
  });
});

describe('a name that changes between lookups (DNS rebinding)', () => {
  test('is connected to where it led when it was checked, and is not looked up again', async () => {
    const good = await startShop((_request, response) => response.end('good'), { host: '127.0.0.2' });
    closing.push(() => good.stop());
    const bad = await startShop((_request, response) => response.end('bad'), { port: good.port });
    closing.push(() => bad.stop());
    const { asked, resolve } = answering(['127.0.0.2'], ['127.0.0.1']);
    const answer = await send(`http://good.example:${good.port}/`, { ...LOOSE, resolve });
    expect(answer).toMatchObject({ kind: 'answered', body: 'good' });
    expect(good.received[0]?.headers.host).toBe(`good.example:${good.port}`);
    expect(asked).toEqual(['good.example']);
    expect(bad.connections()).toBe(0);
  });

  test('is checked anew at the next connection', async () => {
    const { asked, resolve } = answering(PUBLIC, ['127.0.0.1']);
    const lookup = checkedLookup(resolve, false);
    const looked = () =>
      new Promise((done) => {
        lookup('good.example', { all: true }, (error, found) => done(error ?? found));
      });
    expect(await looked()).toEqual([
      { address: '93.184.215.14', family: 4 },
      { address: '2606:4700::1111', family: 6 },
    ]);
    expect(await looked()).toBeInstanceOf(AddressRefusedError);
    expect(asked).toHaveLength(2);
  });
});

test('a redirect into the network is not followed', async () => {
  const server = await startShop((_request, response) =>
    response.writeHead(307, { location: `http://127.0.0.1:${canary.port}/` }).end(),
  );
  closing.push(() => server.stop());
  expect(await send(`http://127.0.0.1:${server.port}/`, LOOSE)).toMatchObject({ status: 307 });
  expect(canary.connections()).toBe(0);
});

/** Asks once as any program does, then sends a webhook. */
const ASKING = `
  import http from 'node:http';
  import { once } from 'node:events';
  const { createWebhookSender } = await import(process.env.SENDER);
  const [asked] = await once(http.get(process.env.SHOP), 'response');
  asked.resume();
  await once(asked, 'end');
  const sender = createWebhookSender({ allowHttp: true, allowPrivate: true });
  console.log(JSON.stringify(await sender.send({ url: process.env.SHOP, headers: {}, body: '{}' })));
  sender.close();`;

test('proxies of the environment are not asked', async () => {
  const proxy = await startShop((_request, response) => response.end('proxied'));
  const shop = await startShop((_request, response) => response.end('direct'));
  closing.push(
    () => proxy.stop(),
    () => shop.stop(),
  );
  const address = `http://127.0.0.1:${proxy.port}`;
  const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'all_proxy'];
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--no-warnings', '--input-type=module', '--eval', ASKING],
    {
      env: {
        ...Object.fromEntries(names.map((name) => [name, address])),
        NODE_USE_ENV_PROXY: '1',
        SENDER: new URL('../../../src/adapters/webhook/webhook-sender.ts', import.meta.url).href,
        SHOP: `http://127.0.0.1:${shop.port}/`,
      },
    },
  );
  expect(JSON.parse(stdout)).toMatchObject({ kind: 'answered', status: 200, body: 'direct' });
  expect(proxy.received).toHaveLength(1);
  expect(shop.received).toHaveLength(1);
});
