import { beforeEach, describe, expect, test } from 'vitest';
import { accepted, type ApiClient } from '../../../src/demo/api-client.ts';
import { openMerchant, type DemoMerchant } from '../../../src/demo/merchant.ts';
import { ATTEMPT_LIMITS } from '../../../src/domain/access/attempt-limits.ts';
import * as operations from '../../../src/generated/documents.ts';
import { eventTypes, globalIdOf, rowCounts, rowIdOf } from '../../testkit/facts.ts';
import { attempt } from '../../testkit/outcome.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { balancesOf, createInvoice, createQuote, simulatePayment } from '../../testkit/shop.ts';
import { forgetAttempts, join, stepUp } from '../../testkit/team.ts';
import { make } from '../api-key/key-shop.ts';
import { createLink, disable, enable, pay, tryChange, tryLink, tryPay } from './link-shop.ts';

const kit = usePlatform();
const NOWHERE = globalIdOf('PaymentLink', '019a0000-0000-7000-8000-000000000000');

let merchant: DemoMerchant;
/** The API with a key that stands in the shop's page for all to see. */
let page: ApiClient;
let merchants = 0;
beforeEach(async () => {
  merchants += 1;
  merchant = await openMerchant(kit.platform, `ada${merchants}@shop.example`);
  page = kit.platform.api.as(await pageKey());
});
const pageKey = async (mode: 'TEST' | 'LIVE' = 'TEST') =>
  (await make(merchant.owner, { projectId: merchant.projectId, mode, kind: 'PUBLISHABLE' })).secret;

const counts = () => rowCounts(kit.database.pool, ['payment_link', 'invoice', 'idempotency_key', 'event']);
async function unchanged(work: () => Promise<void>): Promise<void> {
  const before = await counts();
  await work();
  expect(await counts()).toEqual(before);
}
const linkOf = async (api: ApiClient, id: string) =>
  (await api.send(operations.PaymentLinkDocument, { id })).paymentLink;
const invoiceOf = async (api: ApiClient, id: string) =>
  (await api.send(operations.InvoiceOfLinkDocument, { id })).invoice;

