import { beforeEach, describe, expect, test } from 'vitest';
import { createRefundCourseReads } from '../../../src/adapters/db/refund-course-reads.ts';
import { accepted } from '../../../src/demo/api-client.ts';
import type { DemoMerchant } from '../../../src/demo/merchant.ts';
import * as operations from '../../../src/generated/documents.ts';
import { doLeftBehind, followRefunds, type RefundCourseDeps } from '../../../src/workers/refund-course.ts';
import type { Event } from '../../../src/domain/event/event.ts';
import { expectLedgerInBalance } from '../../fault/ledger-checks.ts';
import { rowIdOf } from '../../testkit/facts.ts';
import { createMovableClock } from '../../testkit/movable-clock.ts';
import { openShop } from '../../testkit/open-shop.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { createInvoice, createQuote, simulatePayment } from '../../testkit/shop.ts';
import { forgetAttempts } from '../../testkit/team.ts';
import { usdtOf } from '../payout/payout-shop.ts';
import { paidInvoice, refund, refundsOf, claimed } from './refund-shop.ts';
import { reorgOf } from './reorg.ts';

const clock = createMovableClock();
const kit = usePlatform({ overrides: { clock } });

let merchant: DemoMerchant;
let payer: string;
let merchants = 0;
beforeEach(async () => {
  merchants += 1;
  payer = `payer${merchants}@course.example`;
  merchant = await openShop(kit, `ada${merchants}@course.example`, clock.now());
  await forgetAttempts(kit);
});

const of = async (invoiceId: string, id: string) =>
  (await refundsOf(merchant.owner, invoiceId)).find((each) => each.id === id);
const usdt = () => usdtOf(kit.database.pool, merchant.merchantId, 'TEST');

/** Steps that note what they are asked for; the reads are those of the database. */
function course(more: Partial<RefundCourseDeps> = {}) {
  const done: string[] = [];
  const step = (name: string) => async (id: string) => void done.push(`${name} ${id}`);
  const deps: RefundCourseDeps = {
    reboundFollow: step('follow'),
    refundCarryOut: step('carry out'),
    reboundCarryOut: step('carry out'),
    refundEnd: async (id, { status }) => void done.push(`end ${id} ${status}`),
    reboundEnd: async (id, { status }) => void done.push(`end ${id} ${status}`),
    reads: createRefundCourseReads(kit.database.pool),
    claimsExpire: async () => undefined,
    setAside: async ({ type }, tries) => void done.push(`set aside ${type} ${tries}`),
    log: { tail: async () => ({ events: [], heldBack: false }) },
    cursor: { read: async () => ({ txid: 0n, seq: 0n }), move: async () => true },
    logger: { error: () => undefined, warn: () => undefined, info: () => undefined },
    ...more,
  };
  return { deps, done };
}

async function claimedRefund() {
  const invoiceId = await paidInvoice(merchant.test, { customerEmail: payer });
  const { id } = await refund(merchant.owner, { invoiceId, amount: '50' });
  await claimed(kit, payer);
  await expect.poll(async () => (await of(invoiceId, id))?.payout, { timeout: 10_000 }).not.toBeNull();
  return { invoiceId, id };
}

const rebound = async () => {
  const { projectId } = merchant;
  const list = await merchant.owner.send(operations.ReboundListDocument, { projectId, mode: 'TEST' });
  return list.rebounds.edges[0]?.node;
};

/** Of an overpaid invoice, whose payer has said where it is to go. */
async function claimedRebound(): Promise<string> {
  const { projectUpdate } = await merchant.owner.send(operations.ProjectUpdateDocument, {
    input: { projectId: merchant.projectId, defaults: { policies: { overpaid: 'REBOUND' } } },
  });
  accepted(projectUpdate, 'Project');
  const inbox = `over.${payer}`;
  const { id } = await createInvoice(merchant.test, { amount: '100', customerEmail: inbox });
  const quote = await createQuote(merchant.test, id);
  await simulatePayment(merchant.test, id, quote.id, String(Number(quote.amount.amount) + 20));
  await expect.poll(rebound, { timeout: 10_000 }).toMatchObject({ status: 'PENDING' });
  await claimed(kit, inbox);
  await expect.poll(rebound, { timeout: 10_000 }).toMatchObject({ payout: { status: 'QUEUED' } });
  return (await rebound())?.id ?? '';
}

