import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { INFO_COMMANDS } from '../../src/bots/info-bot/info-bot.ts';
import { MERCHANT_COMMANDS } from '../../src/bots/merchant-bot/merchant-bot.ts';
import { accepted } from '../../src/demo/api-client.ts';
import type { DemoMerchant } from '../../src/demo/merchant.ts';
import * as operations from '../../src/generated/documents.ts';
import { extractSnippets, type RunningSnippet } from '../testkit/doc-snippets.ts';
import { freePort } from '../testkit/free-port.ts';
import { openShop } from '../testkit/open-shop.ts';
import { usePlatform } from '../testkit/platform.ts';
import { createInvoice, createQuote, simulatePayment } from '../testkit/shop.ts';

const running = usePlatform({ env: { WEBHOOK_ALLOW_PRIVATE: 'true' } });
const snippets = extractSnippets('notifications.md');
afterAll(() => snippets.remove());

let shop: DemoMerchant;
let apiKey: string;
beforeAll(async () => {
  shop = await openShop(running, 'dev@shop.example');
  const scopes = ['WEBHOOK_READ', 'WEBHOOK_WRITE'] as const;
  const created = await shop.owner.send(operations.ApiKeyCreateDocument, {
    input: { projectId: shop.projectId, mode: 'TEST', kind: 'SECRET', name: 'webhooks', scopes },
  });
  apiKey = accepted(created.apiKeyCreate, 'ApiKeyCreatePayload').secret;
});

/** Pays a TEST invoice; every event of a payment follows. */
async function pay(orderId: string): Promise<void> {
  const invoice = await createInvoice(shop.test, { orderId });
  const quote = await createQuote(shop.test, invoice.id);
  await simulatePayment(shop.test, invoice.id, quote.id);
}

test('a frontend reads its notification centre', async () => {
  const centre = snippets.start('centre.ts', { URL: running.platform.url, SESSION: shop.sessionToken });
  await centre.line(/^unread: \d+$/);
  const shown = (matches: RegExp): string[] => centre.lines.filter((line) => matches.test(line));
  // The stream begins some time after that: there is a payment, and then another one, until it tells of one. What the
  // shop's opening is told may still come before.
  const PAID = /^new: INVOICE_PAID centre-\d+$/;
  let orders = 0;
  const payUntilHeard = async (): Promise<boolean> => {
    if (shown(PAID).length > 0) return true;
    orders += 1;
    await pay(`centre-${orders}`);
    return false;
  };
  await vi.waitUntil(payUntilHeard, { timeout: 20_000, interval: 200 });
  await vi.waitUntil(() => shown(/^unread: \d+$/).length > 1, { timeout: 20_000 });
});

interface Receiver {
  readonly program: RunningSnippet;
  readonly url: string;
  readonly endpoint: string;
}

/** One of the receivers, at an endpoint of its own. */
async function receive(name: string): Promise<Receiver> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/hooks`;
  const adding = snippets.start('add-endpoint.ts', {
    URL: running.platform.url,
    API_KEY: apiKey,
    HOOK_URL: url,
  });
  const valueOf = async (line: string): Promise<string> =>
    (await adding.line(new RegExp(`^${line}=`))).slice(line.length + 1);
  const [secret, endpoint] = [await valueOf('WEBHOOK_SECRET'), await valueOf('WEBHOOK_ENDPOINT')];
  expect(await adding.ended).toBe(0);
  const program = snippets.start(name, { PORT: String(port), WEBHOOK_SECRET: secret });
  await program.line('listening');
  return { program, url, endpoint };
}

describe.each([
  ['receiver.ts', (orderId: string) => `payment.captured ${orderId}`],
  ['stripe-receiver.ts', () => /^payment\.captured /],
  ['standard-receiver.ts', () => /^payment\.captured /],
] as const)('%s', (name, shown) => {
  test('takes what the gateway sends, and refuses what it did not', async () => {
    const { program, url } = await receive(name);
    const orderId = name.replace('.ts', '');
    await pay(orderId);
    await program.line(shown(orderId));
    const told = program.lines.length;
    const now = String(Math.floor(Date.now() / 1000));
    const forged = {
      'pay-signature': `t=${now},v1=${'0'.repeat(64)}`,
      'webhook-id': 'forged',
      'webhook-timestamp': now,
      'webhook-signature': `v1,${'A'.repeat(43)}=`,
    };
    for (const headers of [{}, forged]) {
      const response = await fetch(url, { method: 'POST', headers, body: '{"type":"payment.captured"}' });
      expect(response.status).toBe(400);
    }
    expect(program.lines.slice(told)).not.toContain('payment.captured');
  });
});

test('what is sent again reaches the shop, which does each event once', async () => {
  const since = new Date().toISOString();
  const { program, endpoint } = await receive('receiver.ts');
  await pay('replayed');
  await program.line('payment.captured replayed');
  const replay = snippets.start('replay.ts', {
    URL: running.platform.url,
    API_KEY: apiKey,
    WEBHOOK_ENDPOINT: endpoint,
    SINCE: since,
  });
  expect(await replay.line(/^sent again: /)).toMatch(/^sent again: [1-9]\d*$/);
  expect(await replay.ended).toBe(0);
  await pay('afterwards');
  await program.line('payment.captured afterwards');
  expect(program.lines.filter((line) => line === 'payment.captured replayed')).toHaveLength(1);
});

test.each([
  ['Merchant bot', MERCHANT_COMMANDS],
  ['Info bot', INFO_COMMANDS],
])('the commands of the %s are those that it has', (bot, commands) => {
  const text = readFileSync(path.join(import.meta.dirname, '../../docs/notifications.md'), 'utf8');
  const table = text.split(`| ${bot} `)[1]?.split('\n\n')[0] ?? '';
  const listed = [...table.matchAll(/^\| `\/(\w+)`/gm)].map(([, command]) => command);
  expect(listed).toEqual([...commands]);
});
