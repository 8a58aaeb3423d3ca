import { beforeEach, describe, expect, test, vi } from 'vitest';
import { createAutoWithdrawalWork } from '../../../src/adapters/db/auto-withdrawal-work.ts';
import { createEventLog } from '../../../src/adapters/db/event-log.ts';
import { eventRows, insertEvents } from '../../../src/adapters/db/event-insert.ts';
import { createPayoutStore } from '../../../src/adapters/db/payout-store.ts';
import { uuidSource } from '../../../src/adapters/system/uuid-source.ts';
import { accepted } from '../../../src/demo/api-client.ts';
import type { DemoMerchant } from '../../../src/demo/merchant.ts';
import type { EventType } from '../../../src/domain/event/catalogue.ts';
import type { EventData } from '../../../src/domain/event/event.ts';
import * as operations from '../../../src/generated/documents.ts';
import { autoWithdrawalsFollow } from '../../../src/usecases/auto-withdrawal/auto-withdrawals-follow.ts';
import type { PayoutByRule, RulePayout } from '../../../src/usecases/payout/payout-by-rule.ts';
import { eventTypes, globalIdOf, rowCounts, rowIdOf } from '../../testkit/facts.ts';
import { createMovableClock } from '../../testkit/movable-clock.ts';
import { openShop } from '../../testkit/open-shop.ts';
import { usePlatform } from '../../testkit/platform.ts';
import { forgetPresence, sessionRow } from '../../testkit/sessions.ts';
import { bookAvailable, insertPayout } from './fiat-shop.ts';

type CreateInput = operations.AutoWithdrawalCreateMutationVariables['input'];

const SAFE = '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359';
const clock = createMovableClock();
// The test looks itself, in the worker's place.
const kit = usePlatform({
  env: { ROLES: 'api' },
  // As if the gateway had no settings of one network.
  overrides: { clock, canSend: (network) => network !== 'CRONOS' },
});
const counts = () => rowCounts(kit.database.pool, ['auto_withdrawal', 'event']);
const shops = { count: 0 };
let shop: DemoMerchant;
beforeEach(async () => {
  shop = await openNext();
});

/** A shop whose owner has an authenticator; its new LIVE key holds nothing back. */
async function openNext(): Promise<DemoMerchant> {
  const opened = await openShop(kit, `rule${(shops.count += 1)}@shop.example`, clock.now());
  const { user_id: userId } = await sessionRow(kit.database.pool, opened.sessionToken);
  await kit.database.pool.query(
    `INSERT INTO totp (user_id, sealed_secret, created_at, enabled_at) VALUES ($1, '\\x00', now(), now())`,
    [userId],
  );
  await kit.database.pool.query('UPDATE session SET second_factor_at = $1', [clock.now()]);
  return opened;
}

/** As if the hold of the shop's new LIVE key were over. */
const pastHold = () => {
  clock.advance({ hours: 25 });
  return kit.database.pool.query('UPDATE session SET active_at = $1, stepped_up_at = $1', [clock.now()]);
};

const tryCreate = async (input: Partial<CreateInput> = {}, by = shop) =>
  (
    await by.owner.send(operations.AutoWithdrawalCreateDocument, {
      input: {
        merchantId: shop.merchantId,
        asset: 'USDT',
        network: 'ETHEREUM',
        address: SAFE.toLowerCase(),
        threshold: '100',
        ...input,
      },
    })
  ).autoWithdrawalCreate;
const create = async (input: Partial<CreateInput> = {}) => accepted(await tryCreate(input), 'AutoWithdrawal');
const tryDisable = async (autoWithdrawalId: string, by = shop) =>
  (await by.owner.send(operations.AutoWithdrawalDisableDocument, { input: { autoWithdrawalId } }))
    .autoWithdrawalDisable;
const ruleOf = async (id: string) =>
  (
    await shop.owner.send(operations.PayoutRulesDocument, {})
  ).viewer.memberships[0]?.merchant.autoWithdrawals.edges
    .map(({ node }) => node)
    .find((node) => node.id === id);

