import { beforeAll, describe, expect, test } from 'vitest';
import { accepted } from '../../src/demo/api-client.ts';
import { openMerchant, type DemoMerchant } from '../../src/demo/merchant.ts';
import type * as operations from '../../src/generated/documents.ts';
import { eventTypes, expired, rowCounts } from '../testkit/facts.ts';
import { createMovableClock } from '../testkit/movable-clock.ts';
import { usePlatform } from '../testkit/platform.ts';
import {
  cancel,
  createInvoice,
  createQuote,
  invoiceOf,
  simulatePayment,
  tryInvoice,
  tryQuote,
} from '../testkit/shop.ts';

const clock = createMovableClock();
const kit = usePlatform({ overrides: { clock } });
let merchant: DemoMerchant;
beforeAll(async () => {
  merchant = await openMerchant(kit.platform, 'ada@shop.example');
});

const written = () => rowCounts(kit.database.pool, ['invoice', 'event', 'idempotency_key']);
const NOT_OPEN = { __typename: 'InvoiceNotOpenError', code: 'INVOICE_NOT_OPEN', path: null };

describe('an idempotency key', () => {
  const input = {
    amount: '5',
    currency: 'EUR',
    orderId: 'order-1',
    metadata: { a: '1', b: '2' },
    idempotencyKey: 'key-1',
  } as const;

  test('gives the same invoice again, in any order of the input, and writes nothing', async () => {
    const first = await createInvoice(merchant.test, input);
    const before = await written();
    expect(await tryInvoice(merchant.test, input)).toEqual(first);
    const { idempotencyKey, metadata, orderId, currency, amount } = input;
    const turned = { idempotencyKey, metadata: { b: metadata.b, a: metadata.a }, orderId, currency, amount };
    expect(await tryInvoice(merchant.test, { ...turned, description: null })).toMatchObject({ id: first.id });
    expect(await written()).toEqual(before);
  });

  test.each<[string, Partial<operations.InvoiceCreateInput>]>([
    ['another amount', { amount: '6' }],
    ['another currency', { currency: 'USD' }],
    ['another order', { orderId: 'order-2' }],
    ['another text in the metadata', { metadata: { a: '1', b: '3' } }],
    ['another lifetime', { lifetimeSeconds: 600 }],
    ['a description', { description: 'new' }],
  ])('with %s is refused, and writes nothing', async (_what, change) => {
    const before = await written();
    expect(await tryInvoice(merchant.test, { ...input, ...change })).toMatchObject({
      __typename: 'IdempotencyKeyReusedError',
      code: 'IDEMPOTENCY_KEY_REUSED',
      path: ['input', 'idempotencyKey'],
    });
    expect(await written()).toEqual(before);
  });

  test('is each API key’s own', async () => {
    const test = await createInvoice(merchant.test, input);
    const live = await createInvoice(merchant.live, input);
    const owner = await createInvoice(merchant.owner, {
      ...input,
      projectId: merchant.projectId,
      mode: 'TEST',
    });
    expect(new Set([test.id, live.id, owner.id]).size).toBe(3);
  });

  test('keeps no refusal: the corrected request is carried out', async () => {
    expect(await tryInvoice(merchant.test, { amount: '0', idempotencyKey: 'key-2' })).toMatchObject({
      code: 'INVALID_INPUT',
    });
    accepted(await tryInvoice(merchant.test, { amount: '1', idempotencyKey: 'key-2' }), 'Invoice');
  });

  test('used by 20 at once makes one invoice', async () => {
    const before = await written();
    const request = { ...input, idempotencyKey: 'key-3' };
    const created = await Promise.all(
      Array.from({ length: 20 }, () => createInvoice(merchant.test, request)),
    );
    expect(new Set(created.map(({ id }) => id)).size).toBe(1);
    expect(await written()).toEqual({
      invoice: (before['invoice'] ?? 0) + 1,
      event: (before['event'] ?? 0) + 1,
      idempotency_key: (before['idempotency_key'] ?? 0) + 1,
    });
  });
});

