import { describe, expect, test } from 'vitest';
import { createSecrets } from '../../src/adapters/secrets/token-secrets.ts';
import type { DemoMerchant } from '../../src/demo/merchant.ts';
import { createKey } from '../../src/demo/merchant.ts';
import { everythingTold, rowIdOf } from '../testkit/facts.ts';
import { openShop } from '../testkit/open-shop.ts';
import { usePlatform } from '../testkit/platform.ts';
import { createInvoice, createQuote, simulatePayment } from '../testkit/shop.ts';

const FORMER_KEY = Buffer.alloc(32, 7);
const kit = usePlatform({ env: { PREVIOUS_SECRET_KEYS: FORMER_KEY.toString('base64') } });

const OWNER = `
  SELECT u.id FROM "user" u JOIN member m ON m.user_id = u.id WHERE m.merchant_id = $1`;
async function ownerOf(shop: DemoMerchant): Promise<string> {
  const { rows } = await kit.database.pool.query<{ id: string }>(OWNER, [rowIdOf(shop.merchantId)]);
  return rows[0]?.id ?? '';
}

/** A shop whose owner gets a mail for every payment at once. */
async function openLoudShop(email: string): Promise<{ shop: DemoMerchant; userId: string }> {
  const shop = await openShop(kit, email);
  const userId = await ownerOf(shop);
  await kit.database.pool.query(
    'INSERT INTO notification_settings (user_id, digest_seconds, updated_at) VALUES ($1, 0, now())',
    [userId],
  );
  return { shop, userId };
}

async function mailsAfterPayment(shop: DemoMerchant): Promise<string[]> {
  const { id } = await createInvoice(shop.test);
  const quote = await createQuote(shop.test, id);
  await simulatePayment(shop.test, id, quote.id);
  return subjectsTo(shop.email);
}

async function subjectsTo(email: string): Promise<string[]> {
  await everythingTold(kit.database.pool);
  const { mails } = kit.platform.mail;
  return mails.filter(({ recipients }) => recipients[0] === email).map(({ parsed }) => parsed.subject ?? '');
}

/** The token of the link in the last mail to this address. */
function tokenTo(email: string): string {
  const mail = kit.platform.mail.mails.findLast(({ recipients }) => recipients[0] === email);
  const header = mail?.parsed.headers.find(({ key }) => key === 'list-unsubscribe')?.value ?? '';
  return /token=([\w-]+)>/.exec(header)?.[1] ?? '';
}

const at = (token: string): string => `${kit.platform.url}/unsubscribe?${new URLSearchParams({ token })}`;

/** As a mail program does it (RFC 8058): no cookie, the token in the link. */
function press(token: string): Promise<Response> {
  const body = new FormData();
  body.set('List-Unsubscribe', 'One-Click');
  return fetch(at(token), { method: 'POST', body, redirect: 'error' });
}

const choices = async (userId: string): Promise<unknown[]> => {
  const { rows } = await kit.database.pool.query<Record<string, unknown>>(
    'SELECT project_id, category, channel, enabled FROM notification_preference WHERE user_id = $1',
    [userId],
  );
  return rows;
};
const OFF = { project_id: null, category: 'PAYMENTS', channel: 'EMAIL', enabled: false };

const choose = (userId: string, projectId: string | null, enabled: boolean): Promise<unknown> =>
  kit.database.pool.query(
    `INSERT INTO notification_preference (id, user_id, project_id, category, channel, enabled, updated_at)
     VALUES (gen_random_uuid(), $1, $2, 'PAYMENTS', 'EMAIL', $3, now())`,
    [userId, projectId, enabled],
  );

