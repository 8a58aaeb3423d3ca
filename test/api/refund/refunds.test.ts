import { beforeEach, describe, expect, test } from 'vitest';
import { accepted } from '../../../src/demo/api-client.ts';
import type { DemoMerchant } from '../../../src/demo/merchant.ts';
import * as operations from '../../../src/generated/documents.ts';
import { expectLedgerInBalance } from '../../fault/ledger-checks.ts';
import { eventTypes, rowCounts, rowIdOf } from '../../testkit/facts.ts';
import { createMovableClock } from '../../testkit/movable-clock.ts';
import { openShop } from '../../testkit/open-shop.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { createInvoice } from '../../testkit/shop.ts';
import { forgetAttempts } from '../../testkit/team.ts';
import {
  balanceOf,
  claimLinks,
  drain,
  paidInvoice,
  refund,
  refundsOf,
  signedInAnew,
  tryRefund,
} from './refund-shop.ts';

const clock = createMovableClock();
/** What this gateway has no settings of. */
const unset = new Set<string>();
const kit = usePlatform({ overrides: { clock, canSend: (network) => !unset.has(network) } });

let merchant: DemoMerchant;
let merchants = 0;
beforeEach(async () => {
  merchants += 1;
  merchant = await openShop(kit, `grace${merchants}@shop.example`, clock.now());
  await forgetAttempts(kit);
});

const usdt = () => balanceOf(kit.database.pool, merchant.merchantId, 'USDT');
const written = () => rowCounts(kit.database.pool, ['refund', 'event', 'posting', 'idempotency_key']);
const cancelled = async (refundId: string) =>
  (await merchant.owner.send(operations.RefundCancelDocument, { input: { refundId } })).refundCancel;

