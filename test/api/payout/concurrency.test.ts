import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createDepositStore } from '../../../src/adapters/db/deposit-store.ts';
import { createInvoiceStore } from '../../../src/adapters/db/invoice-store.ts';
import { createRefundStore } from '../../../src/adapters/db/refund-store.ts';
import { createReboundStore } from '../../../src/adapters/db/rebound-store.ts';
import { createPayoutStore } from '../../../src/adapters/db/payout-store.ts';
import { createFixedRates } from '../../../src/adapters/rates/fixed-rates.ts';
import { jitteredPause } from '../../../src/adapters/system/jittered-pause.ts';
import { uuidSource } from '../../../src/adapters/system/uuid-source.ts';
import { accepted } from '../../../src/demo/api-client.ts';
import type { DemoMerchant } from '../../../src/demo/merchant.ts';
import type { AutoWithdrawal } from '../../../src/domain/payout/auto-withdrawal.ts';
import * as operations from '../../../src/generated/documents.ts';
import { createInvoiceWriting } from '../../../src/usecases/invoice/invoice-writing.ts';
import { paymentOrphan } from '../../../src/usecases/payment/payment-orphan.ts';
import { sourceStands } from '../../../src/usecases/payout/source-stands.ts';
import { TEST_BLOCK } from '../../../src/usecases/payment/test-payment-simulate.ts';
import { expectLedgerInBalance } from '../../fault/ledger-checks.ts';
import { rowIdOf } from '../../testkit/facts.ts';
import { createMovableClock } from '../../testkit/movable-clock.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { sessionRow } from '../../testkit/sessions.ts';
import { createInvoice, createQuote, simulatePayment } from '../../testkit/shop.ts';
import { forgetAttempts } from '../../testkit/team.ts';
import { bookAvailable } from '../payout-rules/fiat-shop.ts';
import { claim, claimLink, paidInvoice, refund, refundsOf, tryRefund } from '../refund/refund-shop.ts';
import {
  batch,
  callOff,
  openPayoutShop,
  PAYEE,
  payout,
  requestOf,
  simulateEnd,
  traces,
  tryPayout,
  turnLive,
  usdtOf,
} from './payout-shop.ts';

const clock = createMovableClock();
const kit = usePlatform({ overrides: { clock } });

let shop: DemoMerchant;
beforeAll(async () => {
  shop = await openPayoutShop(kit, clock, 'ada@crowd.example');
});
beforeEach(() => forgetAttempts(kit));

const live = () => usdtOf(kit.database.pool, shop.merchantId);
const play = () => usdtOf(kit.database.pool, shop.merchantId, 'TEST');
const soon = { timeout: 15_000 };

/** A debt of the merchant, as a reorg leaves it. */
async function owe(amount: bigint): Promise<void> {
  const { pool } = kit.database;
  await pool.query(
    `INSERT INTO ledger_account (id, mode, kind, asset, merchant_id)
     VALUES (gen_random_uuid(), 'LIVE', 'OWED', 'USDT', $1) ON CONFLICT DO NOTHING`,
    [rowIdOf(shop.merchantId)],
  );
  await pool.query(
    `WITH booked AS (
       INSERT INTO ledger_transaction (id, mode, source_type, source_id, kind, created_at)
       VALUES (gen_random_uuid(), 'LIVE', 'TEST', gen_random_uuid()::text, 'OWED', now()) RETURNING id
     )
     INSERT INTO posting (id, transaction_id, account_id, asset, amount)
     SELECT gen_random_uuid(), booked.id, a.id, 'USDT', CASE a.kind WHEN 'OWED' THEN -$2::numeric ELSE $2::numeric END
     FROM booked, ledger_account a
     WHERE a.asset = 'USDT' AND a.mode = 'LIVE'
       AND ((a.kind = 'OWED' AND a.merchant_id = $1) OR (a.kind = 'INCOMING' AND a.merchant_id IS NULL))`,
    [rowIdOf(shop.merchantId), amount],
  );
}

/** A rule of the shop's owner, as its maker left it. */
async function ownersRule(): Promise<AutoWithdrawal> {
  const { user_id: createdBy } = await sessionRow(kit.database.pool, shop.sessionToken);
  return {
    id: uuidSource.next(),
    merchantId: rowIdOf(shop.merchantId),
    asset: 'USDT',
    network: 'ETHEREUM',
    address: PAYEE,
    threshold: 1n,
    createdBy,
    failures: 0,
    waits: null,
  };
}

interface Tried {
  readonly amount: bigint;
  readonly made: bigint;
  readonly code: string | null;
}
const usdt = (decimal: string): bigint => BigInt(Math.round(Number(decimal) * 1_000_000));