describe('a rule', () => {
  test('is made once an asset, however many ask at once', async () => {
    await pastHold();
    const answers = await Promise.all(Array.from({ length: 10 }, () => tryCreate()));
    const made = answers.filter((answer) => answer.__typename === 'AutoWithdrawal');
    expect(made).toMatchObject([
      { asset: 'USDT', address: SAFE, threshold: { amount: '100.000000' }, failures: 0, disabledAt: null },
    ]);
    expect(answers.filter((answer) => 'code' in answer && answer.code === 'WRONG_STATE')).toHaveLength(9);
    await create({ asset: 'ETH', threshold: '0.5' });
  });

  test('asks for a second factor, presence, a way and an address that a payout could go to now', async () => {
    const before = await counts();
    // The shop's new LIVE key holds payouts back.
    expect(await tryCreate()).toMatchObject({ code: 'WRONG_STATE' });
    for (const [input, field] of [
      [{ address: `${SAFE.slice(0, -1)}8` }, 'address'],
      [{ network: 'BITCOIN' }, 'network'],
      [{ network: 'CRONOS', asset: 'USDC' }, 'network'],
      [{ threshold: '0' }, 'threshold'],
      [{ asset: 'ETH', threshold: '0.099999999999999999' }, 'threshold'],
      [{ threshold: '0.0000001' }, 'threshold'],
    ] as const)
      expect(await tryCreate(input)).toMatchObject({ code: 'INVALID_INPUT', path: ['input', field] });
    const stranger = await openNext();
    expect(await tryCreate({}, stranger)).toMatchObject({ code: 'NOT_FOUND' });
    await pastHold();
    await kit.database.pool.query('UPDATE session SET second_factor_at = NULL');
    expect(await tryCreate()).toMatchObject({ code: 'SECOND_FACTOR_REQUIRED' });
    await kit.database.pool.query('UPDATE session SET second_factor_at = $1', [clock.now()]);
    await kit.database.pool.query('UPDATE merchant SET whitelist_on = true');
    expect(await tryCreate()).toMatchObject({ code: 'WRONG_STATE', path: ['input', 'address'] });
    await forgetPresence(kit.database.pool);
    expect(await tryCreate()).toMatchObject({ code: 'STEP_UP_REQUIRED' });
    const after = await counts();
    expect(after['auto_withdrawal']).toBe(before['auto_withdrawal']);
    await kit.database.pool.query('UPDATE merchant SET whitelist_on = false');
  });

  test('is disabled by its members, once', async () => {
    await pastHold();
    const { id } = await create();
    const stranger = await openNext();
    expect(await tryDisable(id, stranger)).toMatchObject({ code: 'NOT_FOUND' });
    const nothing = globalIdOf('AutoWithdrawal', crypto.randomUUID());
    expect(await tryDisable(nothing)).toMatchObject({ code: 'NOT_FOUND' });
    const disabled = await Promise.all(Array.from({ length: 10 }, () => tryDisable(id)));
    expect(new Set(disabled.map((row) => accepted(row, 'AutoWithdrawal').disabledAt)).size).toBe(1);
    expect(await eventTypes(kit.database.pool, id)).toEqual([
      'auto_withdrawal.created',
      'auto_withdrawal.disabled',
    ]);
    expect((await create()).id).not.toBe(id);
  });
});

