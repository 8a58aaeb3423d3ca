import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { DemoMerchant } from '../../src/demo/merchant.ts';
import { startStallingProxy, type StallingProxy } from '../fault/stalling-proxy.ts';
import { make, tryRevoke } from './api-key/key-shop.ts';
import { extractSnippets } from '../testkit/doc-snippets.ts';
import { openShop } from '../testkit/open-shop.ts';
import { usePlatform } from '../testkit/platform.ts';
import { BEGINNING, payInvoice } from './live/live-shop.ts';

const kit = usePlatform({ env: { ROLES: 'api' } });
const live = extractSnippets('live.md');
let proxy: StallingProxy;
beforeAll(async () => {
  proxy = await startStallingProxy(Number(new URL(kit.platform.url).port));
});
afterAll(async () => {
  await live.remove();
  await proxy.stop();
});

let shops = 0;
const anotherShop = () => openShop(kit, `shop${(shops += 1)}@shop.example`);
const reach = (key: string) => ({ GATEWAY_URL: `http://127.0.0.1:${proxy.port}`, API_KEY: key });

const LIFE_OF_A_PAID_INVOICE = [
  'invoice.created',
  'invoice.quoted',
  'payment.detected',
  'invoice.confirming',
  'payment.credited',
  'invoice.paid',
];
const lifeOf = (id: string): string[] => LIFE_OF_A_PAID_INVOICE.map((name) => `${name} ${id}`);

async function payMore(shop: DemoMerchant, paid: string[]): Promise<string> {
  const id = await payInvoice(shop);
  paid.push(id);
  return `invoice.paid ${id}`;
}

describe('docs/live.md', () => {
  test('all of its programs are run here', () => {
    expect(live.names).toEqual(['live-websocket.ts', 'live-sse.ts', 'live-balances.ts']);
  });

  test.each(['live-websocket.ts', 'live-sse.ts'])(
    '%s shows each event once and in order, over connections that are cut',
    async (name) => {
      const shop = await anotherShop();
      const paid: string[] = [];
      await payMore(shop, paid);
      const page = live.start(name, { ...reach(shop.testKey), CURSOR: BEGINNING });
      await page.line(await payMore(shop, paid));
      for (let cuts = 1; cuts <= 3; cuts += 1) {
        proxy.cut();
        await vi.waitUntil(() => page.lines.filter((line) => line === 'cut').length === cuts);
        await page.line(await payMore(shop, paid));
      }
      expect(page.lines.filter((line) => line !== 'cut')).toEqual(paid.flatMap(lifeOf));
      await page.stop();
    },
  );

  test.each([
    ['live-websocket.ts', 1],
    ['live-sse.ts', 0],
  ])('%s ends when its rights are gone', async (name, code) => {
    const shop = await anotherShop();
    const { secret, apiKey } = await make(shop.owner, {
      projectId: shop.projectId,
      scopes: ['EVENT_READ', 'INVOICE_READ'],
    });
    const page = live.start(name, { ...reach(secret), CURSOR: BEGINNING });
    await page.line(`invoice.paid ${await payInvoice(shop)}`);
    await tryRevoke(shop.owner, apiKey.id);
    expect(await page.ended).toBe(code);
  });

  test('live-balances.ts shows what there is at once, after changes, and after a cut', async () => {
    const shop = await anotherShop();
    const { secret } = await make(shop.owner, {
      projectId: shop.projectId,
      scopes: ['BALANCE_READ'],
    });
    const page = live.start('live-balances.ts', reach(secret));
    await page.line('nothing yet');
    await payInvoice(shop);
    await page.line('12.500000 USDT');
    proxy.cut();
    await payInvoice(shop);
    await page.line('25.000000 USDT');
    await page.stop();
  });
});