describe('fifty at once over one balance', () => {
  test('payouts, batches, refunds and automatic withdrawals never take more than there is, less what is owed', async () => {
    const { pool } = kit.database;
    const invoiceId = await paidInvoice(shop.test, { amount: '1000' });
    await turnLive(pool, shop.merchantId, invoiceId);
    const { available } = await live();
    await bookAvailable(pool, shop.merchantId, 'USDT', 400_000_000n - available);
    await owe(100_000_000n);
    const before = await live();
    expect(before).toEqual({ available: 400_000_000n, held: 0n, owed: -100_000_000n });

    const rule = await ownersRule();
    const { payoutByRule } = kit.platform.gateway.background.useCases;
    const oneOf = (answer: Awaited<ReturnType<typeof tryPayout>>, amount: string): Tried[] =>
      answer.__typename === 'Payout'
        ? [{ amount: usdt(amount), made: usdt(answer.debited.amount), code: null }]
        : [{ amount: usdt(amount), made: 0n, code: 'code' in answer ? answer.code : 'NONE' }];
    const byPerson = async (amount: string) =>
      oneOf(await tryPayout(shop.owner, requestOf(shop.merchantId, { amount })), amount);
    const byKey = async (amount: string) =>
      oneOf(await tryPayout(shop.live, requestOf(null, { amount })), amount);
    const inBatch = async (amount: string): Promise<Tried[]> => {
      const row = { currency: 'USDT', amount, network: 'ETHEREUM', address: PAYEE } as const;
      const input = { merchantId: null, rows: [row, row, row], idempotencyKey: crypto.randomUUID() };
      return accepted(await batch(shop.live, input), 'PayoutBatchCreatePayload').rows.map(
        ({ payout, error }) => ({
          amount: usdt(amount),
          made: payout ? usdt(payout.debited.amount) : 0n,
          code: error?.code ?? null,
        }),
      );
    };
    const back = async (amount: string): Promise<Tried[]> => {
      const answer = await tryRefund(shop.live, { invoiceId, amount });
      if (answer.__typename === 'Refund')
        return [{ amount: usdt(amount), made: usdt(answer.debitAmount.amount), code: null }];
      return [{ amount: usdt(amount), made: 0n, code: 'code' in answer ? answer.code : 'NONE' }];
    };
    const byRule = async (amount: string): Promise<Tried[]> => {
      const asked = { available: usdt(amount), causeId: uuidSource.next() };
      const made = await payoutByRule(rule, asked);
      const code = made.kind === 'made' ? null : made.reason;
      return [{ amount: usdt(amount), made: made.kind === 'made' ? usdt(amount) : 0n, code }];
    };
    const kinds = [byPerson, byKey, inBatch, back, byRule];
    const tried = (
      await Promise.all(Array.from({ length: 50 }, (_, i) => (kinds[i % 5] ?? byKey)(String(7 + (i % 11)))))
    ).flat();

    const refused = tried.flatMap(({ code }) => code ?? []);
    expect(new Set(refused)).toEqual(new Set(['BALANCE_SHORT', 'OPEN_PAYOUT']));
    const after = await live();
    const left = tried.reduce((sum, { made }) => sum + made, 0n);
    expect(before.available - after.available).toBe(left);
    expect(after.owed).toBe(before.owed);
    const free = after.available + after.owed;
    expect(free).toBeGreaterThanOrEqual(0n);
    // Whatever was refused for the balance was more than there was; nothing was refused in vain.
    const short = tried.filter(({ code }) => code === 'BALANCE_SHORT').map(({ amount }) => amount);
    for (const amount of short) expect(free).toBeLessThan(amount + amount / 50n);
    expect(tried.filter(({ code }) => code === null).length).toBeGreaterThan(10);
    const { rows } = await pool.query<{ open: number }>(
      `SELECT count(*)::int AS open FROM payout WHERE origin = 'AUTO_WITHDRAWAL'`,
    );
    expect(rows[0]?.open).toBeLessThanOrEqual(1);
    await expectLedgerInBalance(pool);
  });

  test('a refund of one key is one, also for ten at once', async () => {
    const invoiceId = await paidInvoice(shop.test);
    const input = { invoiceId, amount: '3', idempotencyKey: 'order-7' };
    const before = await traces(kit.database.pool);
    const made = await Promise.all(Array.from({ length: 10 }, () => refund(shop.test, input)));
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    const after = await traces(kit.database.pool);
    expect(Number(after?.['refunds']) - Number(before?.['refunds'])).toBe(1);
    expect(Number(after?.['keys']) - Number(before?.['keys'])).toBe(1);
  });

  test('a payout ends once, by whoever is first', async () => {
    const before = await play();
    const made = await payout(shop.test, requestOf(null));
    const answers = await Promise.all([
      ...Array.from({ length: 4 }, () => simulateEnd(shop.test, made.id, 'FAILED')),
      ...Array.from({ length: 4 }, () => callOff(shop.test, made)),
    ]);
    expect(answers.filter(({ __typename }) => __typename === 'Payout')).toHaveLength(1);
    expect(await play()).toEqual(before);
    await expectLedgerInBalance(kit.database.pool);
  });
});