describe('an invoice whose time is over', () => {
  test('is ended by the job, once, and no other is', async () => {
    const short = await createInvoice(merchant.test, { lifetimeSeconds: 60 });
    const partial = await createInvoice(merchant.test, { lifetimeSeconds: 60 });
    const paid = await createInvoice(merchant.test, { lifetimeSeconds: 60 });
    const long = await createInvoice(merchant.test, { lifetimeSeconds: 300 });
    const partQuote = await createQuote(merchant.test, partial.id);
    await simulatePayment(merchant.test, partial.id, partQuote.id, '5');
    await simulatePayment(merchant.test, paid.id, (await createQuote(merchant.test, paid.id)).id);
    clock.advance({ seconds: 61 });
    await expired(kit.database.pool, short.id);
    await expired(kit.database.pool, partial.id);
    expect(await invoiceOf(merchant.test, short.id)).toMatchObject({
      status: 'CANCELED',
      exception: 'EXPIRED',
      amountPaid: { amount: '0.00' },
      paidAt: null,
    });
    expect(await eventTypes(kit.database.pool, short.id)).toEqual(['invoice.created', 'invoice.canceled']);
    expect((await eventTypes(kit.database.pool, partial.id)).slice(-2)).toEqual([
      'payment.held',
      'invoice.canceled',
    ]);
    expect(await invoiceOf(merchant.test, paid.id)).toMatchObject({ status: 'PAID', exception: 'NONE' });
    expect(await invoiceOf(merchant.test, long.id)).toMatchObject({ status: 'CREATED', exception: 'NONE' });
  });

  test('takes no quote any more, also before the job looked', async () => {
    const open = await createInvoice(merchant.test, { lifetimeSeconds: 60 });
    clock.advance({ seconds: 60 });
    const before = await rowCounts(kit.database.pool, ['quote']);
    expect(await tryQuote(merchant.test, open.id)).toMatchObject(NOT_OPEN);
    await expired(kit.database.pool, open.id);
    expect(await tryQuote(merchant.test, open.id)).toMatchObject(NOT_OPEN);
    expect(await rowCounts(kit.database.pool, ['quote'])).toEqual(before);
    expect(await cancel(merchant.test, open.id)).toMatchObject(NOT_OPEN);
    expect(await invoiceOf(merchant.test, open.id)).toMatchObject({ exception: 'EXPIRED' });
  });
});

describe('cancelling', () => {
  test('ends an open invoice; again gives the same answer and writes nothing', async () => {
    const { id } = await createInvoice(merchant.test);
    const cancelled = await cancel(merchant.test, id);
    expect(cancelled).toMatchObject({
      __typename: 'Invoice',
      id,
      status: 'CANCELED',
      exception: 'CANCELLED',
    });
    const before = await written();
    expect(await cancel(merchant.test, id)).toEqual(cancelled);
    expect(await written()).toEqual(before);
    expect(await eventTypes(kit.database.pool, id)).toEqual(['invoice.created', 'invoice.canceled']);
    expect(await tryQuote(merchant.test, id)).toMatchObject(NOT_OPEN);
  });

  test('is refused when the invoice is paid, and changes nothing', async () => {
    const { id } = await createInvoice(merchant.test);
    await simulatePayment(merchant.test, id, (await createQuote(merchant.test, id)).id);
    const before = await written();
    expect(await cancel(merchant.test, id)).toMatchObject(NOT_OPEN);
    expect(await invoiceOf(merchant.test, id)).toMatchObject({ status: 'PAID', exception: 'NONE' });
    expect(await written()).toEqual(before);
  });

  test('asked for 20 times at once happens once', async () => {
    const { id } = await createInvoice(merchant.test);
    const answers = await Promise.all(Array.from({ length: 20 }, () => cancel(merchant.test, id)));
    for (const answer of answers)
      expect(answer).toMatchObject({ id, status: 'CANCELED', exception: 'CANCELLED' });
    expect(await eventTypes(kit.database.pool, id)).toEqual(['invoice.created', 'invoice.canceled']);
  });

  test('against a payment at the same moment: one of them wins, and the money is accounted for', async () => {
    for (let round = 0; round < 5; round++) {
      const { id } = await createInvoice(merchant.test);
      const quote = await createQuote(merchant.test, id);
      await Promise.all([cancel(merchant.test, id), simulatePayment(merchant.test, id, quote.id)]);
      const after = await invoiceOf(merchant.test, id);
      const [payment] = after?.payments ?? [];
      const outcome = [after?.status, after?.exception, payment?.status, payment?.exception].join(' ');
      expect(['PAID NONE CREDITED NONE', 'CANCELED CANCELLED CONFIRMED AFTER_CANCEL']).toContain(outcome);
    }
  });
});
