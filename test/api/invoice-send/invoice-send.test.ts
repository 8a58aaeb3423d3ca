import { beforeEach, describe, expect, test } from 'vitest';
import { accepted, type ApiClient } from '../../../src/demo/api-client.ts';
import { openMerchant, type DemoMerchant } from '../../../src/demo/merchant.ts';
import * as operations from '../../../src/generated/documents.ts';
import { eventTypes, everythingTold, expired, rowCounts, rowIdOf } from '../../testkit/facts.ts';
import { createMovableClock } from '../../testkit/movable-clock.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { errorCodes } from '../../testkit/raw-graphql.ts';
import { cancel, createInvoice, createQuote, simulatePayment } from '../../testkit/shop.ts';
import { forgetAttempts } from '../../testkit/team.ts';

const clock = createMovableClock();
const kit = usePlatform({ overrides: { clock }, env: { PUBLIC_URL: 'http://pay.example' } });

let merchant: DemoMerchant;
let merchants = 0;
beforeEach(async () => {
  merchants += 1;
  merchant = await openMerchant(kit.platform, `ada${merchants}@shop.example`);
  await forgetAttempts(kit);
});

type Input = operations.InvoiceSendInput;
const trySend = async (api: ApiClient, input: Input) =>
  (await api.send(operations.InvoiceSendDocument, { input })).invoiceSend;
const send = async (input: Input, api = merchant.test) => accepted(await trySend(api, input), 'Invoice');
/** What a customer got. */
async function mailsTo(email: string) {
  await everythingTold(kit.database.pool);
  return kit.platform.mail.mails.filter(({ recipients }) => recipients.includes(email));
}
async function counts() {
  await everythingTold(kit.database.pool);
  return rowCounts(kit.database.pool, ['event', 'delivery', 'idempotency_key']);
}

describe('an invoice that is sent', () => {
  test('reaches the customer with amount, order, end and the link to its page', async () => {
    const { id } = await createInvoice(merchant.live, {
      orderId: 'order-7',
      description: 'Two tickets',
      customerEmail: 'cara@customer.example',
    });
    expect(await mailsTo('cara@customer.example')).toEqual([]);
    const link = `http://pay.example/pay/${rowIdOf(id)}`;
    expect(await send({ invoiceId: id }, merchant.live)).toMatchObject({
      id,
      payUrl: link,
      status: 'CREATED',
    });
    const [mail, ...more] = await mailsTo('cara@customer.example');
    expect(more).toEqual([]);
    expect(mail?.parsed.subject).toBe('Invoice from Corner Shop online: 12.50\u00a0USD');
    for (const text of [mail?.parsed.text, String(mail?.parsed.html)]) {
      for (const part of ['Corner Shop online', '12.50', 'Two tickets', 'order-7', 'UTC', link])
        expect(text).toContain(part);
    }
    expect(mail?.parsed.text).not.toContain('test');
    expect(await eventTypes(kit.database.pool, id)).toEqual(['invoice.created', 'invoice.sent']);
  });

  test('goes to the address that is named, and says of a test that it is one', async () => {
    const { id } = await createInvoice(merchant.test, { customerEmail: 'cara@customer.example' });
    const before = (await mailsTo('cara@customer.example')).length;
    await send({ invoiceId: id, email: ' dan@customer.example ' });
    const [mail] = await mailsTo('dan@customer.example');
    expect(mail?.parsed.subject).toMatch(/^\[Test\] Invoice from/);
    expect(mail?.parsed.text).toContain('This is a test: nothing is to be paid.');
    expect(await mailsTo('cara@customer.example')).toHaveLength(before);
  });

  test('says what a stranger wrote as text only', async () => {
    const nasty = '<a href="http://evil.example">x</a>\r\nBcc: eve@evil.example\r\n\r\n<script>1</script>';
    const { id } = await createInvoice(merchant.test, { description: nasty, orderId: '"><img src=x>' });
    await send({ invoiceId: id, email: 'eva@customer.example' });
    const [mail] = await mailsTo('eva@customer.example');
    expect(mail?.recipients).toEqual(['eva@customer.example']);
    expect(mail?.parsed.bcc).toBeUndefined();
    expect(String(mail?.parsed.html)).not.toMatch(/<script|<img|href="http:\/\/evil/);
    const links = [...String(mail?.parsed.html).matchAll(/href="([^"]*)"/g)].map(([, href]) => href);
    expect(new Set(links)).toEqual(new Set([`http://pay.example/pay/${rowIdOf(id)}`]));
  });

  test('twice with one key is sent once; of ten at once too', async () => {
    const { id } = await createInvoice(merchant.test);
    const input = { invoiceId: id, email: 'fay@customer.example', idempotencyKey: 'mail-1' };
    await Promise.all(Array.from({ length: 5 }, () => send(input)));
    await send(input);
    expect(await mailsTo('fay@customer.example')).toHaveLength(1);
    expect(await trySend(merchant.test, { ...input, email: 'other@customer.example' })).toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
      path: ['input', 'idempotencyKey'],
    });
    expect(await mailsTo('other@customer.example')).toEqual([]);
    const simulated = (await createQuote(merchant.test, id)).id;
    await simulatePayment(merchant.test, id, simulated);
    // The stored result, though the invoice could not be sent now.
    expect(await send(input)).toMatchObject({ id, status: 'PAID' });
    await send({ ...input, idempotencyKey: null }).catch(() => undefined);
    expect(await mailsTo('fay@customer.example')).toHaveLength(1);
  });

  test('can be sent again while a part is paid', async () => {
    const { id } = await createInvoice(merchant.test, { amount: '10' });
    await simulatePayment(merchant.test, id, (await createQuote(merchant.test, id)).id, '4');
    await send({ invoiceId: id, email: 'gil@customer.example' });
    expect(await mailsTo('gil@customer.example')).toHaveLength(1);
  });
});