describe('a payment that the chain takes back', () => {
  /** As a watcher tells it. */
  async function reverse(invoiceId: string): Promise<void> {
    const { pool } = kit.database;
    const orphan = paymentOrphan(
      createInvoiceWriting({
        invoices: createInvoiceStore(pool, uuidSource),
        rates: createFixedRates(clock),
        ids: uuidSource,
        clock,
        feed: { poke: () => undefined },
        pause: jitteredPause,
      }),
    );
    const { rows } = await pool.query<{ id: string }>('SELECT id FROM payment WHERE invoice_id = $1', [
      rowIdOf(invoiceId),
    ]);
    for (const { id: paymentId } of rows) await orphan({ paymentId, blockHash: TEST_BLOCK });
  }

  async function prepared() {
    const email = `${crypto.randomUUID()}@reorg.example`;
    const before = await play();
    const invoiceId = await paidInvoice(shop.test, { customerEmail: email });
    const paid = (await play()).available - before.available;
    const { id } = await refund(shop.test, { invoiceId });
    const only = async () => (await refundsOf(shop.owner, invoiceId))[0];
    return { before, paid, invoiceId, id, only, link: await claimLink(kit, email) };
  }
  const worth = async () => {
    const { available, held, owed } = await play();
    return available + held + owed;
  };

  test('leaves the payer no claim on it: the refund fails, and the balance is what it was', async () => {
    const { before, invoiceId, only, link } = await prepared();
    await reverse(invoiceId);
    expect((await claim(link)).status).toBe(200);
    await expect
      .poll(only, soon)
      .toMatchObject({ status: 'FAILED', failure: 'PAYMENT_REVERSED', payout: null });
    expect(await worth()).toBe(before.available + before.held + before.owed);
    await expectLedgerInBalance(kit.database.pool);
  });

  test('is asked about again before the payout of its refund is signed', async () => {
    const { invoiceId, only, link } = await prepared();
    expect((await claim(link)).status).toBe(200);
    await expect.poll(async () => (await only())?.payout ?? null, soon).not.toBeNull();
    const { pool } = kit.database;
    const payoutOfIt = await createPayoutStore(pool, uuidSource).byId(
      rowIdOf((await only())?.payout?.id ?? ''),
    );
    if (!payoutOfIt) throw new Error('there is no payout');
    const stands = sourceStands({
      refunds: createRefundStore(pool, uuidSource),
      rebounds: createReboundStore(pool, uuidSource),
      invoices: createInvoiceStore(pool, uuidSource),
      deposits: createDepositStore(pool, uuidSource),
    });
    expect(await stands(payoutOfIt)).toBe(true);
    await reverse(invoiceId);
    expect(await stands(payoutOfIt)).toBe(false);
    expect(await stands({ ...payoutOfIt, origin: 'REQUEST', sourceId: null })).toBe(true);
  });

  test.each(['CONFIRMED', 'FAILED'] as const)(
    'while its refund is under way is the merchant’s loss once: the payout is %s',
    async (end) => {
      const { before, paid, invoiceId, only, link } = await prepared();
      expect((await claim(link)).status).toBe(200);
      await expect.poll(async () => (await only())?.payout ?? null, soon).not.toBeNull();
      await reverse(invoiceId);
      accepted(await simulateEnd(shop.test, (await only())?.payout?.id ?? '', end), 'Payout');
      await expect
        .poll(async () => (await only())?.status, soon)
        .toBe(end === 'CONFIRMED' ? 'SUCCEEDED' : 'FAILED');
      expect(await worth()).toBe(
        before.available + before.held + before.owed - (end === 'CONFIRMED' ? paid : 0n),
      );
      await expectLedgerInBalance(kit.database.pool);
    },
  );

  test.each(['CONFIRMED', 'FAILED'] as const)(
    'while its rebound is under way is the merchant’s loss once: the payout is %s',
    async (end) => {
      const { projectUpdate } = await shop.owner.send(operations.ProjectUpdateDocument, {
        input: { projectId: shop.projectId, defaults: { policies: { overpaid: 'REBOUND' } } },
      });
      accepted(projectUpdate, 'Project');
      const email = `${crypto.randomUUID()}@reorg.example`;
      const before = await worth();
      const { id } = await createInvoice(shop.test, { amount: '100', customerEmail: email });
      const quote = await createQuote(shop.test, id);
      await simulatePayment(shop.test, id, quote.id, String(Number(quote.amount.amount) + 20));
      const only = async () =>
        (await shop.owner.send(operations.ReboundListDocument, { projectId: shop.projectId, mode: 'TEST' }))
          .rebounds.edges[0]?.node;
      const link = await expect
        .poll(() => claimLink(kit, email).catch(() => null), soon)
        .not.toBeNull()
        .then(() => claimLink(kit, email));
      expect((await claim(link)).status).toBe(200);
      await expect.poll(only, soon).toMatchObject({ customerEmail: email, payout: { status: 'QUEUED' } });
      await reverse(id);
      accepted(await simulateEnd(shop.test, (await only())?.payout?.id ?? '', end), 'Payout');
      await expect
        .poll(async () => (await only())?.status, soon)
        .toBe(end === 'CONFIRMED' ? 'COMPLETED' : 'REJECTED');
      expect(await worth()).toBe(before - (end === 'CONFIRMED' ? 20_000_000n : 0n));
      await expectLedgerInBalance(kit.database.pool);
    },
  );
});