describe('a payment link', () => {
  test('is made, changed, disabled and enabled, each told once', async () => {
    const link = await createLink(merchant.test, {
      title: '  Support us ',
      description: 'Any amount\nhelps.',
      minimumAmount: '2',
      maximumAmount: '500.5',
      returnUrl: 'https://shop.example/thanks',
    });
    expect(link).toMatchObject({
      mode: 'TEST',
      url: expect.stringMatching(new RegExp(`^http.*[^/]/l/${rowIdOf(link.id)}$`)),
      title: 'Support us',
      description: 'Any amount\nhelps.',
      currency: 'EUR',
      minimumAmount: { amount: '2.00' },
      maximumAmount: { amount: '500.50' },
      returnUrl: 'https://shop.example/thanks',
      disabledAt: null,
    });
    // What is left out stays, null takes away.
    expect(await tryChange(merchant.test, link.id, { title: 'New', maximumAmount: null })).toEqual({
      ...link,
      title: 'New',
      maximumAmount: null,
    });
    expect(await tryChange(merchant.test, link.id, {})).toMatchObject({ title: 'New' });
    const disabled = await Promise.all(Array.from({ length: 10 }, () => disable(merchant.test, link.id)));
    expect(new Set(disabled.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(disabled[0]).toMatchObject({ disabledAt: expect.any(String) });
    await Promise.all(Array.from({ length: 10 }, () => enable(merchant.test, link.id)));
    expect(await linkOf(merchant.test, link.id)).toMatchObject({
      title: 'New',
      disabledAt: null,
      project: { id: merchant.projectId },
    });
    expect(await eventTypes(kit.database.pool, link.id)).toEqual([
      'payment_link.created',
      'payment_link.updated',
      'payment_link.disabled',
      'payment_link.enabled',
    ]);
  });

  test('that two change at once keeps both changes, and bounds that fit', async () => {
    const link = await createLink(merchant.test, { minimumAmount: '10', maximumAmount: '20' });
    const answers = await Promise.all([
      tryChange(merchant.test, link.id, { title: 'One' }),
      tryChange(merchant.test, link.id, { description: 'Two' }),
      tryChange(merchant.test, link.id, { minimumAmount: '15' }),
      tryChange(merchant.test, link.id, { maximumAmount: '12' }),
    ]);
    expect(answers.slice(0, 2).every((answer) => answer.__typename === 'PaymentLink')).toBe(true);
    const [low, high] = answers.slice(2).map((answer) => answer.__typename);
    expect(new Set([low, high])).toEqual(new Set(['InvalidInputError', 'PaymentLink']));
    expect(await linkOf(merchant.test, link.id)).toMatchObject({
      title: 'One',
      description: 'Two',
      minimumAmount: { amount: low === 'PaymentLink' ? '15.00' : '10.00' },
      maximumAmount: { amount: high === 'PaymentLink' ? '12.00' : '20.00' },
    });
  });

  test('is refused with what it cannot have, and nothing is written', async () => {
    const link = await createLink(merchant.test, { minimumAmount: '2' });
    const bad = [
      ['title', ''],
      ['title', '   '],
      ['title', 'x'.repeat(101)],
      ['title', 'two\nlines'],
      ['description', ''],
      ['description', 'x'.repeat(1001)],
      ['description', 'nul\u0000'],
      ['minimumAmount', '0'],
      ['minimumAmount', '-1'],
      ['maximumAmount', '1.001'],
      ['maximumAmount', '9'.repeat(40)],
    ] as const;
    await unchanged(async () => {
      for (const [field, value] of bad) {
        const refused = { code: 'INVALID_INPUT', path: ['input', field] };
        expect(await tryLink(merchant.test, { [field]: value }), `${field} ${value}`).toMatchObject(refused);
        expect(await tryChange(merchant.test, link.id, { [field]: value })).toMatchObject(refused);
      }
      const upsideDown = { code: 'INVALID_INPUT', path: ['input', 'minimumAmount'] };
      expect(await tryLink(merchant.test, { minimumAmount: '3', maximumAmount: '2.99' })).toMatchObject(
        upsideDown,
      );
      expect(await tryChange(merchant.test, link.id, { maximumAmount: '1.99' })).toMatchObject(upsideDown);
      expect(await tryChange(merchant.test, link.id, { title: null })).toMatchObject({
        code: 'INVALID_INPUT',
        path: ['input', 'title'],
      });
    });
  });

  test('of an archived or blocked project is not made', async () => {
    const { pool } = kit.database;
    const id = rowIdOf(merchant.projectId);
    await pool.query(`UPDATE project SET moderation = 'BLOCKED' WHERE id = $1`, [id]);
    await unchanged(async () => {
      expect(await tryLink(merchant.live)).toMatchObject({ code: 'PROJECT_NOT_ACTIVE' });
    });
    const link = await createLink(merchant.test);
    await pool.query('UPDATE project SET archived_at = now() WHERE id = $1', [id]);
    await unchanged(async () => {
      expect(await tryLink(merchant.test)).toMatchObject({ code: 'PROJECT_NOT_ACTIVE' });
      expect(await tryPay(page, link.id)).toMatchObject({ code: 'PROJECT_NOT_ACTIVE' });
    });
    expect(await disable(merchant.test, link.id)).toMatchObject({ disabledAt: expect.any(String) });
  });
});

describe('paying by a link', () => {
  test('makes an invoice that a payer with nothing but the page can pay', async () => {
    const link = await createLink(merchant.test, {
      currency: 'USD',
      returnUrl: 'https://shop.example/thanks',
    });
    const made = await pay(page, link.id, { amount: '7.5', customerEmail: ' eve@payer.example ' });
    expect(made).toMatchObject({ amount: { amount: '7.50', currency: { code: 'USD' } } });
    // The page may not read invoices, only ask for a quote.
    expect(await invoiceOf(page, made.invoiceId)).toBeNull();
    expect(await linkOf(page, link.id)).toBeNull();
    const quote = await createQuote(page, made.invoiceId);
    expect(await invoiceOf(merchant.test, made.invoiceId)).toMatchObject({
      status: 'CREATED',
      description: 'Buy us a coffee',
      customerEmail: 'eve@payer.example',
      returnUrl: 'https://shop.example/thanks',
      expiresAt: made.expiresAt,
      amount: { amount: '7.50' },
      paymentLink: { id: link.id, title: link.title },
    });
    await simulatePayment(merchant.test, made.invoiceId, quote.id);
    expect(await balancesOf(merchant.test)).toEqual({ USDT: ['0.000000', '7.500000', '0.000000'] });
    expect(await eventTypes(kit.database.pool, made.invoiceId)).toEqual([
      'invoice.created',
      'invoice.quoted',
      'payment.detected',
      'invoice.confirming',
      'payment.credited',
      'invoice.paid',
    ]);
    const plain = await createInvoice(merchant.test);
    expect(await invoiceOf(merchant.test, plain.id)).toMatchObject({ paymentLink: null });
  });

  test('takes amounts within the bounds, both included', async () => {
    const link = await createLink(merchant.test, { minimumAmount: '2', maximumAmount: '10' });
    for (const amount of ['2', '10.00', '3.33']) await pay(page, link.id, { amount });
    await unchanged(async () => {
      for (const amount of ['1.99', '10.01', '0', '-5', '2.001']) {
        expect(await tryPay(page, link.id, { amount })).toMatchObject({
          code: 'INVALID_INPUT',
          path: ['input', 'amount'],
        });
      }
      expect(await tryPay(page, link.id, { amount: '1.99' })).toMatchObject({
        message: 'This link takes at least 2.00 EUR and at most 10.00 EUR.',
      });
      expect(await tryPay(page, link.id, { customerEmail: 'nobody' })).toMatchObject({
        code: 'INVALID_INPUT',
        path: ['input', 'customerEmail'],
      });
    });
  });

  test('is refused while the link is disabled', async () => {
    const link = await createLink(merchant.test, { currency: 'USD' });
    const open = await pay(page, link.id);
    await disable(merchant.test, link.id);
    await unchanged(async () => {
      expect(await tryPay(page, link.id)).toMatchObject({
        code: 'WRONG_STATE',
        path: ['input', 'paymentLinkId'],
      });
    });
    // What was begun can be paid.
    expect(await createQuote(page, open.invoiceId)).toMatchObject({ amount: { amount: '5.000000' } });
    await enable(merchant.test, link.id);
    await pay(page, link.id);
  });

  test('and disabling at once: no invoice is made behind it', async () => {
    const link = await createLink(merchant.test);
    const tries = Array.from({ length: 20 }, () => tryPay(page, link.id));
    const [answers] = await Promise.all([Promise.all(tries), disable(merchant.test, link.id)]);
    const made = answers.filter((answer) => answer.__typename === 'PaymentLinkPayPayload');
    for (const answer of answers) {
      expect(['PaymentLinkPayPayload', 'WrongStateError']).toContain(answer.__typename);
    }
    const { rows } = await kit.database.pool.query<{ made: number }>(
      'SELECT count(*)::int AS made FROM invoice WHERE payment_link_id = $1',
      [rowIdOf(link.id)],
    );
    expect(rows[0]?.made).toBe(made.length);
  });

  test('with an idempotency key makes one invoice, whatever happens to the link meanwhile', async () => {
    const link = await createLink(merchant.test);
    const key = { idempotencyKey: crypto.randomUUID() };
    const first = await Promise.all(Array.from({ length: 10 }, () => pay(page, link.id, key)));
    expect(new Set(first.map((answer) => JSON.stringify(answer))).size).toBe(1);
    await tryChange(merchant.test, link.id, { title: 'Another', returnUrl: 'https://shop.example/other' });
    expect(await pay(page, link.id, key)).toEqual(first[0]);
    await unchanged(async () => {
      for (const other of [{ amount: '6' }, { customerEmail: 'eve@payer.example' }]) {
        expect(await tryPay(page, link.id, { ...key, ...other })).toMatchObject({
          code: 'IDEMPOTENCY_KEY_REUSED',
          path: ['input', 'idempotencyKey'],
        });
      }
    });
    // A key of invoiceCreate is another thing.
    await createInvoice(merchant.test, key);
    expect((await pay(page, link.id, { idempotencyKey: crypto.randomUUID() })).invoiceId).not.toBe(
      first[0]?.invoiceId,
    );
  });

  test('is limited for whoever reads the key of a page, not for the shop', async () => {
    const link = await createLink(merchant.test);
    await forgetAttempts(kit);
    const [{ max }] = ATTEMPT_LIMITS.link_payment;
    const answers = await Promise.all(
      Array.from({ length: max + 5 }, () =>
        attempt(operations.PaymentLinkPayDocument, { input: { paymentLinkId: link.id, amount: '1' } })(page),
      ),
    );
    const refused = answers.filter((answer) => 'errors' in answer);
    expect(refused).toHaveLength(5);
    expect(refused[0]).toMatchObject({ errors: [{ code: 'RATE_LIMITED' }] });
    await pay(merchant.test, link.id);
    await forgetAttempts(kit);
  });
});

describe('whose it is not', () => {
  test('sees and does nothing: it looks like a link that does not exist', async () => {
    const stranger = await openMerchant(kit.platform, `eve${merchants}@other.example`);
    const link = await createLink(merchant.test);
    const livePage = kit.platform.api.as(await pageKey('LIVE'));
    const reader = kit.platform.api.as(
      (await make(merchant.owner, { projectId: merchant.projectId, scopes: ['INVOICE_READ'] })).secret,
    );
    const notFound = { code: 'NOT_FOUND', path: ['input', 'paymentLinkId'] };
    await unchanged(async () => {
      for (const caller of [stranger.owner, stranger.test, merchant.live, livePage, reader]) {
        for (const id of [link.id, NOWHERE]) {
          expect(await tryPay(caller, id)).toMatchObject(notFound);
          expect(await tryChange(caller, id, { title: 'Mine' })).toMatchObject(notFound);
          expect(await disable(caller, id)).toMatchObject(notFound);
          expect(await enable(caller, id)).toMatchObject(notFound);
        }
      }
      for (const caller of [stranger.owner, stranger.test, merchant.live, livePage, page]) {
        expect(await linkOf(caller, link.id)).toBeNull();
        expect((await caller.send(operations.NodeDocument, { id: link.id })).node).toBeNull();
        const { projectId } = merchant;
        expect(await attempt(operations.PaymentLinksDocument, { projectId, mode: 'TEST' })(caller)).toEqual({
          errors: [expect.objectContaining({ code: 'INVALID_INPUT' })],
        });
      }
      expect(await tryLink(page)).toMatchObject({ code: 'NOT_FOUND' });
    });
  });

  test('is a member who is let into another project only', async () => {
    const { projectCreate } = await merchant.owner.send(operations.ProjectCreateDocument, {
      input: { merchantId: merchant.merchantId, name: 'Closed' },
    });
    const closed = accepted(projectCreate, 'Project').id;
    const hidden = await createLink(merchant.owner, { projectId: closed, mode: 'TEST' });
    const open = await createLink(merchant.test);
    await stepUp(kit, merchant.email);
    const { api } = await join(kit, merchant, `sup${merchants}@shop.example`, {
      role: 'SUPPORT',
      projectIds: [merchant.projectId],
    });
    expect(await linkOf(api, open.id)).toMatchObject({ id: open.id });
    expect(await linkOf(api, hidden.id)).toBeNull();
    await unchanged(async () => {
      expect(await disable(api, hidden.id)).toMatchObject({ code: 'NOT_FOUND' });
      expect(await tryPay(api, hidden.id)).toMatchObject({ code: 'NOT_FOUND' });
    });
    expect(await disable(api, open.id)).toMatchObject({ id: open.id });
  });
});

test('the list goes from the newest to the oldest and tells the disabled ones', async () => {
  const ids: string[] = [];
  for (let n = 0; n < 5; n++) ids.unshift((await createLink(merchant.test)).id);
  await createLink(merchant.live);
  await disable(merchant.test, ids[1] ?? '');
  const listed = async (variables: operations.PaymentLinksQueryVariables) => {
    const { paymentLinks } = await merchant.test.send(operations.PaymentLinksDocument, variables);
    return paymentLinks;
  };
  const idsOf = async (variables: operations.PaymentLinksQueryVariables) =>
    (await listed(variables)).edges.map((edge) => edge.node.id);
  expect(await idsOf({})).toEqual(ids);
  expect(await idsOf({ disabled: true })).toEqual([ids[1]]);
  expect(await idsOf({ disabled: false })).toEqual(ids.filter((id) => id !== ids[1]));
  const { pageInfo } = await listed({ first: 2 });
  const after = pageInfo.endCursor ?? null;
  expect(await idsOf({ first: 2, after })).toEqual(ids.slice(2, 4));
  expect(await idsOf({ last: 2 })).toEqual(ids.slice(3));
  expect(await attempt(operations.PaymentLinksDocument, { after, disabled: true })(merchant.test)).toEqual({
    errors: [expect.objectContaining({ code: 'INVALID_INPUT' })],
  });
});