describe('what is credited', () => {
  /** What the payouts were asked for, and what is answered instead of making one. */
  const asked: { ruleId: string; debited: bigint }[] = [];
  let answer: RulePayout | Error | null = null;
  let rule: string;

  const payoutByRule: PayoutByRule = async (
    { id, merchantId, asset, network, address },
    { available: debited, causeId },
  ) => {
    asked.push({ ruleId: id, debited });
    if (answer instanceof Error) throw answer;
    if (answer) return answer;
    const payout = await insertPayout(kit.database.pool, {
      merchantId,
      currency: asset,
      debited,
      target: { kind: 'CRYPTO', network, address },
      origin: 'AUTO_WITHDRAWAL',
      sourceId: causeId,
    });
    return { kind: 'made', payoutId: payout.id };
  };

  /** The worker's look, on the tables; `broken` as if it died before it was done. */
  function follow(broken = false) {
    const { pool } = kit.database;
    const work = createAutoWithdrawalWork(pool);
    const dies = () => Promise.reject(new Error('the process dies here'));
    const log = createEventLog(pool);
    return autoWithdrawalsFollow({
      log,
      work: broken ? { ...work, advance: dies } : work,
      payouts: createPayoutStore(pool, uuidSource),
      payoutByRule,
      ids: uuidSource,
      clock,
      feed: { poke: () => undefined },
      logger: silent,
    });
  }
  const silent = {
    debug: () => undefined,
    info: () => undefined,
    warn: () => undefined,
    error: () => undefined,
  } as unknown as Parameters<typeof autoWithdrawalsFollow>[0]['logger'];

  /** Waits until all events can be read: transactions of any test on the server hold them back, under load for seconds. */
  const readable = () =>
    vi.waitUntil(
      async () => {
        const { pool } = kit.database;
        const cursor = await createAutoWithdrawalWork(pool).cursor();
        const { rows } = await pool.query<{ id: string }>(
          'SELECT id FROM event WHERE (txid, seq) > ($1, $2) ORDER BY txid DESC, seq DESC LIMIT 1',
          [cursor.txid, cursor.seq],
        );
        const { events } = await createEventLog(pool).tail(cursor, 500);
        return events.length === 500 || events.at(-1)?.id === rows[0]?.id;
      },
      { timeout: 20_000 },
    );

  async function followAll(): Promise<void> {
    await readable();
    while (await follow()(500)) await readable();
  }

  const tell = (type: EventType, data: EventData = {}, mode: 'TEST' | 'LIVE' = 'LIVE') =>
    kit.database.pool.query(insertEvents('$1'), [
      eventRows([
        {
          id: uuidSource.next(),
          type,
          mode,
          merchantId: rowIdOf(shop.merchantId),
          projectId: rowIdOf(shop.projectId),
          actor: { type: 'SYSTEM', id: null },
          subject: { type: 'INVOICE', id: uuidSource.next() },
          data,
          occurredAt: clock.now(),
        },
      ]),
    ]);

  async function credit(amount: bigint, mode: 'TEST' | 'LIVE' = 'LIVE'): Promise<void> {
    await bookAvailable(kit.database.pool, shop.merchantId, 'USDT', amount, mode);
    await tell('payment.credited', {}, mode);
  }

  const endPayouts = (status: 'CONFIRMED' | 'FAILED') =>
    kit.database.pool.query(
      `UPDATE payout SET status = $2::"PayoutStatus", ended_at = now() WHERE merchant_id = $1 AND status = 'QUEUED'`,
      [rowIdOf(shop.merchantId), status],
    );

  beforeEach(async () => {
    await pastHold();
    rule = (await create()).id;
    await followAll();
    asked.length = 0;
    answer = null;
  });

  test('is sent on as a whole when the balance reaches the threshold, and not before', async () => {
    await credit(99_999_999n);
    await followAll();
    expect(asked).toEqual([]);
    await credit(500_000_000n, 'TEST');
    await followAll();
    expect(asked).toEqual([]);
    await credit(1n);
    await followAll();
    expect(asked).toEqual([{ ruleId: rowIdOf(rule), debited: 100_000_000n }]);
    await followAll();
    expect(asked).toHaveLength(1);
  });

  test('waits while a payout of the rule is open, and follows when that has arrived', async () => {
    await credit(100_000_000n);
    await followAll();
    await credit(200_000_000n);
    await followAll();
    expect(asked).toHaveLength(1);
    await endPayouts('CONFIRMED');
    await tell('payout.confirmed', { origin: 'AUTO_WITHDRAWAL', currency: 'USDT' });
    await followAll();
    expect(asked.map(({ debited }) => debited)).toEqual([100_000_000n, 200_000_000n]);
  });

  test('is sent on once, though the worker dies half-way or two work at once', async () => {
    await credit(100_000_000n);
    await readable();
    await expect(follow(true)(500)).rejects.toThrow('dies');
    expect(asked).toHaveLength(1);
    // It has arrived, and more has come in: the same event leads to no second payout.
    await endPayouts('CONFIRMED');
    await bookAvailable(kit.database.pool, shop.merchantId, 'USDT', 100_000_000n);
    await Promise.all(Array.from({ length: 10 }, () => follow()(500)));
    await followAll();
    expect(asked).toHaveLength(1);
    const { rows } = await kit.database.pool.query('SELECT id FROM payout WHERE merchant_id = $1', [
      rowIdOf(shop.merchantId),
    ]);
    expect(rows).toHaveLength(1);
  });

  test('stays after five refusals in a row, and members are told once', async () => {
    await credit(100_000_000n);
    const refused = { kind: 'refused', reason: 'ADDRESS_NOT_LISTED' } as const;
    for (answer of [
      refused,
      new Error('broken'),
      refused,
      { kind: 'waits', reason: 'OPEN_PAYOUT', passesWithTime: false } as const,
      refused,
    ]) {
      await tell('deposit.credited');
      await followAll();
    }
    expect(await ruleOf(rule)).toMatchObject({ failures: 4, disabledReason: null });
    answer = refused;
    await tell('deposit.credited');
    // A look that dies counts nothing.
    await readable();
    await expect(follow(true)(500)).rejects.toThrow('dies');
    await Promise.all(Array.from({ length: 10 }, () => follow()(500)));
    await followAll();
    expect(await ruleOf(rule)).toMatchObject({ failures: 5, disabledReason: 'FAILING' });
    const { rows } = await kit.database.pool.query(
      `SELECT data FROM event WHERE subject_id = $1 AND type = 'auto_withdrawal.disabled'`,
      [rowIdOf(rule)],
    );
    expect(rows).toMatchObject([
      { data: { reason: 'FAILING', failure: 'ADDRESS_NOT_LISTED', asset: 'USDT' } },
    ]);
    asked.length = 0;
    answer = null;
    await credit(1n);
    await followAll();
    expect(asked).toEqual([]);
  });

  test('is looked at again each hour while only time keeps it back, whatever comes in', async () => {
    answer = { kind: 'waits', reason: 'HELD', passesWithTime: true };
    await credit(100_000_000n);
    await followAll();
    const waiting = await ruleOf(rule);
    expect(waiting).toMatchObject({ failures: 0, waitsFor: 'HELD' });
    const lookAt = new Date(waiting?.lookAt ?? 0).getTime();
    expect(lookAt).toBeGreaterThan(clock.now().getTime());
    expect(lookAt).toBeLessThanOrEqual(clock.now().getTime() + 3_600_000);
    await followAll();
    expect(asked).toHaveLength(1);
    clock.advance({ seconds: 3_660 });
    await expect(follow(true)(500)).rejects.toThrow('dies');
    await follow()(500);
    expect(asked).toHaveLength(3);
    await follow()(500);
    expect(asked).toHaveLength(3);
    answer = null;
    clock.advance({ seconds: 3_660 });
    await Promise.all(Array.from({ length: 10 }, () => follow()(500)));
    expect(await ruleOf(rule)).toMatchObject({ waitsFor: null, lookAt: null });
    const { rows } = await kit.database.pool.query('SELECT id FROM payout WHERE merchant_id = $1', [
      rowIdOf(shop.merchantId),
    ]);
    expect(rows).toHaveLength(1);
  });

  test('that fails on the chain counts until one arrives', async () => {
    const failed = { origin: 'AUTO_WITHDRAWAL', currency: 'USDT' };
    for (let i = 0; i < 4; i += 1) await tell('payout.failed', failed);
    await tell('payout.failed', { ...failed, origin: 'REQUEST' });
    await tell('payout.failed', { ...failed, currency: 'ETH' });
    await followAll();
    expect(await ruleOf(rule)).toMatchObject({ failures: 4 });
    await tell('payout.confirmed', failed);
    await followAll();
    expect(await ruleOf(rule)).toMatchObject({ failures: 0 });
    expect(asked).toEqual([]);
  });

  test('never leaves by two open payouts of one rule, whoever asks', async () => {
    await bookAvailable(kit.database.pool, shop.merchantId, 'USDT', 1_000_000_000n);
    const pay = () =>
      insertPayout(kit.database.pool, {
        merchantId: rowIdOf(shop.merchantId),
        currency: 'USDT',
        debited: 1_000_000n,
        target: { kind: 'CRYPTO', network: 'ETHEREUM', address: SAFE },
        origin: 'AUTO_WITHDRAWAL',
      });
    const made = await Promise.allSettled(Array.from({ length: 10 }, pay));
    expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});
