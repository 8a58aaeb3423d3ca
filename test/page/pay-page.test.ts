import encodeQR from 'qr';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { openMerchant, type DemoMerchant } from '../../src/demo/merchant.ts';
import { LOCAL_CONFIRMATIONS } from '../../src/demo/platform.ts';
import * as operations from '../../src/generated/documents.ts';
import { eventTypes, expired, rowCounts, rowIdOf } from '../testkit/facts.ts';
import { createMovableClock } from '../testkit/movable-clock.ts';
import { usePlatform } from '../testkit/platform.ts';
import { cancel, createInvoice, createQuote, simulatePayment } from '../testkit/shop.ts';
import { forgetAttempts } from '../testkit/team.ts';

const clock = createMovableClock();
const kit = usePlatform({ chain: true, overrides: { clock } });
let merchant: DemoMerchant;
beforeAll(async () => {
  merchant = await openMerchant(kit.platform, 'ada@shop.example', 'Ada & <Co>');
});

interface Shown {
  readonly status: number;
  readonly html: string;
  readonly headers: Headers;
}
const ask = async (path: string, init: RequestInit = {}): Promise<Shown> => {
  const response = await fetch(`${kit.platform.url}${path}`, { redirect: 'manual', ...init });
  return { status: response.status, html: await response.text(), headers: response.headers };
};
const open = (invoiceId: string, query = '') => ask(`/pay/${rowIdOf(invoiceId)}${query}`);
const choose = (invoiceId: string, form: Record<string, string>) =>
  ask(`/pay/${rowIdOf(invoiceId)}`, { method: 'POST', body: new URLSearchParams(form) });
const USDT = { asset: 'USDT', network: 'ETHEREUM' };
const SECRETS = {
  customerEmail: 'secret@customer.example',
  customerRef: 'secret-ref',
  subMerchantId: 'secret_sub',
  metadata: { secret: 'secret-metadata' },
};
const newInvoice = (input: Partial<operations.InvoiceCreateInput> = {}, api = merchant.test) =>
  createInvoice(api, { amount: '40', lifetimeSeconds: 3600, ...SECRETS, ...input });
const REFRESHES = 'http-equiv="refresh"';