describe('a refund', () => {
  test('in full sets all that was captured aside, with its rate, and asks the payer', async () => {
    const invoiceId = await paidInvoice(merchant.test, { customerEmail: 'cara@full.example' });
    const before = await usdt();
    const made = await refund(merchant.owner, { invoiceId, reason: 'DUPLICATE', description: 'Order 7' });
    expect(made).toMatchObject({
      status: 'PREPARED',
      amount: { amount: '100.00', currency: { code: 'USD' } },
      debitAmount: { currency: { code: 'USDT' } },
      reason: 'DUPLICATE',
      description: 'Order 7',
      customerEmail: 'cara@full.example',
      address: null,
    });
    expect(Number(made.rate)).toBeGreaterThan(0);
    expect(made.rateSource).not.toBe('');
    const after = await usdt();
    expect(after.held).toBeGreaterThan(0n);
    expect(before.available - after.available).toBe(after.held);
    expect(await claimLinks(kit, 'cara@full.example')).toHaveLength(1);
    expect(await eventTypes(kit.database.pool, made.id)).toEqual([
      'refund.requested',
      'refund.prepared',
      'refund.claim_sent',
    ]);
    await expectLedgerInBalance(kit.database.pool);
  });

  test('of a payer whose address is not known waits until somebody names it', async () => {
    const invoiceId = await paidInvoice(merchant.test);
    const { id, status } = await refund(merchant.owner, { invoiceId, amount: '10' });
    expect(status).toBe('PENDING');
    const { refundClaimResend: unnamed } = await merchant.owner.send(operations.RefundClaimResendDocument, {
      input: { refundId: id },
    });
    expect(unnamed).toMatchObject({ code: 'INVALID_INPUT', path: ['input', 'email'] });
    const { refundClaimResend } = await merchant.owner.send(operations.RefundClaimResendDocument, {
      input: { refundId: id, email: 'dan@named.example' },
    });
    expect(accepted(refundClaimResend, 'Refund')).toMatchObject({
      status: 'PREPARED',
      customerEmail: 'dan@named.example',
    });
    expect(await claimLinks(kit, 'dan@named.example')).toHaveLength(1);
  });

  test('in parts comes to what was captured and not to a cent more', async () => {
    const invoiceId = await paidInvoice(merchant.test);
    await refund(merchant.owner, { invoiceId, amount: '60' });
    const before = await written();
    for (const amount of ['40.01', '100', '1000000'])
      expect(await tryRefund(merchant.owner, { invoiceId, amount })).toMatchObject({
        code: 'LIMIT_REACHED',
        path: ['input', 'amount'],
      });
    expect(await written()).toEqual(before);
    expect(await refund(merchant.owner, { invoiceId })).toMatchObject({ amount: { amount: '40.00' } });
    expect(await tryRefund(merchant.owner, { invoiceId })).toMatchObject({ code: 'LIMIT_REACHED' });
  });

  test('asked for by twenty at once never comes to more than was captured', async () => {
    const invoiceId = await paidInvoice(merchant.test);
    await paidInvoice(merchant.test);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => tryRefund(merchant.owner, { invoiceId, amount: '30' })),
    );
    expect(answers.filter(({ __typename }) => __typename === 'Refund')).toHaveLength(3);
    expect(answers.filter((answer) => 'code' in answer && answer.code === 'LIMIT_REACHED')).toHaveLength(17);
    expect(await refundsOf(merchant.owner, invoiceId)).toHaveLength(3);
    await expectLedgerInBalance(kit.database.pool);
  });

  test('goes over a network that the gateway still sends over', async () => {
    const invoiceId = await paidInvoice(merchant.test);
    const { pool } = kit.database;
    // As if it had been paid with real money.
    await pool.query(`UPDATE invoice SET mode = 'LIVE' WHERE id = $1`, [rowIdOf(invoiceId)]);
    await pool.query('UPDATE session SET second_factor_at = $1, stepped_up_at = $1', [clock.now()]);
    const { rows } = await pool.query<{ network: string }>(
      'SELECT network FROM payment WHERE invoice_id = $1',
      [rowIdOf(invoiceId)],
    );
    const network = rows[0]?.network ?? '';
    unset.add(network);
    const before = await written();
    expect(await tryRefund(merchant.owner, { invoiceId })).toMatchObject({
      code: 'WRONG_STATE',
      message: expect.stringContaining(`does not send USDT over ${network}`),
    });
    expect(await written()).toEqual(before);
    unset.clear();
  });

  test('takes nothing that the balance has not', async () => {
    const invoiceId = await paidInvoice(merchant.test, { amount: '100' });
    await drain(kit.database.pool, merchant, (await usdt()).available - 1n);
    const before = await written();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => tryRefund(merchant.owner, { invoiceId, amount: '1' })),
    );
    expect(answers).toEqual(answers.map(() => expect.objectContaining({ code: 'BALANCE_SHORT' })));
    expect(await written()).toEqual(before);
    expect((await usdt()).available).toBe(1n);
  });

  test('is given again by its key for ever, and by no other input', async () => {
    const invoiceId = await paidInvoice(merchant.test);
    const input = { invoiceId, idempotencyKey: 'refund-1' };
    const answers = await Promise.all(Array.from({ length: 10 }, () => refund(merchant.owner, input)));
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    clock.advance({ hours: 24 * 400 });
    const later = await signedInAnew(kit, merchant.email, clock.now());
    expect((await refund(later, input)).id).toBe(answers[0]?.id);
    expect(await tryRefund(later, { ...input, amount: '1' })).toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
    });
    expect(await refundsOf(later, invoiceId)).toHaveLength(1);
  });

  test('that is cancelled gives the same back and can be made again', async () => {
    const invoiceId = await paidInvoice(merchant.test, { customerEmail: 'eve@cancelled.example' });
    const before = await usdt();
    const { id } = await refund(merchant.owner, { invoiceId });
    expect(accepted(await cancelled(id), 'Refund').status).toBe('CANCELLED');
    expect(accepted(await cancelled(id), 'Refund').status).toBe('CANCELLED');
    expect(await usdt()).toEqual(before);
    expect(await refund(merchant.owner, { invoiceId })).toMatchObject({ amount: { amount: '100.00' } });
    await expectLedgerInBalance(kit.database.pool);
  });

  test('of an invoice that nothing was captured of is refused', async () => {
    const { id: invoiceId } = await createInvoice(merchant.test);
    expect(await tryRefund(merchant.owner, { invoiceId })).toMatchObject({ code: 'LIMIT_REACHED' });
    expect(await tryRefund(merchant.owner, { invoiceId, amount: '1' })).toMatchObject({
      code: 'LIMIT_REACHED',
    });
  });

  test("of an acquirer's invoice names its sub-merchant", async () => {
    const invoiceId = await paidInvoice(merchant.test, { subMerchantId: 'shop_7' });
    for (const subMerchantId of [undefined, 'shop_8'])
      expect(
        await tryRefund(merchant.owner, { invoiceId, ...(subMerchantId ? { subMerchantId } : {}) }),
      ).toMatchObject({ code: 'INVALID_INPUT', path: ['input', 'subMerchantId'] });
    expect(await refund(merchant.owner, { invoiceId, subMerchantId: 'shop_7' })).toMatchObject({
      subMerchantId: 'shop_7',
    });
  });

  test.each(['0', '-1', '1.001', 'x', '1e3'])('of %j is refused', async (amount) => {
    const invoiceId = await paidInvoice(merchant.test);
    const answer = tryRefund(merchant.owner, { invoiceId, amount });
    const code = await answer.then(
      (made) => ('code' in made ? made.code : made.__typename),
      () => 'INVALID_INPUT',
    );
    expect(code).toBe('INVALID_INPUT');
  });

  test('is nobody else’s to make, and needs a scope that a key is not given by itself', async () => {
    const invoiceId = await paidInvoice(merchant.test);
    const stranger = await openShop(kit, `stranger${merchants}@shop.example`, clock.now());
    for (const api of [stranger.owner, stranger.test, merchant.test, merchant.live])
      expect(await tryRefund(api, { invoiceId })).toMatchObject({ code: 'NOT_FOUND' });
    expect(await refundsOf(merchant.owner, invoiceId)).toEqual([]);
  });
});