describe('what is not sent', () => {
  test('is an invoice that cannot be paid', async () => {
    const paid = await createInvoice(merchant.test);
    await simulatePayment(merchant.test, paid.id, (await createQuote(merchant.test, paid.id)).id);
    const cancelled = await createInvoice(merchant.test);
    await cancel(merchant.test, cancelled.id);
    const late = await createInvoice(merchant.test, { lifetimeSeconds: 60 });
    clock.advance({ seconds: 61 });
    await expired(kit.database.pool, late.id);
    const tries = async () =>
      Promise.all(
        [paid, cancelled, late].map(({ id }) =>
          trySend(merchant.test, {
            invoiceId: id,
            email: 'hal@customer.example',
            idempotencyKey: id.slice(-9),
          }),
        ),
      );
    const before = await counts();
    for (const answer of await tries()) expect(answer).toMatchObject({ code: 'INVOICE_NOT_OPEN' });
    expect(await mailsTo('hal@customer.example')).toEqual([]);
    expect(await counts()).toEqual(before);
  });

  test('is what was no invoice of the caller, no address, or no key', async () => {
    const { id } = await createInvoice(merchant.test);
    const stranger = await openMerchant(kit.platform, `eve${merchants}@shop.example`);
    const before = await counts();
    expect(await trySend(stranger.test, { invoiceId: id, email: 'x@y.example' })).toMatchObject({
      code: 'NOT_FOUND',
      path: ['input', 'invoiceId'],
    });
    expect(await trySend(merchant.live, { invoiceId: id, email: 'x@y.example' })).toMatchObject({
      code: 'NOT_FOUND',
    });
    for (const email of [
      null,
      '',
      'x',
      'a@b.example, c@d.example',
      'a@b.example\r\nBcc: c@d.example',
      '<a@b.example>',
    ]) {
      expect(await trySend(merchant.test, { invoiceId: id, email })).toMatchObject({
        code: 'INVALID_INPUT',
        path: ['input', 'email'],
      });
    }
    for (const idempotencyKey of ['', 'k'.repeat(256), 'a\u0000'])
      expect(
        await trySend(merchant.test, { invoiceId: id, email: 'x@y.example', idempotencyKey }),
      ).toMatchObject({
        code: 'INVALID_INPUT',
        path: ['input', 'idempotencyKey'],
      });
    expect(await counts()).toEqual(before);
  });

  test('is an invoice of a project that the operator has blocked', async () => {
    const { id } = await createInvoice(merchant.live);
    await kit.database.pool.query(`UPDATE project SET moderation = 'BLOCKED' WHERE id = $1`, [
      rowIdOf(merchant.projectId),
    ]);
    expect(await trySend(merchant.live, { invoiceId: id, email: 'x@y.example' })).toMatchObject({
      code: 'PROJECT_NOT_ACTIVE',
    });
  });

  test('is more than five mails of an invoice, or twenty to an inbox, in an hour', async () => {
    const { id } = await createInvoice(merchant.test);
    for (let n = 0; n < 5; n++) await send({ invoiceId: id, email: `ida${n}@customer.example` });
    expect(
      await errorCodes(trySend(merchant.test, { invoiceId: id, email: 'ida9@customer.example' })),
    ).toEqual(['RATE_LIMITED']);
    for (let n = 0; n < 20; n++) {
      const other = await createInvoice(merchant.test);
      await send({ invoiceId: other.id, email: 'Jon@customer.example' });
    }
    const last = await createInvoice(merchant.test);
    expect(
      await errorCodes(trySend(merchant.test, { invoiceId: last.id, email: 'jon@customer.example' })),
    ).toEqual(['RATE_LIMITED']);
    clock.advance({ hours: 1, seconds: 1 });
    const fresh = await createInvoice(merchant.test);
    await send({ invoiceId: fresh.id, email: 'jon@customer.example' });
  });
});
