import { expect, test } from 'vitest';
import * as operations from '../../src/generated/documents.ts';
import { accepted } from '../../src/demo/api-client.ts';
import { createKey, type DemoMerchant } from '../../src/demo/merchant.ts';
import { everythingTold, rowIdOf } from '../testkit/facts.ts';
import { openShop } from '../testkit/open-shop.ts';
import { usePlatform } from '../testkit/platform.ts';
import { createInvoice, createQuote, simulatePayment } from '../testkit/shop.ts';

const kit = usePlatform();

/** Everything about payments is mailed at once. */
async function openLoudShop(email: string): Promise<DemoMerchant> {
  const shop = await openShop(kit, email);
  await everythingTold(kit.database.pool);
  await kit.database.pool.query(
    `INSERT INTO notification_settings (user_id, digest_seconds, updated_at)
     SELECT user_id, 0, now() FROM member WHERE merchant_id = $1`,
    [rowIdOf(shop.merchantId)],
  );
  return shop;
}

async function pay(shop: DemoMerchant): Promise<void> {
  const { id } = await createInvoice(shop.test);
  const quote = await createQuote(shop.test, id);
  await simulatePayment(shop.test, id, quote.id);
  await everythingTold(kit.database.pool);
}

const mailsTo = (email: string): number =>
  kit.platform.mail.mails.filter(({ recipients }) => recipients[0] === email).length;

const deliveriesTo = async (target: string) => {
  const { rows } = await kit.database.pool.query<{ type: string; status: string; error: string | null }>(
    `SELECT event_type AS type, status, last_error AS error FROM delivery WHERE target = $1 ORDER BY id`,
    [target],
  );
  return rows;
};

const bounceEvents = async (email: string) => {
  const { rows } = await kit.database.pool.query<Record<string, unknown>>(
    `SELECT subject_type, actor, data FROM event WHERE type = 'user.email_bounced' AND data->>'email' = $1`,
    [email],
  );
  return rows;
};

const bouncedAt = async (shop: DemoMerchant) =>
  (await shop.owner.send(operations.EmailBouncedAtDocument, {})).viewer.emailBouncedAt;

function refuseAt(email: string, code: number, text: string): void {
  kit.platform.mail.refuse(({ phase, recipient }) =>
    phase === 'rcpt' && recipient === email ? { code, text } : null,
  );
}

test('an address that its server refuses for good is marked and told once, and gets security mail only', async () => {
  const shop = await openLoudShop('Ada@shop.example');
  expect(await bouncedAt(shop)).toBeNull();
  refuseAt(shop.email, 550, '5.1.1 no such user here');
  await pay(shop);
  const [failed, ...more] = await deliveriesTo(shop.email).then((rows) =>
    rows.filter(({ status }) => status === 'FAILED'),
  );
  expect(failed).toMatchObject({ type: 'invoice.paid', error: expect.stringContaining('550 5.1.1 no such') });
  expect(more).toEqual([]);
  expect(await bounceEvents(shop.email)).toEqual([
    { subject_type: 'USER', actor: { type: 'SYSTEM', id: null }, data: { email: shop.email } },
  ]);
  expect(Date.parse(String(await bouncedAt(shop)))).toBeGreaterThan(0);

  const before = await deliveriesTo(shop.email);
  await pay(shop);
  expect(await deliveriesTo(shop.email)).toEqual(before);
  await createKey(shop.owner, shop.projectId, 'TEST');
  await everythingTold(kit.database.pool);
  expect((await deliveriesTo(shop.email)).slice(before.length)).toMatchObject([
    { type: 'api_key.created', status: 'FAILED' },
  ]);
  expect(await bounceEvents(shop.email)).toHaveLength(1);

  // The mailbox is back: the first mail that arrives shows it.
  kit.platform.mail.refuse(null);
  await createKey(shop.owner, shop.projectId, 'TEST');
  await everythingTold(kit.database.pool);
  expect(await bouncedAt(shop)).toBeNull();
  const mails = mailsTo(shop.email);
  await pay(shop);
  expect(mailsTo(shop.email)).toBe(mails + 1);
});

test('a mail that is refused for what it says, or for now, marks no address', async () => {
  const shop = await openLoudShop('bea@shop.example');
  refuseAt(shop.email, 550, '5.7.1 blocked by policy');
  await pay(shop);
  kit.platform.mail.refuse(({ phase, recipient }) =>
    phase === 'data' && recipient === shop.email ? { code: 552, text: '5.3.4 too big' } : null,
  );
  await pay(shop);
  kit.platform.mail.refuse(null);
  expect((await deliveriesTo(shop.email)).slice(-2)).toMatchObject([
    { status: 'FAILED', error: expect.stringContaining('5.7.1') },
    { status: 'FAILED', error: expect.stringContaining('5.3.4') },
  ]);
  expect(await bouncedAt(shop)).toBeNull();
  expect(await bounceEvents(shop.email)).toEqual([]);
});

test('the address of a customer is nobody’s: it is not marked', async () => {
  const shop = await openLoudShop('cleo@shop.example');
  const customer = 'cara@customer.example';
  refuseAt(customer, 550, '5.1.1 no such user here');
  const { id } = await createInvoice(shop.test, { customerEmail: customer });
  const sent = await shop.test.send(operations.InvoiceSendDocument, { input: { invoiceId: id } });
  accepted(sent.invoiceSend, 'Invoice');
  await everythingTold(kit.database.pool);
  kit.platform.mail.refuse(null);
  expect(await deliveriesTo(customer)).toMatchObject([{ type: 'invoice.sent', status: 'FAILED' }]);
  expect(await bounceEvents(customer)).toEqual([]);
  const { rows } = await kit.database.pool.query('SELECT FROM email_bounce WHERE email_key = $1', [customer]);
  expect(rows).toEqual([]);
});
