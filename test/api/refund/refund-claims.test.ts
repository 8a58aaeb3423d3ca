import { beforeEach, describe, expect, test } from 'vitest';
import { createReboundStore } from '../../../src/adapters/db/rebound-store.ts';
import { createRefundCourseReads } from '../../../src/adapters/db/refund-course-reads.ts';
import { createRefundStore } from '../../../src/adapters/db/refund-store.ts';
import { uuidSource } from '../../../src/adapters/system/uuid-source.ts';
import { accepted } from '../../../src/demo/api-client.ts';
import type { DemoMerchant } from '../../../src/demo/merchant.ts';
import * as operations from '../../../src/generated/documents.ts';
import { expectLedgerInBalance } from '../../fault/ledger-checks.ts';
import { claimsExpire } from '../../../src/usecases/claim/claims-expire.ts';
import { eventTypes } from '../../testkit/facts.ts';
import { createMovableClock } from '../../testkit/movable-clock.ts';
import { openShop } from '../../testkit/open-shop.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { forgetAttempts } from '../../testkit/team.ts';
import {
  ADDRESS,
  balanceOf,
  claim,
  claimLink,
  endPayout,
  paidInvoice,
  post,
  refund,
  refundsOf,
  signedInAnew,
  claimed,
} from './refund-shop.ts';

const clock = createMovableClock();
const kit = usePlatform({ overrides: { clock } });

let merchant: DemoMerchant;
let payer: string;
let merchants = 0;
beforeEach(async () => {
  merchants += 1;
  payer = `payer${merchants}@claims.example`;
  merchant = await openShop(kit, `ada${merchants}@shop.example`, clock.now());
  await forgetAttempts(kit);
});

async function asked() {
  const invoiceId = await paidInvoice(merchant.test, { customerEmail: payer });
  const { id } = await refund(merchant.owner, { invoiceId, amount: '50' });
  return { invoiceId, id, link: await claimLink(kit, payer) };
}

const expire = () => {
  const { pool } = kit.database;
  return claimsExpire({
    refunds: createRefundStore(pool, uuidSource),
    rebounds: createReboundStore(pool, uuidSource),
    reads: createRefundCourseReads(pool),
    ids: uuidSource,
    clock,
    feed: { poke: () => undefined },
  })();
};

const usdt = () => balanceOf(kit.database.pool, merchant.merchantId, 'USDT');
const only = async (invoiceId: string) => (await refundsOf(merchant.owner, invoiceId))[0];

const payerHears = (words: string) =>
  expect
    .poll(
      () =>
        kit.platform.mail.mails
          .filter(({ recipients }) => recipients.includes(payer))
          .map(({ parsed }) => parsed.text),
      { timeout: 10_000 },
    )
    .toContainEqual(expect.stringContaining(words));

