import { afterEach, describe, expect, test } from 'vitest';
import { createResolve } from '../../../src/adapters/webhook/checked-lookup.ts';
import { createWebhookSender } from '../../../src/adapters/webhook/webhook-sender.ts';
import { startNameServer } from './name-server.ts';
import { startShop } from './shop-server.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function named(...answers: readonly (readonly string[] | null)[]) {
  const server = await startNameServer(...answers);
  closing.push(() => server.stop());
  return { ...server, resolve: createResolve([server.address]) };
}
async function shop(options: { readonly host?: string; readonly port?: number } = {}) {
  const server = await startShop((_request, response) => response.end('ok'), options);
  closing.push(() => server.stop());
  return server;
}

describe('a name', () => {
  test('has the addresses of both kinds', async () => {
    const { resolve, asked } = await named(['93.184.215.14', '2606:4700:0:0:0:0:0:1111', '93.184.215.15']);
    expect(await resolve('good.example')).toEqual(['93.184.215.14', '93.184.215.15', '2606:4700::1111']);
    expect([...asked].toSorted()).toEqual(['A good.example', 'AAAA good.example']);
  });

  test.each([
    [[], 'ENODATA'],
    [null, 'EREFUSED'],
  ])('without any cannot be looked up', async (answer, code) => {
    const { resolve } = await named(answer);
    await expect(resolve('good.example')).rejects.toThrow(`the name cannot be looked up (${code})`);
  });

  test('of the machine itself is no question', async () => {
    const { resolve, asked } = await named(['93.184.215.14']);
    expect(await resolve('localhost')).toEqual(['127.0.0.1', '::1']);
    expect(asked).toEqual([]);
  });
});

describe('a name server that lies (QUALITY, security 34)', () => {
  test('gets nobody in, neither at once nor after a good answer', async () => {
    const canary = await shop();
    const answers = [
      ['93.184.215.14', '127.0.0.1'],
      ['127.0.0.1'],
      ['169.254.169.254'],
      ['0:0:0:0:0:ffff:7f00:1'],
    ];
    const { resolve } = await named(...answers);
    const sender = createWebhookSender({ allowHttp: true, allowPrivate: false, resolve });
    closing.push(() => sender.close());
    for (const _answer of answers)
      expect(
        await sender.send({ url: `http://good.example:${canary.port}/`, headers: {}, body: '{}' }),
      ).toEqual({ kind: 'refused', error: 'the name leads to a private or reserved address' });
    expect(canary.connections()).toBe(0);
  });

  test('is asked once a connection, which stays where the checked answer led', async () => {
    const good = await shop({ host: '127.0.0.2' });
    const bad = await shop({ port: good.port });
    const { resolve, asked } = await named(['127.0.0.2'], ['127.0.0.1']);
    const sender = createWebhookSender({ allowHttp: true, allowPrivate: true, resolve });
    closing.push(() => sender.close());
    for (let i = 0; i < 3; i++)
      expect(
        await sender.send({ url: `http://good.example:${good.port}/`, headers: {}, body: '{}' }),
      ).toMatchObject({ status: 200 });
    expect(good.received).toHaveLength(3);
    expect(bad.connections()).toBe(0);
    expect(asked).toHaveLength(2);
  });
});