describe('the page of an invoice', () => {
  test('shows what is to be paid and the ways to pay, and is chosen on without a script', async () => {
    const { id } = await newInvoice({ description: 'Two <b>tickets</b>', orderId: '"order"' });
    const page = await open(id);
    expect(page.status).toBe(200);
    expect(page.html).toContain('Ada &amp; &lt;Co&gt; online');
    for (const part of [
      '40.00 USD',
      'Two &lt;b&gt;tickets&lt;/b&gt;',
      '&quot;order&quot;',
      'This is a test',
      REFRESHES,
    ])
      expect(page.html).toContain(part);
    expect(page.html).not.toMatch(/<script|<b>tickets|secret/);
    expect([...page.html.matchAll(/<button type="submit">([^<]+)</g)].map(([, text]) => text)).toContain(
      'USDT over Ethereum',
    );
    const chosen = await choose(id, USDT);
    expect([chosen.status, chosen.headers.get('location')]).toEqual([
      303,
      `/pay/${rowIdOf(id)}?asset=USDT&network=ETHEREUM`,
    ]);
    const paying = await open(id, '?asset=USDT&network=ETHEREUM');
    expect(paying.html).toContain(`<code>TEST-ETHEREUM-${rowIdOf(id)}</code>`);
    expect(paying.html).toContain('<code>40</code> USDT');
    // Nobody can scan a test's address and pay it.
    expect(paying.html).not.toContain('<svg');
    expect(await eventTypes(kit.database.pool, id)).toEqual(['invoice.created', 'invoice.quoted']);
    expect((await open(id, '?choose=1')).html).toContain('How do you want to pay?');
  });

  test('is kept by nobody, framed by nobody, and runs nothing', async () => {
    const { headers } = await open((await newInvoice()).id);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("form-action 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('script-src');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('set-cookie')).toBeNull();
  });

  test('says what came of a part, and asks for the rest, never for the threshold', async () => {
    await kit.database.pool.query('UPDATE project SET underpaid_basis_points = 1000 WHERE id = $1', [
      rowIdOf(merchant.projectId),
    ]);
    const { id } = await newInvoice();
    const quote = await createQuote(merchant.test, id);
    await simulatePayment(merchant.test, id, quote.id, '30');
    const part = await open(id, '?asset=USDT&network=ETHEREUM');
    for (const text of [
      'A part is paid',
      '30.00 USD',
      '10.00 USD',
      'does not hold any more',
      '30 USDT over Ethereum',
    ])
      expect(part.html).toContain(text);
    expect(part.html).not.toContain('<code>40</code>');
    await choose(id, USDT);
    expect((await open(id)).html).toContain('<code>10</code> USDT');
    // Within the threshold: paid, and nothing says by how much less.
    await simulatePayment(merchant.test, id, quote.id, '7');
    const paid = await open(id);
    expect(paid.html).toContain('Paid. Thank you!');
    expect(paid.html).not.toMatch(/37\.00|3\.00|missing|36\.|threshold/i);
    await kit.database.pool.query('UPDATE project SET underpaid_basis_points = 0');
  });

  test('leads back to the shop when it is over, over https only', async () => {
    const back = { returnUrl: 'https://shop.example/thanks?a=1&b=2', cancelUrl: 'https://shop.example/cart' };
    const paid = await newInvoice(back);
    expect((await open(paid.id)).html).not.toContain('shop.example/');
    await simulatePayment(merchant.test, paid.id, (await createQuote(merchant.test, paid.id)).id);
    const thanks = await open(paid.id);
    expect(thanks.html).toContain('href="https://shop.example/thanks?a=1&amp;b=2"');
    expect(thanks.html).not.toMatch(new RegExp(`${REFRESHES}|<form|cart`));
    const gone = await newInvoice(back);
    await cancel(merchant.test, gone.id);
    const cancelled = await open(gone.id);
    expect(cancelled.html).toContain('href="https://shop.example/cart"');
    expect(cancelled.html).toContain('Please do not pay any more');
    const plain = await newInvoice({
      returnUrl: 'http://shop.example/thanks',
      cancelUrl: 'http://shop.example/x',
    });
    await cancel(merchant.test, plain.id);
    expect((await open(plain.id)).html).not.toContain('http://');
  });

  test('asks for nothing after the end, even before a worker has ended it', async () => {
    const { id } = await newInvoice({ lifetimeSeconds: 600 });
    await choose(id, USDT);
    clock.advance({ seconds: 600 });
    const over = await open(id);
    expect(over.html).toContain('The time to pay is over');
    expect(over.html).not.toMatch(/TEST-ETHEREUM|<form/);
    const late = await choose(id, USDT);
    expect(late.status).toBeGreaterThanOrEqual(200);
    expect(late.html).not.toContain('<form');
    await expired(kit.database.pool, id);
  });

  test('asks for a new amount when the rate holds no more', async () => {
    const { id } = await newInvoice({ lifetimeSeconds: 7 * 24 * 3600 });
    await choose(id, USDT);
    expect((await open(id)).html).toContain('TEST-ETHEREUM');
    await kit.database.pool.query('UPDATE quote SET expires_at = $2 WHERE invoice_id = $1', [
      rowIdOf(id),
      clock.now(),
    ]);
    const stale = await open(id);
    expect(stale.html).toContain('does not hold any more');
    expect(stale.html).not.toContain('TEST-ETHEREUM');
  });

  test('shows the newest of more quotes than the API lists', async () => {
    const { id } = await newInvoice();
    const { id: quoteId } = await createQuote(merchant.test, id);
    await kit.database.pool.query(
      `INSERT INTO quote (id, invoice_id, asset, network, price, amount, rate, rate_source, rate_at, address, created_at, expires_at)
       SELECT ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, invoice_id, 'ETH', network, price, 7, 1, 'x', rate_at, 'old', created_at, expires_at
       FROM quote, generate_series(1, 60) n WHERE id = $1`,
      [quoteId],
    );
    expect((await open(id)).html).toContain('<code>40</code> USDT');
    const { invoice } = await merchant.test.send(operations.InvoiceInFullDocument, { id });
    const quotes = invoice?.quotes ?? [];
    expect([quotes.length, quotes.at(-1)?.id]).toEqual([50, quoteId]);
  });
});

describe('a LIVE invoice', () => {
  test('is paid by what the page says, and the page follows the chain', async () => {
    const { chain } = kit.platform;
    if (!chain) throw new Error('no chain');
    const { id } = await newInvoice({ returnUrl: 'https://shop.example/thanks' }, merchant.live);
    const choice = await open(id);
    // Only networks that this gateway has addresses on.
    expect(choice.html).not.toMatch(/Bitcoin|Cronos|Litecoin|This is a test/);
    await choose(id, USDT);
    const paying = await open(id);
    const address = /<code>(0x[0-9a-fA-F]{40})<\/code>/.exec(paying.html)?.[1] ?? '';
    expect(paying.html).toContain(encodeQR(address, 'svg', { ecc: 'medium', border: 4 }));
    expect(paying.html).toContain(REFRESHES);
    const txId = await chain.sendToken(address, 40_000_000n);
    await vi.waitUntil(async () => (await open(id)).html.includes(txId), { timeout: 15_000 });
    const confirming = await open(id);
    expect(confirming.html).toContain('the network confirms it');
    expect(confirming.html).toContain(`(1 of ${LOCAL_CONFIRMATIONS})`);
    expect(confirming.html).not.toMatch(/<form|shop\.example/);
    await chain.mine(LOCAL_CONFIRMATIONS);
    await vi.waitUntil(async () => (await open(id)).html.includes('Thank you'), { timeout: 15_000 });
    expect((await open(id)).html).toContain('https://shop.example/thanks');
  });

  test('of a blocked project shows no address, not even the one that it had', async () => {
    const { id } = await newInvoice({}, merchant.live);
    await choose(id, USDT);
    const moderation = (state: string) =>
      kit.database.pool.query('UPDATE project SET moderation = $1::"Moderation"', [state]);
    await moderation('BLOCKED');
    const blocked = await open(id);
    expect(blocked.html).toContain('Please do not pay now');
    expect(blocked.html).not.toMatch(/0x[0-9a-f]{40}|<form/i);
    expect((await choose(id, USDT)).status).toBe(409);
    await moderation('ACTIVE');
    expect((await open(id)).html).toMatch(/0x[0-9a-f]{40}/i);
  });
});

describe('what is refused', () => {
  test.each(['nobody', '', '019a0000-0000-7000-8000-000000000000', '%2e%2e%2fgraphql', '%00', 'a/b'])(
    'the page of %j is not there',
    async (id) => {
      const page = await ask(`/pay/${id}`);
      expect(page.status).toBe(404);
      const posted = await ask(`/pay/${id}`, { method: 'POST', body: new URLSearchParams(USDT) });
      expect(posted.status).toBe(404);
    },
  );

  test.each<[string, Record<string, string>]>([
    ['nothing', {}],
    ['an asset alone', { asset: 'USDT' }],
    ['a network that is none', { asset: 'USDT', network: 'constructor' }],
    ['an asset that the network does not carry', { asset: 'BTC', network: 'ETHEREUM' }],
    ['a script', { asset: '<script>', network: '"><script>alert(1)</script>' }],
  ])('the choice of %s, and nothing is written', async (_what, form) => {
    const { id } = await newInvoice();
    const before = await rowCounts(kit.database.pool, ['quote', 'event']);
    const page = await choose(id, form);
    expect(page.status).toBe(422);
    expect(page.html).toContain('role="alert"');
    expect(page.html).not.toContain('<script');
    expect(await rowCounts(kit.database.pool, ['quote', 'event'])).toEqual(before);
  });

  test('the choice of what the shop does not take', async () => {
    const { id } = await newInvoice();
    await kit.database.pool.query(`UPDATE project SET accepted_assets = '{BTC/BITCOIN}'`);
    expect((await choose(id, USDT)).status).toBe(422);
    const ways = [...(await open(id)).html.matchAll(/<button type="submit">([^<]+)</g)].map(
      ([, text]) => text,
    );
    expect(ways).toEqual(['BTC over Bitcoin']);
    await kit.database.pool.query(`UPDATE project SET accepted_assets = '{}'`);
  });

  test('other methods, and a form that is too long', async () => {
    const { id } = await newInvoice();
    const path = `/pay/${rowIdOf(id)}`;
    expect((await ask(path, { method: 'PUT' })).status).toBe(405);
    expect((await ask(path, { method: 'DELETE' })).status).toBe(405);
    expect((await ask(path, { method: 'HEAD' })).html).toBe('');
    expect((await choose(id, { asset: 'x'.repeat(5000), network: 'ETHEREUM' })).status).toBe(413);
  });

  test('more choices than a payer makes, and the page can still be read', async () => {
    await forgetAttempts(kit);
    const { id } = await newInvoice();
    const answers = await Promise.all(Array.from({ length: 70 }, () => choose(id, USDT)));
    const limited = answers.filter(({ status }) => status === 429);
    expect(limited).toHaveLength(10);
    expect(Number(limited[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await open(id)).status).toBe(200);
    expect(await eventTypes(kit.database.pool, id)).toEqual(['invoice.created', 'invoice.quoted']);
    await forgetAttempts(kit);
  });
});