describe('the link of a refund', () => {
  test('takes an address in two steps, and the payout follows', async () => {
    const { invoiceId, id, link } = await asked();
    const opened = await fetch(link);
    expect([opened.status, opened.headers.get('content-security-policy')]).toEqual([
      200,
      expect.stringContaining("default-src 'none'"),
    ]);
    const text = await opened.text();
    expect(text).toContain('Corner Shop online');
    expect(text).not.toContain('<script');
    const looked = await post(link, { address: ADDRESS.toLowerCase() });
    expect([looked.status, await looked.text()]).toEqual([200, expect.stringContaining(ADDRESS)]);
    expect(await only(invoiceId)).toMatchObject({ status: 'PREPARED', address: null, payout: null });

    const pressed = await claim(link);
    expect([pressed.status, await pressed.text()]).toEqual([
      200,
      expect.stringContaining('Your address is noted'),
    ]);
    await expect
      .poll(() => only(invoiceId), { timeout: 10_000 })
      .toMatchObject({ address: ADDRESS, payout: { status: 'QUEUED', address: ADDRESS } });
    const before = await usdt();
    expect(before.held).toBeGreaterThan(0n);
    await endPayout(kit.database.pool, id, 'CONFIRMED');
    await expect.poll(async () => (await only(invoiceId))?.status, { timeout: 10_000 }).toBe('SUCCEEDED');
    expect(await usdt()).toEqual({ available: before.available, held: 0n });
    await expectLedgerInBalance(kit.database.pool);
    await payerHears('has reached the address that you named');
  });

  test('works once, also for ten at the same time', async () => {
    const { invoiceId, id, link } = await asked();
    const answers = await Promise.all(Array.from({ length: 10 }, () => claim(link)));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      200,
      ...Array.from({ length: 9 }, () => 410),
    ]);
    expect((await fetch(link)).status).toBe(410);
    expect((await claim(link, '0x000000000000000000000000000000000000dEaD')).status).toBe(410);
    await expect.poll(async () => (await only(invoiceId))?.payout, { timeout: 10_000 }).not.toBeNull();
    const { rows } = await kit.database.pool.query('SELECT address FROM payout WHERE source_id IS NOT NULL');
    expect(rows.filter(({ address }) => address === ADDRESS).length).toBeGreaterThan(0);
    const { refundCancel } = await merchant.owner.send(operations.RefundCancelDocument, {
      input: { refundId: id },
    });
    expect(refundCancel).toMatchObject({ code: 'WRONG_STATE' });
  });

  test.each([
    ['of another network', 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4'],
    ['with a typing mistake', '0x71C7656EC7ab88b098defB751B7401B5f6d8976f'],
    ['that is markup', '"><script>alert(1)</script>'],
    ['that is nothing', ''],
  ])('takes no address %s', async (_name, address) => {
    const { invoiceId, link } = await asked();
    const refused = await claim(link, address);
    expect(refused.status).toBe(422);
    expect(await refused.text()).not.toContain('<script');
    expect(await only(invoiceId)).toMatchObject({ status: 'PREPARED', address: null });
    expect((await claim(link)).status).toBe(200);
  });

  test('ends after 30 days, and another one can be sent', async () => {
    const { id, link } = await asked();
    clock.advance({ hours: 24 * 30, seconds: 1 });
    expect((await fetch(link)).status).toBe(410);
    expect((await claim(link)).status).toBe(410);
    const owner = await signedInAnew(kit, merchant.email, clock.now());
    const listed = async (claimExpired: boolean) =>
      (
        await owner.send(operations.RefundsByClaimDocument, { projectId: merchant.projectId, claimExpired })
      ).refunds.edges.map(({ node }) => node);
    expect(await listed(true)).toEqual([]);
    // Twice, and at the same time: members hear of it once.
    await Promise.all([expire(), expire()]);
    await expire();
    expect(await listed(true)).toEqual([{ id, claimExpired: true }]);
    expect(await listed(false)).toEqual([]);
    const told = async () =>
      (await eventTypes(kit.database.pool, id)).filter((type) => type === 'refund.claim_expired').length;
    expect(await told()).toBe(1);
    const { refundClaimResend } = await owner.send(operations.RefundClaimResendDocument, {
      input: { refundId: id },
    });
    accepted(refundClaimResend, 'Refund');
    expect(await listed(false)).toEqual([{ id, claimExpired: false }]);
    await expire();
    expect(await told()).toBe(1);
    await claimed(kit, payer);
  });

  test('is replaced by the one that is sent again', async () => {
    const { id, link } = await asked();
    const { refundClaimResend } = await merchant.owner.send(operations.RefundClaimResendDocument, {
      input: { refundId: id },
    });
    accepted(refundClaimResend, 'Refund');
    const next = await claimLink(kit, payer);
    expect(next).not.toBe(link);
    expect((await claim(link)).status).toBe(410);
    expect((await claim(next)).status).toBe(200);
  });

  test('stays good when the request that sent it is repeated with its key', async () => {
    const { id } = await asked();
    const resend = async (more: object = {}) =>
      (
        await merchant.owner.send(operations.RefundClaimResendDocument, {
          input: { refundId: id, idempotencyKey: 'again', ...more },
        })
      ).refundClaimResend;
    const answers = await Promise.all(Array.from({ length: 3 }, () => resend()));
    await forgetAttempts(kit);
    for (const answer of [...answers, await resend()]) expect(accepted(answer, 'Refund').id).toBe(id);
    const sent = (await eventTypes(kit.database.pool, id)).filter((type) => type === 'refund.claim_sent');
    expect(sent).toHaveLength(2);
    expect(await resend({ email: payer })).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
    accepted(await resend({ idempotencyKey: 'once more' }), 'Refund');
  });

  test('of a cancelled refund works no more', async () => {
    const { id, link } = await asked();
    const { refundCancel } = await merchant.owner.send(operations.RefundCancelDocument, {
      input: { refundId: id },
    });
    accepted(refundCancel, 'Refund');
    expect((await claim(link)).status).toBe(410);
  });

  test('of nobody is answered like a used one', async () => {
    const { link } = await asked();
    await claim(link);
    const used = await (await fetch(link)).text();
    const [path] = link.split('/refund/');
    for (const token of ['x', 'A'.repeat(43), '..%2f..%2fetc', '"><script>'])
      expect(await (await fetch(`${path}/refund/${encodeURIComponent(token)}`)).text()).toBe(used);
  });
});

test('a refund whose payout fails gives everything back', async () => {
  const invoiceId = await paidInvoice(merchant.test, { customerEmail: payer });
  const before = await usdt();
  const { id } = await refund(merchant.owner, { invoiceId });
  await claimed(kit, payer);
  await expect.poll(async () => (await only(invoiceId))?.payout, { timeout: 10_000 }).not.toBeNull();
  await endPayout(kit.database.pool, id, 'FAILED');
  await expect
    .poll(() => only(invoiceId), { timeout: 10_000 })
    .toMatchObject({ status: 'FAILED', failure: 'TRANSFER_REFUSED' });
  expect(await usdt()).toEqual(before);
  await expectLedgerInBalance(kit.database.pool);
  await payerHears('does not send you');
});