describe('the link that ends mails', () => {
  test('changes nothing when it is opened, ends mails of its kind by POST, and no others', async () => {
    const { shop, userId } = await openLoudShop('ada@shop.example');
    expect(await mailsAfterPayment(shop)).not.toEqual([]);
    const token = tokenTo(shop.email);

    for (const method of ['GET', 'HEAD']) {
      const opened = await fetch(at(token), { method, headers: { accept: 'text/html' } });
      expect(opened.status).toBe(200);
      expect(opened.headers.get('content-security-policy')).toMatch(
        /^default-src 'none'; .*form-action 'self'/,
      );
      expect(await opened.text()).toContain(method === 'GET' ? `action="/unsubscribe?token=${token}"` : '');
    }
    expect(await choices(userId)).toEqual([]);

    const ended = await Promise.all(Array.from({ length: 10 }, () => press(token)));
    expect(ended.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
    expect(await choices(userId)).toEqual([OFF]);

    const before = await subjectsTo(shop.email);
    expect(await mailsAfterPayment(shop)).toEqual(before);
    await createKey(shop.owner, shop.projectId, 'TEST');
    expect(await subjectsTo(shop.email)).toHaveLength(before.length + 1);
    const { raw } = kit.platform.mail.mails.at(-1) ?? {};
    expect(raw).toContain('API key');
    expect(raw).not.toMatch(/unsubscribe/i);
  });

  test('ends them in projects too for which the person had switched them on', async () => {
    const { shop, userId } = await openLoudShop('bea@shop.example');
    const { shop: other } = await openLoudShop('cleo@shop.example');
    await choose(userId, rowIdOf(shop.projectId), true);
    await choose(userId, null, true);
    await mailsAfterPayment(shop);
    await mailsAfterPayment(other);
    const before = await subjectsTo(shop.email);
    expect((await press(tokenTo(shop.email))).status).toBe(200);
    expect(await choices(userId)).toEqual([OFF]);
    expect(await mailsAfterPayment(shop)).toEqual(before);
    expect(await choices(await ownerOf(other))).toEqual([]);
  });

  test('cannot be forged, nor made into one for other mails or another person', async () => {
    const { shop, userId } = await openLoudShop('dora@shop.example');
    const { userId: stranger } = await openLoudShop('eve@shop.example');
    await mailsAfterPayment(shop);
    const token = tokenTo(shop.email);
    const mac = token.slice(-43);
    const forged = [
      '',
      `${stranger}_PAYMENTS_${mac}`,
      `${userId}_PROJECT_${mac}`,
      `${userId}_SECURITY_${mac}`,
      `${userId}_${mac}`,
      `${token}A`,
      `${token.slice(0, -1)}${token.endsWith('A') ? 'Q' : 'A'}`,
      `${userId}_SECURITY_${createSecrets(FORMER_KEY).derive('MAIL_UNSUBSCRIBE', `${userId}:SECURITY:EMAIL`).secret}`,
      `${userId}_PAYMENTS_${createSecrets(Buffer.alloc(32)).derive('MAIL_UNSUBSCRIBE', `${userId}:PAYMENTS:EMAIL`).secret}`,
      '"><script>alert(1)</script>',
      'x'.repeat(5_000),
    ];
    for (const one of forged) {
      const [opened, pressed] = await Promise.all([fetch(at(one)), press(one)]);
      expect([one, opened.status, pressed.status]).toEqual([one, 410, 410]);
      expect(await opened.text()).not.toMatch(/<script|xxxx/);
    }
    expect((await fetch(at(token), { method: 'PUT' })).status).toBe(405);
    expect([...(await choices(userId)), ...(await choices(stranger))]).toEqual([]);
  });

  test('still works when the secret key was exchanged since', async () => {
    const { userId } = await openLoudShop('fay@shop.example');
    const { secret } = createSecrets(FORMER_KEY).derive('MAIL_UNSUBSCRIBE', `${userId}:PAYMENTS:EMAIL`);
    expect((await press(`${userId}_PAYMENTS_${secret}`)).status).toBe(200);
    expect(await choices(userId)).toEqual([OFF]);
  });
});