describe('what was set aside', () => {
  test('is found while its payout is missing, and when that has ended', async () => {
    const { id } = await claimedRefund();
    const { pool } = kit.database;
    const { deps, done } = course();
    await doLeftBehind(deps);
    expect(done).not.toContainEqual(expect.stringContaining(rowIdOf(id)));
    await pool.query('UPDATE payout SET source_id = gen_random_uuid() WHERE source_id = $1', [rowIdOf(id)]);
    await doLeftBehind(deps);
    expect(done).toContain(`carry out ${rowIdOf(id)}`);
  });

  test.each(['FAILED', 'CANCELLED', 'REJECTED'] as const)(
    'is ended as its payout ended unnoticed: %s',
    async (status) => {
      const { invoiceId, id } = await claimedRefund();
      const reboundId = await claimedRebound();
      const { pool } = kit.database;
      const before = await usdt();
      // As if the events had been set aside: nothing tells of it.
      for (const sourceId of [id, reboundId])
        await pool.query(
          'UPDATE payout SET status = $2::"PayoutStatus", ended_at = now() WHERE source_id = $1',
          [rowIdOf(sourceId), status],
        );
      const { deps, done } = course();
      await doLeftBehind(deps);
      for (const sourceId of [id, reboundId]) expect(done).toContain(`end ${rowIdOf(sourceId)} ${status}`);

      const { refundSteps } = kit.platform.gateway.background.useCases;
      await doLeftBehind({ ...deps, ...refundSteps });
      expect(await of(invoiceId, id)).toMatchObject({
        status: status === 'CANCELLED' ? 'CANCELLED' : 'FAILED',
      });
      expect(await rebound()).toMatchObject({ status: 'REJECTED', payment: { decision: 'NONE' } });
      const after = await usdt();
      expect(after.available).toBeGreaterThan(before.available);
      done.splice(0);
      await doLeftBehind(deps);
      for (const sourceId of [id, reboundId])
        expect(done).not.toContainEqual(expect.stringContaining(rowIdOf(sourceId)));
      await expectLedgerInBalance(pool);
    },
  );

  test('is a poison event after some tries, and what comes behind it is done', async () => {
    const event = (data: object, seq: bigint): Event => ({
      id: crypto.randomUUID(),
      type: 'payment.reversed',
      subject: { type: 'INVOICE', id: crypto.randomUUID() },
      version: 1,
      data: data as Event['data'],
      actor: { type: 'SYSTEM', id: null },
      merchantId: null,
      projectId: null,
      mode: null,
      occurredAt: clock.now(),
      position: { txid: 1n, seq },
    });
    const all = [event({}, 1n), event({ paymentId: 'sound' }, 2n), event({ paymentId: 7 }, 3n)];
    let at = { txid: 0n, seq: 0n };
    const { deps, done } = course({
      log: {
        tail: async ({ seq }) => ({
          events: all.filter(({ position }) => position.seq > seq),
          heldBack: false,
        }),
      },
      cursor: { read: async () => at, move: async (_from, to) => ((at = to), true) },
    });
    const tries = new Map<string, number>();
    for (let i = 0; i < 20; i += 1) await followRefunds(deps, tries);
    expect(done).toEqual(['set aside payment.reversed 20', 'follow sound']);
    for (let i = 0; i < 20; i += 1) await followRefunds(deps, tries);
    expect(done.slice(2)).toEqual(['set aside payment.reversed 20']);
    expect(at.seq).toBe(3n);
    expect(tries.size).toBe(0);
  });

  test('keeps nothing else back, and operators hear of it once', async () => {
    const { id } = await claimedRefund();
    await kit.database.pool.query('DELETE FROM payout WHERE source_id = $1', [rowIdOf(id)]);
    const fails = async () => {
      throw new Error('no');
    };
    const { rows } = await kit.database.pool.query<{ type: 'refund.claimed'; subject_id: string }>(
      `SELECT type, subject_id FROM event WHERE type = 'refund.claimed' AND subject_id = $1`,
      [rowIdOf(id)],
    );
    const event = {
      id: crypto.randomUUID(),
      type: rows[0]?.type ?? 'refund.claimed',
      subject: { type: 'REFUND', id: rowIdOf(id) },
      version: 1,
      data: {},
      actor: { type: 'SYSTEM', id: null },
      merchantId: null,
      projectId: null,
      mode: null,
      occurredAt: clock.now(),
      position: { txid: 1n, seq: 1n },
    } as const;
    const { deps, done } = course({
      refundCarryOut: fails,
      log: { tail: async () => ({ events: [event], heldBack: false }) },
    });
    const tries = new Map<string, number>();
    for (let i = 0; i < 20; i += 1) await followRefunds(deps, tries);
    expect(done).toEqual(['set aside refund.claimed 20']);
    await expect(doLeftBehind(deps)).resolves.toBeUndefined();
  });
});

test('what a refund gives back pays first what its merchant owes', async () => {
  const first = await paidInvoice(merchant.test);
  const second = await paidInvoice(merchant.test);
  const { id } = await refund(merchant.owner, { invoiceId: second });
  const { invoice } = await merchant.owner.send(operations.InvoiceDocument, { id: first });
  const payment = invoice?.payments[0];
  if (!payment) throw new Error('there is no payment');
  expect(await usdt()).toEqual({ available: 100_000_000n, held: 100_000_000n, owed: 0n });
  await refund(merchant.owner, { invoiceId: first, amount: '60' });
  await reorgOf(kit.database.pool, payment).takenBack();
  expect(await usdt()).toMatchObject({ available: 0n, owed: -60_000_000n });
  const { refundCancel } = await merchant.owner.send(operations.RefundCancelDocument, {
    input: { refundId: id },
  });
  accepted(refundCancel, 'Refund');
  expect(await usdt()).toMatchObject({ available: 40_000_000n, owed: 0n });
  await expectLedgerInBalance(kit.database.pool);
});
